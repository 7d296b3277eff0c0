package dav

import "context"

// WriteKept writes the rows of table kept that would be written soon.
func (h *Handler) WriteKept(ctx context.Context) error { return h.writeKept(ctx) }

// FillUnwritten has as many rows waiting as may.
func (h *Handler) FillUnwritten() {
	h.unwritten.rows = make([]keptRow, maxUnwritten)
}

// BoundWalks has walks end after so many entries.
func (h *Handler) BoundWalks(entries int) { h.maxSeen = entries }
