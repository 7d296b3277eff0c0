package server

import (
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
)

// recorder notes an answer's status and length, for the log and for whoever watches a transfer meanwhile. It keeps the way to sendfile open: io.Copy finds ReadFrom on
// it, and http.ResponseController finds what lies beneath.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  atomic.Int64
	whole  atomic.Int64 // what the answer's Content-Length says, and 1 more; 0: it says nothing
}

// length is how many bytes the answer will have; -1 where that is not known.
func (w *recorder) length() int64 { return w.whole.Load() - 1 }

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
		if length, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64); err == nil && length >= 0 {
			w.whole.Store(length + 1)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes.Add(int64(n))
	return n, err
}

// ReadFrom implements io.ReaderFrom.
func (w *recorder) ReadFrom(r io.Reader) (int64, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := io.Copy(w.ResponseWriter, r)
	w.bytes.Add(n)
	return n, err
}
