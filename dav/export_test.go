package dav

import (
	"context"
	"os"
	"testing"
)

// WriteKept writes the rows of table kept that would be written soon.
func (h *Handler) WriteKept(ctx context.Context) error { return h.writeKept(ctx) }

// FillUnwritten has as many rows waiting as may.
func (h *Handler) FillUnwritten() {
	h.unwritten.rows = make([]keptRow, maxUnwritten)
}

// BoundWalks has walks end after so many entries.
func (h *Handler) BoundWalks(entries int) { h.maxSeen = entries }

// KnowsBirth says whether the system tells when the files of a folder came to be.
func KnowsBirth(t testing.TB, path string) bool {
	root, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	dir, err := newFolder(root, ".")
	if err != nil {
		t.Fatal(err)
	}
	defer dir.close()
	_, known := dir.born(".")
	return known
}
