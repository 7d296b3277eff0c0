package server

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

const (
	// How long a client may take for each piece of a download. One that stopped reading, as a paused film does, is cut off
	// then and asks for the rest by a range.
	sendStall = 2 * time.Minute
	sendPiece = 512 << 10
)

// sendDownload answers GET and HEAD with a sealed object, or with the one range of it that was asked for (RFC 9110, 14).
// It stops where the download's context ends, and when the server stops.
func (s *Server) sendDownload(c echo.Context, d *shares.Download) error {
	h, r := c.Response().Header(), c.Request()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment")
	h.Set("ETag", d.ETag)
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // several at once: no reader of ours asks, and a server may send the whole (RFC 9110, 14.2)
	}
	w := &downloadWriter{ResponseWriter: c.Response().Writer, control: http.NewResponseController(c.Response().Writer)}
	defer context.AfterFunc(d.Context, w.cut)()
	defer context.AfterFunc(s.resumable, w.cut)()

	defer w.rest()
	// The file itself and nothing around it, so that the kernel can send it. Its time is nobody's business.
	http.ServeContent(w, r, "", time.Time{}, d.ReadSeekCloser)
	if w.isCut() && r.Context().Err() == nil {
		panic(http.ErrAbortHandler) // what was sent must not look like an end
	}
	switch w.refused {
	case 0:
		return nil
	case http.StatusPreconditionFailed:
		return &fault{status: w.refused, code: "precondition", sentence: "The content is not the one that was meant."}
	case http.StatusRequestedRangeNotSatisfiable:
		return &fault{status: w.refused, code: "bad_range", sentence: "The content has no such range."}
	}
	return errInternal
}

// downloadWriter passes an answer on in pieces, each with its own deadline, and can be cut off. Failures it keeps to
// itself, for the one function that writes them.
type downloadWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	refused int

	mu     sync.Mutex
	cutOff bool
	atRest bool
}

func (w *downloadWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.refused = status
		w.Header().Del("Content-Type")
		w.Header().Del("Content-Disposition")
		w.Header().Set("Cache-Control", "no-store") // which ServeContent takes away
		return
	}
	w.wind()
	w.ResponseWriter.WriteHeader(status)
}

func (w *downloadWriter) Write(p []byte) (int, error) {
	if w.refused != 0 {
		return len(p), nil
	}
	if !w.wind() {
		return 0, http.ErrAbortHandler
	}
	return w.ResponseWriter.Write(p)
}

// ReadFrom is what io.Copy calls. For sendfile what is read from must be one io.LimitedReader around the file.
func (w *downloadWriter) ReadFrom(from io.Reader) (n int64, err error) {
	whole, limited := from.(*io.LimitedReader)
	if !limited {
		return io.Copy(struct{ io.Writer }{w}, from)
	}
	for whole.N > 0 {
		if !w.wind() {
			return n, http.ErrAbortHandler
		}
		piece := io.LimitedReader{R: whole.R, N: min(sendPiece, whole.N)}
		m, err := io.Copy(w.ResponseWriter, &piece)
		n += m
		whole.N -= m
		if err != nil || m == 0 {
			return n, err
		}
	}
	return n, nil
}

// wind gives the client time for the next piece. It says false once the answer was cut off.
func (w *downloadWriter) wind() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.cutOff {
		w.control.SetWriteDeadline(time.Now().Add(sendStall))
	}
	return !w.cutOff
}

// cut ends the answer where it is: the client finds it shorter than was said.
func (w *downloadWriter) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cutOff = true
	if !w.atRest {
		w.control.SetWriteDeadline(time.Unix(1, 0))
	}
}

func (w *downloadWriter) isCut() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cutOff
}

// rest says that the answer is written. From here on the connection is left alone: the next request may have it.
func (w *downloadWriter) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.atRest = true
}
