package dav

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// driveState is what the process remembers of a drive. It could all be read from the database again.
type driveState struct {
	tree       sync.Mutex // held while the tree, its locks or its rows change: for renames, never for a body
	locks      rowState   // spares a query for each request to a drive without locks
	properties rowState   // and for each change to one without dead properties
	extra      int64      // what its dead properties count against their bound, or more; guarded by tree
	extraKnown bool
	tidy       sync.Once
	drive      openedFolder // drive/NAME
	kept       openedFolder // kept/NAME
	keptSync   lazySync
	usage      usage

	seen   Drive // as the last request named it; guarded by Handler.mu
	walked bool  // its files were counted since the start, or the day before; Run's alone
}

// rowState says whether a drive may have rows in a table.
type rowState struct{ atomic.Int32 }

const (
	rowsUnknown int32 = iota
	rowsNone
	rowsSome
)

// may answers false only if there are none.
func (s *rowState) may(count func() (int, error)) bool {
	switch s.Load() {
	case rowsNone:
		return false
	case rowsSome:
		return true
	}
	n, err := count()
	switch {
	case err != nil:
		return true
	case n == 0:
		// Only from "unknown": a row that was stored since the count has said "some".
		return !s.CompareAndSwap(rowsUnknown, rowsNone)
	}
	s.CompareAndSwap(rowsUnknown, rowsSome)
	return true
}

func (h *Handler) state(d Drive) *driveState {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.drives[d.ID]
	if s == nil {
		s = new(driveState)
		h.drives[d.ID] = s
	}
	if d.Name != "" {
		s.seen = d
	}
	return s
}

// lockDrive makes the caller the only one who changes the drive, until it calls the answer.
func (h *Handler) lockDrive(d Drive) (unlock func()) {
	s := h.state(d)
	s.tree.Lock()
	return s.tree.Unlock
}

// mayHaveLocks answers false only if the drive has no locks, not even expired ones.
func (h *Handler) mayHaveLocks(d Drive) bool {
	return h.state(d).locks.may(func() (int, error) { return h.countLocks(context.Background(), d) })
}

// mayHaveProperties answers false only if nothing in the drive has dead properties.
func (h *Handler) mayHaveProperties(d Drive) bool {
	return h.state(d).properties.may(func() (n int, err error) {
		err = h.db.QueryRow(`SELECT EXISTS (SELECT 1 FROM properties WHERE drive = ?)`, d.ID[:]).Scan(&n)
		return n, err
	})
}

// noteLocks counts again after locks have ended. The caller holds the drive.
func (h *Handler) noteLocks(ctx context.Context, d Drive) {
	if h.state(d).locks.Load() != rowsSome {
		return
	}
	if n, err := h.countLocks(ctx, d); err == nil && n == 0 {
		h.state(d).locks.Store(rowsNone)
	}
}

func (h *Handler) countLocks(ctx context.Context, d Drive) (n int, err error) {
	if err := h.db.QueryRowContext(ctx, `SELECT count(*) FROM locks WHERE drive = ?`, d.ID[:]).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting locks: %w", err)
	}
	return n, nil
}
