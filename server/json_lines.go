package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// answerLines answers what work tells, one JSON object a line, as it tells it, and the last line that work returns. An error of work is returned as it is as long as nothing
// was sent; afterwards the connection is cut, for what was told must not look like all.
func answerLines(c echo.Context, work func(tell func(line any) error) (last any, err error)) error {
	lines := &lineWriter{w: c.Response().Writer}
	last, err := func() (any, error) {
		defer lines.flushing()()
		return work(lines.write)
	}()
	if err != nil {
		if lines.sent {
			panic(http.ErrAbortHandler)
		}
		return err
	}
	if err := lines.write(last); err != nil {
		return err
	}
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
