package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"thorpe/shares/sealed"
)

// Content streams a link's sealed content from its start, for sealed.NewReader; size is how long it should be
// (sealed.SealedLength). Where the connection breaks it goes on from there by a range, as long as the server's ETag is
// the same. It ends with io.EOF where the server's content ends, be that right or not. The caller closes it.
func (c *Client) Content(ctx context.Context, keys *sealed.Keys, ticket Ticket, size int64) io.ReadCloser {
	return c.ContentRange(ctx, keys, ticket, size, 0, size)
}

// ContentRange is as Content, for the bytes from first up to but without end, as sealed.SealedRange gives them. It goes
// on past size, if that is end, so that a content that is too long shows itself.
func (c *Client) ContentRange(ctx context.Context, keys *sealed.Keys, ticket Ticket, size, first, end int64) io.ReadCloser {
	return &contentReader{ctx: ctx, c: c, keys: keys, ticket: ticket, size: size, first: first, end: end, offset: first, patience: c.Retries.patience()}
}

// ErrContentChanged: the content of a published link never changes.
var ErrContentChanged = errors.New("the server holds another content than when the download began")

type contentReader struct {
	ctx      context.Context
	c        *Client
	keys     *sealed.Keys
	ticket   Ticket
	size     int64
	first    int64
	end      int64
	patience *patience

	offset int64
	etag   string
	err    error

	// The answer that is being read, if there is one.
	answer  *http.Response
	watch   *watch
	watched *watchedBody
}

// Read follows io.Reader.
func (r *contentReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.err == nil {
		if r.end < r.size { // behind it the content goes on
			if r.offset == r.end {
				r.drop()
				r.err = io.EOF
				break
			}
			p = p[:min(int64(len(p)), r.end-r.offset)]
		}
		n, err := r.read(p)
		if n > 0 {
			r.offset += int64(n)
			r.patience.progress()
			return n, nil
		}
		if err == nil {
			continue
		}
		r.drop()
		if err == io.EOF {
			r.err = io.EOF
		} else if err := r.patience.after(r.ctx, err); err != nil {
			r.err = fmt.Errorf("downloading: %w", err)
		}
	}
	return 0, r.err
}

// read reads on from the answer that is there, or from a new one.
func (r *contentReader) read(p []byte) (int, error) {
	if r.answer == nil {
		if err := r.open(); err != nil {
			r.drop()
			return 0, err
		}
	}
	n, err := r.watched.Read(p)
	if n == 0 && err == io.EOF && r.answer.ContentLength < 0 && r.offset < r.end {
		return 0, &connectionError{io.ErrUnexpectedEOF} // an answer of no stated length that ends early was more likely cut
	}
	if n > 0 {
		return n, nil // the error comes again
	}
	return 0, err
}

// open asks for the content from where we are.
func (r *contentReader) open() error {
	ctx, w := newWatch(r.ctx, r.c.Retries.Stall)
	r.watch = w
	request, err := r.c.asHolder(ctx, http.MethodGet, r.keys, "content")
	if err != nil {
		return err
	}
	request.Header.Set("Thorpe-Ticket", r.ticket.header())
	if r.offset > 0 || r.end < r.size {
		last := ""
		if r.end < r.size {
			last = strconv.FormatInt(r.end-1, 10)
		}
		request.Header.Set("Range", "bytes="+strconv.FormatInt(r.offset, 10)+"-"+last)
		if r.etag != "" {
			request.Header.Set("If-Range", r.etag)
		}
	}
	answer, err := r.c.do(request)
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == http.StatusRequestedRangeNotSatisfiable && r.offset > 0 {
		return io.EOF // nothing is behind what we have
	}
	if err != nil {
		return err
	}
	r.answer = answer
	r.watched = &watchedBody{ctx: ctx, body: answer.Body, watch: w}
	etag := answer.Header.Get("ETag")
	if r.offset == r.first {
		r.etag = etag
	} else if etag != r.etag || r.etag == "" {
		return ErrContentChanged
	}
	if answer.StatusCode == http.StatusPartialContent {
		if start, ok := rangeStart(answer.Header.Get("Content-Range")); !ok || start != r.offset {
			return errNotThorpe
		}
		return nil
	}
	// The same content from its start: a server, or a proxy before it, that knows no ranges.
	_, err = io.CopyN(io.Discard, r.watched, r.offset)
	return err
}

// rangeStart reads "bytes START-END/LENGTH" (RFC 9110, 14.4).
func rangeStart(header string) (int64, bool) {
	rest, ok := strings.CutPrefix(header, "bytes ")
	first, _, dash := strings.Cut(rest, "-")
	start, err := strconv.ParseInt(first, 10, 64)
	return start, ok && dash && err == nil && start >= 0
}

// drop gives up the answer that is there.
func (r *contentReader) drop() {
	if r.answer != nil {
		r.answer.Body.Close()
	}
	if r.watch != nil {
		r.watch.end()
	}
	r.answer, r.watch, r.watched = nil, nil, nil
}

// Close ends the download.
func (r *contentReader) Close() error {
	r.drop()
	if r.err == nil {
		r.err = errors.New("downloading: the reader was closed")
	}
	return nil
}
