package dav

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// What costs as much for many kept things as for one, a sync above all, is done for so many, or for those of such a time, or that hold so many folders open.
const (
	keptAtOnce = 64
	keptTime   = 100 * time.Millisecond
	keptOpened = 256
)

// RestoreAll brings things back as [Handler.Restore] does, one after the other in the order of ids, and calls told with the path or the error of each, in that order too.
// What keeps one from coming back hinders no other. It ends after the one under way when ctx is done, or told returns an error, which is answered: what came back until then
// stays.
func (h *Handler) RestoreAll(ctx context.Context, d Drive, ids []string, into *string, told func(id, at string, err error) error) error {
	for some := range slices.Chunk(ids, keptAtOnce) {
		twins, err := h.twinsOf(ctx, d, some)
		if err != nil {
			return err
		}
		for len(some) > 0 {
			var done keptResults
			if done, err = h.restoreSome(ctx, d, some, into, twins); err == nil {
				err = done.tell(told)
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			some = some[len(done):]
		}
	}
	return nil
}

// keptResults is what became of kept things.
type keptResults []struct {
	id, at string
	err    error
}

func (all keptResults) tell(told func(id, at string, err error) error) error {
	for _, one := range all {
		if err := told(one.id, one.at, one.err); err != nil {
			return err
		}
	}
	return nil
}

func (all *keptResults) add(id, at string, err error) {
	*all = append(*all, struct {
		id, at string
		err    error
	}{id, at, err})
}

// fail has those that went well fail with err.
func (all keptResults) fail(err error) {
	for i := range all {
		if all[i].err == nil {
			all[i].at, all[i].err = "", err
		}
	}
}

// restoring is a drive into which things come back. What they changed is made durable together.
type restoring struct {
	h     *Handler
	drive Drive
	tree  *tree
	twins map[string]string
	sync  []*folder
	gone  []string // ids
}

// restoreSome brings back the first of ids, at least one.
func (h *Handler) restoreSome(ctx context.Context, d Drive, ids []string, into *string, twins map[string]string) (done keptResults, err error) {
	t, err := h.openTree(d)
	if err != nil {
		return nil, err
	}
	defer t.close()
	h.tidyOnce(d, t)
	if err := h.endExpired(ctx, t, d); err != nil {
		return nil, err
	}
	g := &restoring{h: h, drive: d, tree: t, twins: twins}
	began := time.Now()
	for _, id := range ids {
		at, err := g.bringBack(ctx, id, into)
		done.add(id, at, err)
		if ctx.Err() != nil || len(t.opened) > keptOpened || time.Since(began) > keptTime {
			break
		}
	}
	if err := h.forgetKept(context.WithoutCancel(ctx), d.ID[:], g.gone...); err != nil { // the next start forgets it
		h.log.Warn("forgetting what was restored", "cause", ForLog(err))
	}
	if len(g.sync) > 0 {
		if err := h.syncFolders(g.sync); err != nil {
			done.fail(because(http.StatusInternalServerError, err)) // even for a full disk: they are back, and must not come back once more
		}
	}
	return done, nil
}

// bringBack brings back one, with what macOS keeps beside it.
func (g *restoring) bringBack(ctx context.Context, id string, into *string) (string, error) {
	r, k, err := g.h.findKept(ctx, g.drive, id)
	if err != nil {
		return "", err
	}
	names := strings.Split(r.path, "/")
	if into != nil {
		if names, err = splitFolder(*into); err != nil {
			return "", err
		}
		names = append(names, path.Base(r.path))
	}
	at, err := g.restore(ctx, &restoration{keptRow: r, thing: k, names: names, mkdirs: into == nil, beside: true})
	if err != nil {
		return "", err
	}
	if twin, k, err := g.h.findTwin(ctx, g.drive, g.twins, id); err == nil {
		_, err = g.restore(ctx, &restoration{keptRow: twin, thing: k, names: strings.Split(besideOf(at), "/")})
		if err != nil && !errors.Is(err, fs.ErrExist) {
			g.h.log.Warn("restoring what macOS keeps beside a file", "cause", ForLog(err))
		}
	}
	return at, nil
}

// DiscardAll removes things from a drive's trash as [Handler.Discard] does, and tells of each as [Handler.RestoreAll] does; at is "".
func (h *Handler) DiscardAll(ctx context.Context, d Drive, ids []string, told func(id string, err error) error) error {
	for some := range slices.Chunk(ids, keptAtOnce) {
		twins, err := h.twinsOf(ctx, d, some)
		if err != nil {
			return err
		}
		var done keptResults
		var gone []string
		for _, id := range some {
			gone, err = h.discardOne(ctx, d, id, twins, gone)
			done.add(id, "", err)
			if ctx.Err() != nil {
				break
			}
		}
		if err := h.forgetKept(context.WithoutCancel(ctx), d.ID[:], gone...); err != nil {
			done.fail(fmt.Errorf("forgetting what was kept: %w", err))
		}
		err = done.tell(func(id, _ string, err error) error { return told(id, err) })
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// discardOne takes one out of the trash, with what macOS keeps beside it, and adds the ids whose rows must go to gone.
func (h *Handler) discardOne(ctx context.Context, d Drive, id string, twins map[string]string, gone []string) ([]string, error) {
	r, t, err := h.findKept(ctx, d, id)
	if err != nil {
		return gone, err
	}
	if err = t.discard(ctx, r); err == nil || errors.Is(err, ErrNotKept) {
		gone = append(gone, id)
	}
	if err != nil {
		return gone, err
	}
	twin, t, err := h.findTwin(ctx, d, twins, id)
	if err == nil {
		if err = t.discard(ctx, twin); err == nil {
			gone = append(gone, twin.id)
		}
	}
	if err != nil && !errors.Is(err, ErrNotKept) {
		h.log.Warn("discarding what macOS keeps beside a file", "cause", ForLog(err))
	}
	return gone, nil
}

// twinTime is how long before or after a file what macOS knows of it is deleted, in seconds: Finder does both at once.
const twinTime = 10

// twinsOf finds what was deleted together with things: the ids of the files in which macOS keeps what it knows of them, by the things' ids.
func (h *Handler) twinsOf(ctx context.Context, d Drive, ids []string) (map[string]string, error) {
	byPath := map[string][]keptRow{}
	var from, to int64
	see := func(r keptRow) {
		if len(byPath) == 0 || r.at < from {
			from = r.at
		}
		if r.at > to {
			to = r.at
		}
		twin := besideOf(r.path)
		byPath[twin] = append(byPath[twin], r)
	}
	if err := h.eachKept(ctx, d, oneOf("id", len(ids)), anys(ids), see); err != nil {
		return nil, err
	}
	twins := map[string]string{}
	if len(byPath) == 0 {
		return twins, nil
	}
	args := []any{keptIDTime(from - twinTime), keptIDTime(to + twinTime + 1)}
	for twin := range byPath {
		args = append(args, twin)
	}
	where := `replaced = 0 AND folder = 0 AND id >= ? AND id < ? AND ` + oneOf("path", len(byPath))
	return twins, h.eachKept(ctx, d, where, args, func(twin keptRow) {
		for _, r := range byPath[twin.path] {
			if twin.id != r.id && twin.id >= keptIDTime(r.at-twinTime) && twin.id < keptIDTime(r.at+twinTime+1) {
				twins[r.id] = twin.id
			}
		}
	})
}

// oneOf is the condition that a column is one of n arguments, at least one.
func oneOf(column string, n int) string { return column + ` IN (?` + strings.Repeat(",?", n-1) + `)` }

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = text
	}
	return all
}

// findTwin finds the twin of a thing. [ErrNotKept] if it has none.
func (h *Handler) findTwin(ctx context.Context, d Drive, twins map[string]string, id string) (keptRow, *thing, error) {
	if twins[id] == "" {
		return keptRow{}, nil, ErrNotKept
	}
	return h.findKept(ctx, d, twins[id])
}

// keptIDTime is what the ids begin with that were made in that second.
func keptIDTime(at int64) string { return time.Unix(at, 0).UTC().Format(idTime) }
