package dav

import (
	"context"
	"fmt"
	"net/http"
)

// Space is what a drive's account holds, and what it may still take, in bytes (RFC 4331).
type Space struct {
	Used      int64 // the drive's files, what is on its way into it, and what Config.Elsewhere counts; not what is kept
	Kept      int64 // what was deleted or overwritten, and can come back: it counts against no quota
	Available int64 // what is left of the quota, and never more than the disk has free
	Free      int64 // what the disk has free
}

// Space answers for drive d; d.Quota is in force.
func (h *Handler) Space(ctx context.Context, d Drive) (Space, error) {
	if err := h.measureAside(ctx, d); err != nil {
		return Space{}, err
	}
	elsewhere, err := h.countElsewhere(ctx, d)
	if err != nil {
		return Space{}, err
	}
	free, err := h.free()
	if err != nil {
		return Space{}, fmt.Errorf("asking for space: %w", err)
	}
	if err := h.load(ctx, d); err != nil {
		return Space{}, err
	}
	u := &h.state(d).usage
	u.mu.Lock()
	defer u.mu.Unlock()
	s := Space{Used: max(0, u.used+u.reserved+elsewhere), Kept: u.kept, Available: free, Free: free} // what is counted may be off until it is walked through again
	if d.Quota > 0 {
		s.Available = max(0, min(s.Available, d.Quota-s.Used))
	}
	return s, nil
}

func (h *Handler) countElsewhere(ctx context.Context, d Drive) (int64, error) {
	if h.elsewhere == nil {
		return 0, nil
	}
	n, err := h.elsewhere(ctx, d)
	if err != nil {
		return 0, fmt.Errorf("counting what lies elsewhere: %w", err)
	}
	return n, nil
}

// errOverQuota tells a client why, in the words of RFC 4331, 6.
var errOverQuota = &failure{status: http.StatusInsufficientStorage, condition: "quota-not-exceeded", cause: ErrNoSpace}

// room is what one request may add to a drive. What it takes counts at once, so that requests side by side cannot pass the quota together.
type room struct {
	h         *Handler
	ctx       context.Context
	drive     Drive
	replaced  int64 // bytes of the file that goes when the new one comes
	taken     int64
	elsewhere int64
	asked     int64 // taken, when elsewhere was last asked for
}

// askAgain is after how many bytes a request looks anew at what lies elsewhere.
const askAgain = 32 << 20

func (h *Handler) newRoom(ctx context.Context, d Drive) *room {
	return &room{h: h, ctx: ctx, drive: d, asked: -askAgain}
}

func (x *exchange) newRoom() *room { return x.h.newRoom(x.r.Context(), x.drive) }

// take fails with an error that is [ErrNoSpace] if the quota does not have n more bytes. Without a quota it is the disk that says so.
func (r *room) take(n int64) error {
	if r.drive.Quota <= 0 || n <= 0 {
		r.taken += max(n, 0)
		return nil
	}
	if r.taken-r.asked >= askAgain {
		var err error
		if r.elsewhere, err = r.h.countElsewhere(r.ctx, r.drive); err != nil {
			return err
		}
		r.asked = r.taken
	}
	if err := r.h.load(r.ctx, r.drive); err != nil {
		return err
	}
	u := &r.h.state(r.drive).usage
	if r.tryTake(u, n) {
		return nil
	}
	if err := r.h.measureAside(r.ctx, r.drive); err != nil {
		return err
	}
	if !r.tryTake(u, n) {
		return errOverQuota
	}
	return nil
}

func (r *room) tryTake(u *usage, n int64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n > r.drive.Quota || u.used+u.reserved+r.elsewhere+n-r.replaced > r.drive.Quota {
		return false
	}
	u.reserved += n
	r.taken += n
	return true
}

// confirm fails if the request no longer replaces as many bytes as it counted on when it took its room. The caller holds the drive.
func (r *room) confirm(at *spot) error {
	var now int64
	if at.isFile() {
		now = at.info.size
	}
	if r.drive.Quota <= 0 || now >= r.replaced {
		return nil
	}
	u := &r.h.state(r.drive).usage
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.used+u.reserved+r.elsewhere-now > r.drive.Quota {
		return errOverQuota
	}
	return nil
}

// release ends the request's claim.
func (r *room) release() { r.h.count(r.drive, counted{reserved: -r.reserved()}) }

// reserved is what has to be given back. It answers that once.
func (r *room) reserved() (n int64) {
	if r.drive.Quota > 0 {
		n = r.taken
	}
	r.taken = 0
	return n
}

// takeWhole takes a body's length before any of it is there, and looks whether the disk could hold it: 507 now spares a client sending what cannot be stored.
// Nothing that is kept goes for it yet: a length is only claimed. It gives way to the body as that comes.
func (r *room) takeWhole(n int64) error {
	if err := r.take(n); err != nil || n < leastRoom {
		return err
	}
	free, err := r.h.free()
	if err != nil || free >= n {
		return nil
	}
	kept, err := r.h.sizeOfKept(r.ctx)
	if err != nil {
		return err
	}
	if n-free > kept {
		return because(http.StatusInsufficientStorage, ErrNoSpace)
	}
	return nil
}

// free is what the disk has left for us, in bytes.
func (h *Handler) free() (int64, error) {
	available, err := freeSpace(h.incoming)
	return int64(min(available, 1<<62)), err
}
