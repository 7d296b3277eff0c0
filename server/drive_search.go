package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
)

// foundAnswer is a file or folder in an answer.
type foundAnswer struct {
	Path     string `json:"path"`
	Folder   bool   `json:"folder"`
	Size     int64  `json:"size"`
	Modified string `json:"modified"`
	Changed  string `json:"changed"`
	ETag     string `json:"etag"`
}

func answerFound(f dav.Found) foundAnswer {
	return foundAnswer{f.Path, f.Folder, f.Size, stamp(f.Modified), stamp(f.Changed), f.ETag}
}

// driveSearch finds files and folders by their names, and tells them one a line as it finds them. The last line says that it is the end: without it, the search broke off.
func (s *Server) driveSearch(c echo.Context) error {
	lines := &lineWriter{w: c.Response().Writer}
	stop := lines.flushing()
	search, err := s.Drive.Find(c.Request().Context(), driveHere(c), c.QueryParam("in"), c.QueryParam("name"), func(f dav.Found) error {
		return lines.write(answerFound(f))
	})
	stop()
	if err != nil {
		if lines.sent {
			panic(http.ErrAbortHandler) // what was told must not look like all
		}
		return walkFault(err)
	}
	lines.write(struct {
		End      bool `json:"end"`
		Complete bool `json:"complete"`
		Seen     int  `json:"seen"`
	}{true, search.Complete, search.Seen})
	return lines.flush()
}

// lineEvery is how long a line waits at most for others that go with it.
const lineEvery = 100 * time.Millisecond

// lineWriter answers in lines of JSON.
type lineWriter struct {
	w http.ResponseWriter

	mu     sync.Mutex
	buffer bytes.Buffer
	sent   bool
	err    error
}

// write adds a line.
func (l *lineWriter) write(line any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	encoder := json.NewEncoder(&l.buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return err
	}
	return l.err
}

// flush sends what was written.
func (l *lineWriter) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.buffer.Len() == 0 || l.err != nil {
		return l.err
	}
	if !l.sent {
		l.sent = true
		l.w.Header().Set("Content-Type", "application/x-ndjson")
		l.w.Header().Set("X-Accel-Buffering", "no") // nginx would keep the lines until there are many
		l.w.WriteHeader(http.StatusOK)
	}
	if _, l.err = l.buffer.WriteTo(l.w); l.err == nil {
		l.err = http.NewResponseController(l.w).Flush()
	}
	return l.err
}

// flushing sends what was written again and again, until stop has returned.
func (l *lineWriter) flushing() (stop func()) {
	ended, quit := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(lineEvery)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				l.flush()
			}
		}
	}()
	return func() { close(quit); <-ended }
}
