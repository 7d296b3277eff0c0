package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"thorpe/shares/accountkeys"
	"thorpe/shares/sealed"
)

// OwnLink is one of the account's links, as the server lists it, and its note.
type OwnLink struct {
	ID sealed.ID
	// Note is what only the owner can read. It is nil where the server's does not open.
	Note *accountkeys.Note
	// Version counts the changes of manifest and note.
	Version      int64
	Created      time.Time
	Expires      time.Time // zero: never
	MaxVisits    int64     // 0: no limit
	Visits       int64
	Size         int64 // of the sealed content
	ManifestSize int64
	LastOpened   time.Time // to the minute; zero: never
	// State is "open", "expired", "used_up", "paused" or "removed".
	State string
	// Message is what the operator said who took it down, without control characters.
	Message string
}

// linkRow is a row of GET /api/links.
type linkRow struct {
	ID           binary     `json:"id"`
	Note         binary     `json:"note"`
	Version      int64      `json:"version"`
	Created      time.Time  `json:"created"`
	Expires      *time.Time `json:"expires"`
	MaxVisits    *int64     `json:"max_visits"`
	Visits       int64      `json:"visits"`
	Size         int64      `json:"size"`
	ManifestSize int64      `json:"manifest_size"`
	LastOpened   *time.Time `json:"last_opened"`
	State        string     `json:"state"`
	Message      string     `json:"message"`
}

// maxLinkList bounds the list: 10,000 links, each with a note of 16 KiB.
const maxLinkList = 256 << 20

// Links lists the account's links, newest first, and opens their notes.
func (c *Client) Links(ctx context.Context) (links []OwnLink, err error) {
	err = c.Retries.few().again(ctx, func() error {
		links, err = c.readLinks(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing the links: %w", err)
	}
	return links, nil
}

func (c *Client) readLinks(ctx context.Context) ([]OwnLink, error) {
	ctx, w := newWatch(ctx, c.Retries.Stall)
	defer w.end()
	r, err := c.asOwner(ctx, http.MethodGet, "/api/links", nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(&watchedBody{ctx: ctx, body: answer.Body, watch: w}, maxLinkList))
	if err != nil {
		return nil, err
	}
	var listed struct{ Links []linkRow }
	if json.Unmarshal(text, &listed) != nil {
		return nil, errNotThorpe
	}
	links := make([]OwnLink, len(listed.Links))
	for i, row := range listed.Links {
		if links[i], err = c.ownLink(&row); err != nil {
			return nil, err
		}
	}
	return links, nil
}

// ownLink opens the note of a row.
func (c *Client) ownLink(row *linkRow) (OwnLink, error) {
	if len(row.ID) != sealed.IDSize {
		return OwnLink{}, errNotThorpe
	}
	link := OwnLink{
		ID: sealed.ID(row.ID), Version: row.Version, Created: row.Created, Visits: row.Visits, Size: row.Size, ManifestSize: row.ManifestSize,
		State: printable(row.State), Message: printable(row.Message),
	}
	if row.Expires != nil {
		link.Expires = *row.Expires
	}
	if row.MaxVisits != nil {
		link.MaxVisits = *row.MaxVisits
	}
	if row.LastOpened != nil {
		link.LastOpened = *row.LastOpened
	}
	if note, err := accountkeys.OpenNote(c.Session.AccountKey, c.Session.Account, link.ID, row.Note); err == nil {
		link.Note = &note
	}
	return link, nil
}

// Terms are what of a link can be changed without sealing anything. What is nil stays as it is.
type Terms struct {
	Expires   *time.Time // zero: never
	MaxVisits *int64     // 0: no limit
	Paused    *bool
}

// ChangeTerms changes a link. It refuses, besides others, with the codes "limit_passed" and "link_removed".
func (c *Client) ChangeTerms(ctx context.Context, id sealed.ID, terms Terms) error {
	change := map[string]any{}
	if terms.Expires != nil {
		change["expires"] = stampOrNull(*terms.Expires)
	}
	if terms.MaxVisits != nil {
		change["max_visits"] = limitOrNull(*terms.MaxVisits)
	}
	if terms.Paused != nil {
		change["paused"] = *terms.Paused
	}
	err := c.Retries.few().again(ctx, func() error {
		r, err := c.asOwner(ctx, http.MethodPatch, "/api/links/"+id.String(), nil)
		if err != nil {
			return err
		}
		_, err = c.call(r, change, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("changing the link: %w", err)
	}
	return nil
}

// stampOrNull is a time in JSON; null is never.
func stampOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Truncate(time.Second))
}

// limitOrNull is a limit in JSON; null is none.
func limitOrNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// DeleteLink deletes a link and what it holds.
func (c *Client) DeleteLink(ctx context.Context, id sealed.ID) error {
	lost := false
	err := c.Retries.few().again(ctx, func() error {
		r, err := c.asOwner(ctx, http.MethodDelete, "/api/links/"+id.String(), nil)
		if err != nil {
			return err
		}
		_, err = c.call(r, nil, nil)
		if lost && HasCode(err, "not_found") {
			return nil // it was us
		}
		lost = lost || err != nil
		return err
	})
	if err != nil {
		return fmt.Errorf("deleting the link: %w", err)
	}
	return nil
}

// OwnManifest fetches and opens the manifest of a link of the account's own, also of one that has expired, is used up or
// paused. It counts nothing.
func (c *Client) OwnManifest(ctx context.Context, keys *sealed.Keys) (*sealed.Manifest, error) {
	return c.openManifest(ctx, keys, func(ctx context.Context) (*http.Request, error) {
		return c.asOwner(ctx, http.MethodGet, "/api/links/"+keys.ID.String()+"/own-manifest", nil)
	})
}

// Reseal puts another sealed manifest and note in place of a link's that was read with this version. The keys are those of
// the new password. It refuses with the code "link_changed" where another device was first.
func (c *Client) Reseal(ctx context.Context, keys *sealed.Keys, version int64, manifest, note []byte) error {
	hash := keys.TokenHash()
	err := c.sendLink(ctx, http.MethodPut, "/api/links/"+keys.ID.String()+"/manifest", manifest, func() any {
		return struct {
			Version   int64  `json:"version"`
			TokenHash binary `json:"token_hash"`
			Note      binary `json:"note"`
		}{version, hash[:], note}
	})
	if err != nil {
		return fmt.Errorf("changing the link: %w", err)
	}
	return nil
}

// Renew makes a new link of the content of an old one, which was read with this version and ends with it. Its Upload is not
// looked at.
func (c *Client) Renew(ctx context.Context, old sealed.ID, version int64, link NewLink) error {
	err := c.sendLink(ctx, http.MethodPost, "/api/links/"+old.String()+"/renewal", link.Manifest, func() any {
		return struct {
			newLinkJSON
			Version int64 `json:"version"`
		}{link.describe(time.Now()), version}
	})
	if err != nil {
		return fmt.Errorf("making a new link: %w", err)
	}
	return nil
}

// sendLink sends a form of two parts: what describe says, anew at each attempt, and a sealed manifest. If the answer to an
// earlier attempt was lost, "id_taken" says that the server took it: the id is 128 random bits.
func (c *Client) sendLink(ctx context.Context, method, path string, manifest []byte, describe func() any) error {
	lost := false
	return c.Retries.again(ctx, func() error {
		body, contentType, err := linkForm(describe(), manifest)
		if err != nil {
			return err
		}
		r, err := c.asOwner(ctx, method, path, bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", contentType)
		_, err = c.call(r, nil, nil)
		if lost && HasCode(err, "id_taken") {
			return nil
		}
		lost = lost || err != nil
		return err
	})
}
