package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Check is something that must work for the server to be of use. Name is told to whoever asks; the error of Do goes to the log.
type Check struct {
	Name string
	Do   func(context.Context) error
}

const (
	readyFor   = time.Second     // how long an answer holds, so that asking often costs nothing
	checkFails = 5 * time.Second // a disk that takes longer is as good as none
)

// readiness is whether the server can be used, as it was found last.
type readiness struct {
	checks []Check

	mu      sync.Mutex
	at      time.Time
	failed  string // the name of the check, or empty
	cause   error
	late    bool          // it was told that those under way take too long
	running chan struct{} // closed when the checks that are under way have ended; nil if there are none
}

// now answers the name of what does not work, or nothing. News says that the answer is another than the one before.
func (r *readiness) now(ctx context.Context) (failed string, cause error, news bool) {
	r.mu.Lock()
	if time.Since(r.at) < readyFor {
		defer r.mu.Unlock()
		return r.failed, r.cause, false
	}
	if r.running == nil { // one at a time, however many ask: a disk that hangs must not take a thread for each
		r.running = make(chan struct{})
		go r.check(context.WithoutCancel(ctx), r.running)
	}
	before, running := r.failed, r.running
	r.mu.Unlock()
	late := time.NewTimer(checkFails)
	defer late.Stop()
	select {
	case <-running:
	case <-late.C:
		r.mu.Lock()
		defer r.mu.Unlock()
		news, r.late = !r.late, true
		return "the disk does not answer", context.DeadlineExceeded, news
	case <-ctx.Done():
		return "", nil, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed, r.cause, r.failed != before
}

func (r *readiness) check(ctx context.Context, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, checkFails)
	defer cancel()
	var failed string
	var cause error
	for _, c := range r.checks {
		if err := c.Do(ctx); err != nil {
			failed, cause = c.Name, err
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.failed, r.cause, r.late, r.running = time.Now(), failed, cause, false, nil
	close(done)
}

// probes are asked all the time, by whatever name the machine has where they come from.
var probes = map[string]bool{"/healthz": true, "/readyz": true}

// healthShow says that the process answers.
func (s *Server) healthShow(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyShow says whether the server can be used: 503 while it can't, and from when it was told to stop.
func (s *Server) readyShow(c echo.Context) error {
	if s.stopping.Load() {
		return c.String(http.StatusServiceUnavailable, "stopping\n")
	}
	failed, cause, news := s.ready.now(c.Request().Context())
	if failed == "" {
		return c.String(http.StatusOK, "ready\n")
	}
	if news {
		s.Log.ErrorContext(c.Request().Context(), "not ready", "check", failed, "error", cause)
	}
	return c.String(http.StatusServiceUnavailable, failed+"\n")
}
