package shares

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"sync"
)

// Download is a sealed object of a link, open for reading.
type Download struct {
	io.ReadSeekCloser        // on a disk an *os.File
	Size              int64  // bytes
	ETag              string // strong, with its quotes: a link's content never changes

	Limited bool // of a manifest: the link opens only so many times

	// Context ends when the request's does, when the link is deleted, taken down, paused or gets another token, and when the
	// download is closed. Whoever sends the bytes stops then.
	Context context.Context

	end func()
}

// Close may be called on a download that was never opened.
func (d *Download) Close() error {
	d.end()
	if d.ReadSeekCloser == nil {
		return nil
	}
	return d.ReadSeekCloser.Close()
}

// downloads knows who reads which link, so that they are cut off when they may no more.
type downloads struct {
	mu      sync.Mutex
	running map[ID]map[*Download]context.CancelCauseFunc
}

// begin notes a download before anyone looks whether the link is there: so none can slip past a deletion.
func (d *downloads) begin(ctx context.Context, link ID) *Download {
	ctx, cancel := context.WithCancelCause(ctx)
	download := &Download{Context: ctx}
	download.end = func() {
		cancel(nil)
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.running[link], download)
		if len(d.running[link]) == 0 {
			delete(d.running, link)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running[link] == nil {
		d.running[link] = map[*Download]context.CancelCauseFunc{}
	}
	d.running[link][download] = cancel
	return download
}

// cut ends the downloads of a link. One that has not been opened yet is answered with the cause: a GoneError or ErrWrongToken.
func (d *downloads) cut(link ID, cause error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, cancel := range d.running[link] {
		cancel(cause)
	}
}

// openObject opens an object for a download. It returns the cause if the download was cut since it began.
func (s *Store) openObject(d *Download, name objectName, size int64) error {
	object, err := s.sealed.open(d.Context, name)
	if err == nil {
		// The name itself stays in here.
		hash := sha256.Sum256(name[:])
		d.ReadSeekCloser, d.Size, d.ETag = object, size, `"`+base64.RawURLEncoding.EncodeToString(hash[:16])+`"`
	}
	switch {
	case d.Context.Err() != nil:
		return context.Cause(d.Context)
	case err != nil:
		return fmt.Errorf("opening a link: %w", err)
	}
	return nil
}
