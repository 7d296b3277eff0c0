package dav

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// A body may take as long as it needs, but each piece of it must move within Config.Stall: the clock is for progress, not for the whole.
const (
	piece    = 512 << 10 // of an answer
	maxPiece = 8 << 20   // to a client that takes as much in a second
	trickle  = 16 << 10  // of a request's body: fewer bytes are no progress
)

// bodyWriter hands a file to the connection. Its ReadFrom reaches the server's own ResponseWriter beneath whatever wraps it, since only that one uses
// sendfile; headers and small writes take the usual way, so that a wrapper learns the status.
type bodyWriter struct {
	http.ResponseWriter
	under   io.ReaderFrom // nil if there is none
	control *http.ResponseController
	stall   time.Duration
	started bool
	err     error
}

func newBodyWriter(w http.ResponseWriter, stall time.Duration) *bodyWriter {
	b := &bodyWriter{ResponseWriter: w, control: http.NewResponseController(w), stall: stall}
	for inner := w; ; {
		if from, ok := inner.(io.ReaderFrom); ok {
			b.under = from
			return b
		}
		unwrap, ok := inner.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return b
		}
		inner = unwrap.Unwrap()
	}
}

func (b *bodyWriter) WriteHeader(code int) {
	b.started = true
	b.ResponseWriter.WriteHeader(code)
}

func (b *bodyWriter) Write(p []byte) (int, error) {
	if !b.started {
		b.WriteHeader(http.StatusOK)
	}
	b.control.SetWriteDeadline(time.Now().Add(b.stall))
	n, err := b.ResponseWriter.Write(p)
	if err != nil {
		b.err = err
	}
	return n, err
}

// ReadFrom is called by io.Copy. It passes the source on in pieces, each with a new deadline.
func (b *bodyWriter) ReadFrom(src io.Reader) (n int64, err error) {
	if b.under == nil {
		return io.Copy(struct{ io.Writer }{b}, src)
	}
	if !b.started {
		b.WriteHeader(http.StatusOK)
	}
	// sendfile wants one LimitedReader around the file, not two.
	part, whole := &io.LimitedReader{R: src}, (*io.LimitedReader)(nil)
	if l, ok := src.(*io.LimitedReader); ok {
		part.R, whole = l.R, l
	}
	if c, ok := part.R.(*content); ok && c.f == nil {
		return b.writeSmall(c, src)
	} else if ok {
		if part.R, err = c.file(); err != nil {
			return 0, err
		}
	}
	for size := int64(piece); ; {
		part.N = size
		if whole != nil {
			part.N = min(part.N, whole.N)
		}
		if part.N <= 0 {
			return n, nil
		}
		began := time.Now()
		b.control.SetWriteDeadline(began.Add(b.stall))
		want := part.N
		m, err := b.under.ReadFrom(part)
		n += m
		if whole != nil {
			whole.N -= m
		}
		if err != nil {
			b.err = err
			return n, err
		}
		if m < want {
			return n, nil // the source ended
		}
		if time.Since(began) < time.Second {
			size = min(2*size, maxPiece)
		} else {
			size = piece
		}
	}
}

// writeSmall writes what is in memory already: all of a limit that lies in it.
func (b *bodyWriter) writeSmall(c *content, src io.Reader) (int64, error) {
	p := c.small[min(c.at, c.size):]
	if l, ok := src.(*io.LimitedReader); ok {
		p = p[:min(l.N, int64(len(p)))]
		l.N -= int64(len(p))
	}
	c.at += int64(len(p))
	n, err := b.Write(p)
	return int64(n), err
}

// finish winds the clock once more, for what net/http still has in its buffer. It lifts the deadline itself before the connection's next request.
func (b *bodyWriter) finish() {
	if b.err == nil {
		b.control.SetWriteDeadline(time.Now().Add(b.stall))
	}
}

// bodyReader reads a request's body, with the same clock.
type bodyReader struct {
	body    io.Reader
	control *http.ResponseController
	stall   time.Duration
	since   int // bytes since the clock was last wound
	wound   bool
}

func (b *bodyReader) Read(p []byte) (int, error) {
	if !b.wound || b.since >= trickle {
		b.control.SetReadDeadline(time.Now().Add(b.stall))
		b.wound, b.since = true, 0
	}
	n, err := b.body.Read(p)
	b.since += n
	if err == io.EOF {
		b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (x *exchange) body() io.Reader {
	return &bodyReader{body: x.r.Body, control: http.NewResponseController(x.w), stall: x.h.stall}
}

// bodyError is the answer to a body that could not be read to its end: 408 if it stopped moving, 400 if it was cut off.
func bodyError(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return because(http.StatusRequestTimeout, err)
	}
	return because(http.StatusBadRequest, err)
}
