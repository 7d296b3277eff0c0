package client

import (
	"context"
	"errors"
	"fmt"
	"io"

	"thorpe/shares/sealed"
)

// chunksHeld is how much of a stream is held until the server has it, and so sent in one request: 8 MiB of plaintext.
const chunksHeld = 32

// UploadStream is as Upload, for a stream whose length is known once it ends. Padding says how many zero bytes to put behind
// it then. What the server has not acknowledged yet is held in memory, 8 MiB at most, and read from there if it must be
// sealed again: no chunk is ever sealed with two plaintexts. Size is what the stream gave.
func (c *Client) UploadStream(ctx context.Context, key sealed.ContentKey, src io.Reader, padding func(size int64) int64, progress func(sent int64)) (id string, size int64, err error) {
	// Until the end is known a chunk is one of a content that has no last one yet. It is sealed the same, whatever follows.
	chunks, err := sealed.NewChunks(key, sealed.MaxSize)
	if err != nil {
		return "", 0, err
	}
	if progress == nil {
		progress = func(int64) {}
	}
	held := &heldSource{}
	u := &upload{c: c, chunks: chunks, src: held, progress: progress, deferred: true}
	if err := c.Retries.few().again(ctx, func() error { return u.create(ctx) }); err != nil {
		return "", 0, fmt.Errorf("starting an upload: %w", err)
	}
	if size, err = u.sendStream(ctx, key, src, padding, held); err != nil {
		c.removeUpload(ctx, u.id)
		return "", 0, fmt.Errorf("uploading: %w", err)
	}
	return u.id, size, nil
}

// sendStream sends part after part, each until the server has it, and the last one with what follows the stream's end.
func (u *upload) sendStream(ctx context.Context, key sealed.ContentKey, src io.Reader, padding func(int64) int64, held *heldSource) (int64, error) {
	for {
		// One byte more than is sent shows that a full chunk is not the last.
		ended, err := held.fill(ctx, src, chunksHeld*sealed.ChunkSize+1)
		if err != nil {
			return 0, err
		}
		if size := held.start + int64(len(held.bytes)); ended {
			held.zeros = padding(size)
			if u.chunks, err = sealed.NewChunks(key, size+held.zeros); err != nil {
				return 0, err
			}
			u.total, u.known = sealed.SealedLength(size+held.zeros), true
			return size, u.send(ctx)
		}
		u.total = (held.start/sealed.ChunkSize + chunksHeld) * sealed.SealedChunkSize
		if err := u.send(ctx); err != nil {
			return 0, err
		}
		held.drop(chunksHeld * sealed.ChunkSize)
	}
}

// heldSource is the part of a stream that is being sent, and the zero bytes behind its end.
type heldSource struct {
	start int64 // of what is held, in the stream
	bytes []byte
	zeros int64
}

// fill reads on until n bytes are held, or the stream ended. It leaves as soon as ctx ends, also where src does not.
func (h *heldSource) fill(ctx context.Context, src io.Reader, n int) (ended bool, err error) {
	if h.bytes == nil {
		h.bytes = make([]byte, 0, n)
	}
	type result struct {
		n   int
		err error
	}
	read := make(chan result, 1)
	room := h.bytes[len(h.bytes):n]
	go func() {
		n, err := io.ReadFull(src, room)
		read <- result{n, err}
	}()
	select {
	case got := <-read:
		h.bytes = h.bytes[:len(h.bytes)+got.n]
		ended := got.err == io.EOF || got.err == io.ErrUnexpectedEOF // io.ReadFull gives these unwrapped
		if got.err != nil && !ended {
			return false, fmt.Errorf("reading what is to be sent: %w", got.err)
		}
		return ended, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// drop forgets the first n bytes held.
func (h *heldSource) drop(n int) {
	h.start += int64(n)
	h.bytes = h.bytes[:copy(h.bytes, h.bytes[n:])]
}

// Size is the end of what is held.
func (h *heldSource) Size() int64 { return h.start + int64(len(h.bytes)) + h.zeros }

// Unchanged is always so: it is in memory.
func (h *heldSource) Unchanged() error { return nil }

// ReadAt follows io.ReaderAt; what was dropped cannot be read any more.
func (h *heldSource) ReadAt(p []byte, offset int64) (int, error) {
	at := offset - h.start
	if at < 0 {
		return 0, errors.New("this part of the stream is not held any more")
	}
	n := 0
	if at < int64(len(h.bytes)) {
		n = copy(p, h.bytes[at:])
	}
	zeros := min(int64(len(p)-n), h.Size()-offset-int64(n))
	clear(p[n:][:max(0, zeros)])
	if n += int(max(0, zeros)); n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
