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

// Source is the plaintext of a content.
type Source interface {
	// ReadAt follows io.ReaderAt, from 0 to Size.
	io.ReaderAt
	Size() int64
	// Unchanged fails with ErrChanged if what was read before is no longer what would be read now.
	Unchanged() error
}

// ErrChanged: a source was changed while it was sealed. What was sent of it must be given up, and its key with it.
var ErrChanged = errors.New("was changed meanwhile")

var errOtherOffset = errors.New("the server has another part of the upload")

// chunksPerRequest bounds a request, for proxies that bound it too: 64 MiB of plaintext.
const chunksPerRequest = 256

const tusVersion = "1.0.0"

// Upload seals a source under a key that has sealed nothing else, sends it, and gives the upload's id for Publish.
// Where a connection breaks it asks how much arrived, which is whole chunks only, and goes on from there with chunks
// sealed anew, if the source is unchanged. Progress, if there is one, is told how many bytes of SealedLength(Size) are
// sent. It fails with ErrChanged, with the source's errors, or with the server's; then it takes the upload back, if it
// still can.
func (c *Client) Upload(ctx context.Context, key sealed.ContentKey, src Source, progress func(sent int64)) (id string, err error) {
	chunks, err := sealed.NewChunks(key, src.Size())
	if err != nil {
		return "", err
	}
	if progress == nil {
		progress = func(int64) {}
	}
	u := &upload{c: c, chunks: chunks, src: src, total: sealed.SealedLength(src.Size()), progress: progress}
	if err := c.Retries.few().again(ctx, func() error { return u.create(ctx) }); err != nil {
		return "", fmt.Errorf("starting an upload: %w", err)
	}
	if err := u.send(ctx); err != nil {
		c.removeUpload(ctx, u.id)
		return "", fmt.Errorf("uploading: %w", err)
	}
	return u.id, nil
}

type upload struct {
	c        *Client
	chunks   *sealed.Chunks
	src      Source
	total    int64 // to send: all of it, or what of a stream is there
	progress func(int64)
	deferred bool // the length is told later
	known    bool // total is that length

	id     string
	offset int64 // how much the server has, in whole chunks
}

func (u *upload) create(ctx context.Context) error {
	r, err := u.c.asOwner(ctx, http.MethodPost, "/api/uploads/sealed", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Tus-Resumable", tusVersion)
	if u.deferred {
		r.Header.Set("Upload-Defer-Length", "1")
	} else {
		r.Header.Set("Upload-Length", strconv.FormatInt(u.total, 10))
	}
	answer, err := u.c.call(r, nil, nil)
	if err != nil {
		return err
	}
	place, err := r.URL.Parse(answer.Header.Get("Location"))
	if err != nil || place.Host != r.URL.Host || place.Scheme != r.URL.Scheme {
		return errNotThorpe
	}
	id, ok := strings.CutPrefix(place.EscapedPath(), strings.TrimSuffix(r.URL.EscapedPath(), "sealed")) // it was asked for beside it
	if !ok || id == "" || strings.ContainsAny(id, "/.%") {
		return errNotThorpe
	}
	u.id = id
	return nil
}

// send sends everything, however often the connection breaks.
func (u *upload) send(ctx context.Context) error {
	p := u.c.Retries.patience()
	for u.offset < u.total {
		before := u.offset
		err := u.patch(ctx)
		for err != nil {
			if HasCode(err, "wrong_offset") {
				err = &connectionError{errOtherOffset} // which asking settles
			}
			if err = p.after(ctx, err); err != nil {
				return err
			}
			if err = u.src.Unchanged(); err != nil {
				return err
			}
			err = u.ask(ctx)
		}
		if u.offset > before {
			p.progress()
		}
		u.progress(u.offset)
	}
	return u.src.Unchanged()
}

// ask asks how much the server has.
func (u *upload) ask(ctx context.Context) error {
	r, err := u.c.uploadRequest(ctx, http.MethodHead, u.id, nil)
	if err != nil {
		return err
	}
	answer, err := u.c.call(r, nil, nil)
	if err != nil {
		return err
	}
	return u.arrived(answer)
}

// arrived reads how much the server has, which ends with a chunk.
func (u *upload) arrived(answer *http.Response) error {
	offset, err := strconv.ParseInt(answer.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 || offset > u.total || offset%sealed.SealedChunkSize != 0 && offset != u.total {
		return errNotThorpe
	}
	u.offset = offset
	return nil
}

// patch sends the next chunks.
func (u *upload) patch(ctx context.Context) error {
	first := u.offset / sealed.SealedChunkSize
	end := min(u.total, u.offset+chunksPerRequest*sealed.SealedChunkSize)
	ctx, w := newWatch(ctx, u.c.Retries.Stall)
	defer w.end()
	body := &sealingReader{u: u, watch: w, next: first, left: end - u.offset, sent: u.offset}
	r, err := u.c.uploadRequest(ctx, http.MethodPatch, u.id, body)
	if err != nil {
		return err
	}
	r.ContentLength = end - u.offset
	r.Header.Set("Content-Type", "application/offset+octet-stream")
	r.Header.Set("Upload-Offset", strconv.FormatInt(u.offset, 10))
	if u.deferred && u.known {
		r.Header.Set("Upload-Length", strconv.FormatInt(u.total, 10))
	}
	answer, err := u.c.call(r, nil, nil)
	if failed := body.end(); failed != nil {
		return failed // the source's own error, whatever became of the request
	}
	if err != nil {
		return err
	}
	return u.arrived(answer)
}

// removeUpload takes an upload back that will not become a link, if it still can; else the server sweeps it after its
// time.
func (c *Client) removeUpload(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Retries.Stall/10)
	defer cancel()
	if r, err := c.uploadRequest(ctx, http.MethodDelete, id, nil); err == nil {
		c.call(r, nil, nil)
	}
}

func (c *Client) uploadRequest(ctx context.Context, method, id string, body io.Reader) (*http.Request, error) {
	r, err := c.asOwner(ctx, method, "/api/uploads/"+id, body)
	if err == nil {
		r.Header.Set("Tus-Resumable", tusVersion)
	}
	return r, err
}
