// Package client speaks a server's API, as docs/api.md has it, for the commands login, send, get and links: it
// signs in, uploads sealed contents and publishes links, lists and changes them, and fetches what a link holds.
//
// Start with New. To send: SignIn (or a Session kept from before), Upload, Publish. To get: Manifest, Ticket, Content.
//
// What it promises: a connection that breaks is taken up again where it broke; a chunk that must be sent again is
// sealed again under a new nonce, and only if its source is unchanged; redirects are refused; neither an access token,
// a session nor an auth key stands in an error. It keeps no file: memory is a few chunks, whatever the size.
package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"thorpe/shares/sealed"
)

// Client speaks to one server. Its methods may be called from several goroutines; its fields are set before.
type Client struct {
	// Session opens what is not for anyone: uploads and links. Nil is nobody.
	Session *Session
	// Retries says how to go on after a failure that may pass.
	Retries Retries

	server string
	http   *http.Client
}

// New is a client of the server at this address, as ParseServer gives it.
func New(server string) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // ciphertext: lengths and ranges must be its own
	transport.ResponseHeaderTimeout = 2 * time.Minute
	return &Client{
		// In all more than the five minutes that a server may take to start anew, as in the pages.
		Retries: Retries{First: 500 * time.Millisecond, Longest: 20 * time.Second, Attempts: 20, Stall: time.Minute},
		server:  server,
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Server is the server's address, such as "https://example.org" or "https://example.org/cloud".
func (c *Client) Server() string { return c.server }

// Close ends connections that are kept open for a next request.
func (c *Client) Close() { c.http.CloseIdleConnections() }

var errNoAddress = errors.New("this is no server's address: it should look like https://example.org")

// ParseServer reads the address of a server as people write it: with or without "https://", with or without a slash at
// its end, with the path below which the server lives on its host, if it does.
func ParseServer(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errNoAddress
	}
	base := strings.TrimSuffix(u.EscapedPath(), "/")
	if !sealed.IsBasePath(base) {
		return "", errNoAddress
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + base, nil
}

// Error is a server's refusal.
type Error struct {
	Status int
	// Code is for programs: "not_found", "wrong_token" and so on; empty if the server gave none.
	Code string
	// Reason is why a link is gone: "expired", "used_up", "paused" or "removed".
	Reason string
	// Message is one sentence of the server's, without control characters.
	Message string
	// RetryAfter is how long to wait, if the server says so.
	RetryAfter time.Duration
}

// reasons are why a link is gone, for people.
var reasons = map[string]string{
	"expired": "this link has expired",
	"used_up": "this link has had all its visits",
	"paused":  "this link is paused",
	"removed": "this link was removed",
}

// Error is one sentence: ours where a link is gone, else the server's.
func (e *Error) Error() string {
	if sentence := reasons[e.Reason]; e.Code == "gone" && sentence != "" {
		if e.Message != "" {
			sentence += "; the server says: " + e.Message
		}
		return sentence
	}
	if e.Message != "" {
		return "the server says: " + e.Message
	}
	return fmt.Sprintf("what answers at this address, with %d %s, is no Thorpe server: is the address the one in the browser, up to where its pages begin?", e.Status, http.StatusText(e.Status))
}

// HasCode tells whether err is a server's refusal with this code.
func HasCode(err error, code string) bool {
	refused, ok := errors.AsType[*Error](err)
	return ok && refused.Code == code
}

// Unreachable tells whether err is the way's or the server's own: no connection, no Thorpe server at its end, or one that
// is busy or broken. What was asked for may be right, and work later.
func Unreachable(err error) bool {
	if refused, ok := errors.AsType[*Error](err); ok {
		return mayPass(err) || refused.Code == "" && refused.Status >= http.StatusInternalServerError
	}
	_, broken := errors.AsType[*connectionError](err)
	return broken || errors.Is(err, errNotThorpe) || errors.Is(err, errRedirect)
}

// errRedirect: a link is opened where it says, or not at all.
var errRedirect = errors.New("the server sends this request elsewhere, which is refused")

// connectionError is a failure on the way, which may pass.
type connectionError struct{ err error }

func (e *connectionError) Error() string { return "the connection broke: " + e.err.Error() }
func (e *connectionError) Unwrap() error { return e.err }

// request makes a request to a path of this server. A session, if it is to be used, goes with it.
func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.server+path, body)
	if err != nil {
		return nil, errors.New("making a request: the server's address is wrong")
	}
	r.Header.Set("User-Agent", "thorpe")
	return r, nil
}

// asOwner is a request with the session.
func (c *Client) asOwner(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	if c.Session == nil {
		return nil, ErrNotSignedIn
	}
	r, err := c.request(ctx, method, path, body)
	if err == nil {
		r.AddCookie(&http.Cookie{Name: c.Session.CookieName, Value: c.Session.Cookie})
	}
	return r, err
}

// do sends a request. A status of 300 or above is an error, and so is a body then; otherwise the caller closes it.
func (c *Client) do(r *http.Request) (*http.Response, error) {
	answer, err := c.http.Do(r)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // without the address
		}
		if r.Context().Err() != nil {
			return nil, context.Cause(r.Context())
		}
		if errors.Is(err, http.ErrSchemeMismatch) {
			err = errors.New("the server at this address speaks http, without TLS: its address begins with http://")
		}
		return nil, &connectionError{err}
	}
	switch {
	case answer.StatusCode < 300:
		return answer, nil
	case answer.StatusCode < 400:
		answer.Body.Close()
		return nil, errRedirect
	}
	defer answer.Body.Close()
	refused := &Error{Status: answer.StatusCode}
	var told struct{ Code, Message, Reason string }
	if text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10)); err == nil && json.Unmarshal(text, &told) == nil {
		refused.Code, refused.Reason, refused.Message = told.Code, told.Reason, printable(told.Message)
	}
	if seconds, err := strconv.ParseInt(answer.Header.Get("Retry-After"), 10, 32); err == nil && seconds > 0 {
		refused.RetryAfter = time.Duration(seconds) * time.Second
	}
	return nil, refused
}

// printable keeps a terminal safe from a server's text.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > 500 {
		text = string(runes[:500])
	}
	return text
}

// call sends JSON, or nothing if question is nil, and reads JSON, or nothing if answer is nil.
func (c *Client) call(r *http.Request, question, answer any) (*http.Response, error) {
	if question != nil {
		text, err := json.Marshal(question)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/json")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	}
	got, err := c.do(r)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, 16<<20))
	if err != nil {
		return nil, &connectionError{err}
	}
	if answer != nil && json.Unmarshal(text, answer) != nil {
		return nil, errNotThorpe
	}
	return got, nil
}

var errNotThorpe = errors.New("the server answers otherwise than a Thorpe server does")

// binary is bytes that stand in JSON as base64url.
type binary []byte

func (b binary) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(b)), nil
}

func (b *binary) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.Strict().DecodeString(string(text))
	return err
}
