package dav

import (
	"context"
	"fmt"
	"time"
)

// Totals is what all drives hold together, in bytes, as it was last written down: at most a minute ago.
type Totals struct {
	Used, Kept int64
}

// Totals adds up what all drives hold.
func (h *Handler) Totals(ctx context.Context) (t Totals, err error) {
	if err := h.db.QueryRowContext(ctx, `SELECT coalesce(sum(used), 0), coalesce(sum(kept), 0) FROM usage`).Scan(&t.Used, &t.Kept); err != nil {
		return Totals{}, fmt.Errorf("adding up what drives hold: %w", err)
	}
	return t, nil
}

// Count tells of the walks by which [Handler.Run] counts what drives hold: each when it is first used after the start, and daily.
type Count struct {
	Drives int64     // walks since the start
	Last   time.Time // when the last one ended; zero: none since the start
}

// Counted tells of them.
func (h *Handler) Counted() Count {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.counted
}

// countedRecount is recount, and notes it.
func (h *Handler) countedRecount(ctx context.Context, d Drive) error {
	if err := h.recount(ctx, d); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counted.Drives++
	h.counted.Last = h.now()
	return nil
}
