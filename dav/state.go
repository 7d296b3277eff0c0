package dav

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// driveState is what the process remembers of a drive. It could all be read from the database again.
type driveState struct {
	tree  sync.Mutex   // held while the tree, its locks or its rows change: for renames, never for a body
	locks atomic.Int32 // spares a query for each request to a drive without locks
	tidy  sync.Once
	drive openedFolder // drive/NAME
	kept  openedFolder // kept/NAME
	usage usage

	seen   Drive // as the last request named it; guarded by Handler.mu
	walked bool  // its files were counted since the start, or the day before; Run's alone
}

const (
	locksUnknown int32 = iota
	locksNone
	locksSome
)

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
	s := h.state(d)
	switch s.locks.Load() {
	case locksNone:
		return false
	case locksSome:
		return true
	}
	n, err := h.countLocks(context.Background(), d)
	switch {
	case err != nil:
		return true
	case n == 0:
		// Only from "unknown": a lock that was stored since the count has said "some".
		return !s.locks.CompareAndSwap(locksUnknown, locksNone)
	}
	s.locks.CompareAndSwap(locksUnknown, locksSome)
	return true
}

// noteLocks counts again after locks have ended. The caller holds the drive.
func (h *Handler) noteLocks(ctx context.Context, d Drive) {
	if h.state(d).locks.Load() != locksSome {
		return
	}
	if n, err := h.countLocks(ctx, d); err == nil && n == 0 {
		h.state(d).locks.Store(locksNone)
	}
}

func (h *Handler) countLocks(ctx context.Context, d Drive) (n int, err error) {
	if err := h.db.QueryRowContext(ctx, `SELECT count(*) FROM locks WHERE drive = ?`, d.ID[:]).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting locks: %w", err)
	}
	return n, nil
}
