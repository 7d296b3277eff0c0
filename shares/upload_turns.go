package shares

import (
	"context"
	"sync"
	"time"
)

const (
	// A request that has brought no byte for so long is taken for one whose connection is dead, when another comes.
	staleAfter = 5 * time.Second
	// How long the other waits for it to end.
	takeOverWait = 10 * time.Second
)

// turns lets one request at a time write to an upload. A client whose connection broke comes back long before the server
// notices: the request it left behind must not keep it out.
type turns struct {
	now     func() time.Time
	mu      sync.Mutex
	running map[ID]*turn
}

// turn is the right to write to an upload, until end.
type turn struct {
	turns *turns
	id    ID
	ended chan struct{}

	mu        sync.Mutex
	interrupt func() // makes the request end soon; nil where there is nothing to wait for
	moved     time.Time
}

// When a request may be ended for another.
func always(*turn) bool { return true }
func (t *turns) stale(running *turn) bool {
	running.mu.Lock()
	defer running.mu.Unlock()
	return t.now().Sub(running.moved) >= staleAfter
}

// take takes the turn for an upload. If another request has it, that one is ended if may says so, and waited for;
// otherwise, and if it does not end, the answer is ErrUploadBusy. interrupt may be called at any time until end.
func (t *turns) take(ctx context.Context, id ID, interrupt func(), may func(running *turn) bool) (*turn, error) {
	for {
		t.mu.Lock()
		running := t.running[id]
		if running == nil {
			mine := &turn{turns: t, id: id, ended: make(chan struct{}), interrupt: interrupt, moved: t.now()}
			t.running[id] = mine
			t.mu.Unlock()
			return mine, nil
		}
		t.mu.Unlock()
		if !may(running) || !running.stop(ctx) {
			return nil, ErrUploadBusy
		}
	}
}

// endStale ends the request that writes to an upload, if it seems dead.
func (t *turns) endStale(ctx context.Context, id ID) {
	t.mu.Lock()
	running := t.running[id]
	t.mu.Unlock()
	if running != nil && t.stale(running) {
		running.stop(ctx)
	}
}

// stop interrupts the request and waits for it to end. It says whether it did.
func (t *turn) stop(ctx context.Context) bool {
	t.mu.Lock()
	if t.interrupt != nil {
		t.interrupt()
	}
	t.mu.Unlock()
	patience := time.NewTimer(takeOverWait)
	defer patience.Stop()
	select {
	case <-t.ended:
		return true
	case <-ctx.Done():
	case <-patience.C:
	}
	return false
}

// progress notes that the request is alive.
func (t *turn) progress() {
	now := t.turns.now()
	t.mu.Lock()
	t.moved = now
	t.mu.Unlock()
}

func (t *turn) end() {
	// From here on interrupt is not called: what it would interrupt may be another request by then.
	t.mu.Lock()
	t.interrupt = nil
	t.mu.Unlock()
	t.turns.mu.Lock()
	delete(t.turns.running, t.id)
	t.turns.mu.Unlock()
	close(t.ended)
}
