package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
	"thorpe/server/accounts"
)

const (
	maxWalks = 2           // over one drive at once
	walkWait = time.Second // for one of them to end
)

// walks are the requests that walk over a whole drive. An account has few at once; a search that is typed gives up the one before it, which then soon ends.
type walks struct {
	mu    sync.Mutex
	turns map[accounts.ID]*walkTurns
}

type walkTurns struct {
	free chan struct{}
	used int // by how many requests, with those that wait
}

// take lets the account's request begin its walk, or answers slow_down. It ends with end.
func (w *walks) take(ctx context.Context, id accounts.ID) (end func(), err error) {
	w.mu.Lock()
	t := w.turns[id]
	if t == nil {
		t = &walkTurns{free: make(chan struct{}, maxWalks)}
		w.turns[id] = t
	}
	t.used++
	w.mu.Unlock()
	leave := func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if t.used--; t.used == 0 {
			delete(w.turns, id)
		}
	}
	patience := time.NewTimer(walkWait)
	defer patience.Stop()
	select {
	case t.free <- struct{}{}:
		return func() { <-t.free; leave() }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-patience.C:
		err = slowDown(walkWait)
	}
	leave()
	return nil, err
}

// walking lets a request walk over the account's drive, for this server's own pages only: another site's must not have a browser begin what takes seconds, nor measure how
// long it takes.
func (s *Server) walking(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.fromHere(c.Request()) {
			return errCrossSite
		}
		end, err := s.walks.take(c.Request().Context(), account(c).ID)
		if err != nil {
			return err
		}
		defer end()
		return next(c)
	}
}

// walkFault is driveFault for what looks for a folder.
func walkFault(err error) error {
	if errors.Is(err, dav.ErrNoParent) {
		return errNotFound.because(err)
	}
	return driveFault(err)
}
