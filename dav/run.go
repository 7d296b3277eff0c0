package dav

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Run does what no request waits for, until ctx is done: it counts what drives hold, prunes what is kept, removes what was discarded, and ends locks whose time is over.
func (h *Handler) Run(ctx context.Context) {
	minute, day := time.NewTicker(time.Minute), time.NewTicker(24*time.Hour)
	defer minute.Stop()
	defer day.Stop()
	h.daily(ctx)
	for {
		select {
		case <-ctx.Done():
			h.saveAll(context.WithoutCancel(ctx))
			return
		case <-h.bell:
			h.removeGone(ctx)
			for _, d := range h.woken() {
				h.settle(ctx, d)
			}
		case <-minute.C:
			h.minutely(ctx)
		case <-day.C:
			h.daily(ctx)
		}
	}
}

// wake has Run look at a drive soon.
func (h *Handler) wake(d Drive) {
	h.mu.Lock()
	h.waiting[d.ID] = d
	h.mu.Unlock()
	h.ring()
}

func (h *Handler) ring() {
	select {
	case h.bell <- struct{}{}:
	default:
	}
}

// removeSoon has Run remove what was taken out of kept/ to this name in incoming/. Where nobody runs it, the next start does.
func (h *Handler) removeSoon(gone string) {
	h.mu.Lock()
	h.gone = append(h.gone, gone)
	h.mu.Unlock()
	h.ring()
}

func (h *Handler) removeGone(ctx context.Context) {
	h.mu.Lock()
	all := h.gone
	h.gone = nil
	h.mu.Unlock()
	for _, name := range all {
		if ctx.Err() != nil {
			return
		}
		if err := h.data.RemoveAll("incoming/" + name); err != nil {
			h.log.Error("removing what was discarded", "cause", ForLog(err))
		}
	}
}

// woken answers the drives that wait for Run.
func (h *Handler) woken() []Drive {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := slices.Collect(maps.Values(h.waiting))
	clear(h.waiting)
	return all
}

// inUse answers the drives that had requests since the start, as they were named last.
func (h *Handler) inUse() []Drive {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Drive
	for id, s := range h.drives {
		if s.seen.Name != "" {
			d := s.seen
			d.ID = id
			all = append(all, d)
		}
	}
	return all
}

// settle brings the count of a drive up to date, and what is kept of it below its quota.
func (h *Handler) settle(ctx context.Context, d Drive) {
	s := h.state(d)
	do := func(what string, step func(context.Context, Drive) error) {
		if ctx.Err() != nil {
			return
		}
		if err := step(ctx, d); err != nil && ctx.Err() == nil {
			h.log.Error(what, "cause", ForLog(err))
		}
	}
	do("measuring what is kept", h.measureAside)
	if !s.walked {
		s.walked = true
		do("counting what a drive holds", h.countedRecount)
	}
	do("pruning what is kept", h.pruneToQuota)
}

// lowSpace is how little space, in bytes, the disk may have left while there are things kept: a database that cannot be written serves nobody.
const lowSpace = 256 << 20

func (h *Handler) minutely(ctx context.Context) {
	h.saveAll(ctx)
	for _, d := range h.inUse() {
		h.sweepLocks(ctx, d)
	}
	if free, err := h.free(); err == nil && free < lowSpace {
		h.pruning.Lock()
		defer h.pruning.Unlock()
		if _, err := h.pruneOldest(ctx, nil, lowSpace-free); err != nil && ctx.Err() == nil {
			h.log.Error("making room", "cause", ForLog(err))
		}
	}
}

// sweepLocks ends a drive's expired locks also where no request comes any more, so that the empty files that they made go.
func (h *Handler) sweepLocks(ctx context.Context, d Drive) {
	if !h.mayHaveLocks(d) {
		return
	}
	t, err := h.openTree(d)
	if err == nil {
		err = h.endExpired(ctx, t, d)
		t.close()
	}
	if err != nil && ctx.Err() == nil {
		h.log.Warn("ending expired locks", "cause", ForLog(err))
	}
}

func (h *Handler) daily(ctx context.Context) {
	if err := h.prune(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("pruning what is kept", "cause", ForLog(err))
	}
	for _, d := range h.inUse() {
		h.state(d).walked = false
		h.settle(ctx, d)
	}
}

// saveAll writes what the next start, or another process, could only find out by looking at the files.
func (h *Handler) saveAll(ctx context.Context) {
	if err := h.writeKept(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("writing what is kept", "cause", ForLog(err))
	}
	h.mu.Lock()
	all := slices.Collect(maps.Keys(h.drives))
	h.mu.Unlock()
	for _, id := range all {
		if err := h.save(ctx, Drive{ID: id}); err != nil && ctx.Err() == nil {
			h.log.Error("writing what a drive holds", "cause", ForLog(err))
		}
	}
}
