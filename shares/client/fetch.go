package client

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"

	"thorpe/shares/sealed"
)

// Ticket is one visit of a link. Asked for again it counts once.
type Ticket [32]byte

// NewTicket makes one.
func NewTicket() Ticket {
	var t Ticket
	rand.Read(t[:]) // never fails
	return t
}

func (t Ticket) header() string { return base64.RawURLEncoding.EncodeToString(t[:]) }

// String hides the ticket from logs and errors.
func (t Ticket) String() string { return "(ticket)" }

// GoString hides it too.
func (t Ticket) GoString() string { return "(ticket)" }

// asHolder is a request for a link with its access token, and nothing else that says who asks.
func (c *Client) asHolder(ctx context.Context, method string, keys *sealed.Keys, what string) (*http.Request, error) {
	r, err := c.request(ctx, method, "/api/links/"+keys.ID.String()+"/"+what, nil)
	if err == nil {
		r.Header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(keys.Token[:]))
	}
	return r, err
}

// Manifest fetches and opens a link's manifest. It counts no visit. It fails with the server's refusals (codes
// "not_found", "gone", "wrong_token", "slow_down") or as sealed.ReadManifest does.
func (c *Client) Manifest(ctx context.Context, keys *sealed.Keys) (*sealed.Manifest, error) {
	return c.manifest(ctx, keys, "")
}

// ManifestAgain is as Manifest, for who has a ticket: it opens the manifest also where the link has expired or has had
// all its visits since.
func (c *Client) ManifestAgain(ctx context.Context, keys *sealed.Keys, ticket Ticket) (*sealed.Manifest, error) {
	return c.manifest(ctx, keys, ticket.header())
}

func (c *Client) manifest(ctx context.Context, keys *sealed.Keys, ticket string) (*sealed.Manifest, error) {
	return c.openManifest(ctx, keys, func(ctx context.Context) (*http.Request, error) {
		r, err := c.asHolder(ctx, http.MethodGet, keys, "manifest")
		if err == nil && ticket != "" {
			r.Header.Set("Thorpe-Ticket", ticket)
		}
		return r, err
	})
}

// openManifest opens the sealed manifest that a request, made anew at each attempt, is answered with.
func (c *Client) openManifest(ctx context.Context, keys *sealed.Keys, request func(context.Context) (*http.Request, error)) (m *sealed.Manifest, err error) {
	err = c.Retries.few().again(ctx, func() error {
		requestCtx, w := newWatch(ctx, c.Retries.Stall)
		defer w.end()
		r, err := request(requestCtx)
		if err != nil {
			return err
		}
		answer, err := c.do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		m, err = sealed.ReadManifest(keys, &watchedBody{ctx: requestCtx, body: answer.Body, watch: w})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("opening the link: %w", err)
	}
	return m, nil
}

// Ticket asks for a visit. The same ticket opens the content for 7 days.
func (c *Client) Ticket(ctx context.Context, keys *sealed.Keys, ticket Ticket) error {
	err := c.Retries.again(ctx, func() error {
		r, err := c.asHolder(ctx, http.MethodPost, keys, "downloads")
		if err != nil {
			return err
		}
		_, err = c.call(r, map[string]any{"ticket": binary(ticket[:])}, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("starting the download: %w", err)
	}
	return nil
}

// watchedBody is the body of an answer: a read that takes too long, or fails, is a broken connection.
type watchedBody struct {
	ctx   context.Context
	body  io.Reader
	watch *watch
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.watch.start()
	n, err := b.body.Read(p)
	b.watch.stop()
	if err == nil || err == io.EOF {
		return n, err
	}
	if cause := context.Cause(b.ctx); cause != nil {
		if _, stalled := errors.AsType[*connectionError](cause); !stalled {
			return n, cause
		}
	}
	return n, &connectionError{err}
}
