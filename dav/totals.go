package dav

import (
	"context"
	"fmt"
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
