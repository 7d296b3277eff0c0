package dav

import (
	"context"
	"errors"
	"fmt"
)

// pruned is a kept thing that is to go. Its row does not know the drive's name, which may change; an id is unique over all.
type pruned struct {
	drive [16]byte
	id    string
	size  int64 // of a folder 0, until it is measured
}

// prune removes what was kept for [KeptFor], on every drive. What cannot be removed keeps its row, so that the next run tries it again, and holds up nothing else.
func (h *Handler) prune(ctx context.Context) error {
	if h.steady != nil && !h.steady(ctx) {
		return nil
	}
	old, err := h.keptRows(ctx, `WHERE at < ? ORDER BY at`, h.now().Add(-KeptFor).Unix())
	if err == nil && len(old) > 0 {
		_, err = h.removeKept(ctx, old)
	}
	if err != nil {
		return fmt.Errorf("pruning what is kept: %w", err)
	}
	return nil
}

// pruneOldest removes what was kept longest, of one drive or of all, until need bytes came free or nothing is left. It answers how many came free.
func (h *Handler) pruneOldest(ctx context.Context, drive *[16]byte, need int64) (freed int64, err error) {
	for freed < need {
		oldest, err := h.oldestKept(ctx, drive)
		if err != nil {
			return freed, fmt.Errorf("pruning what is kept: %w", err)
		}
		for n, sum := 0, freed; n < len(oldest); n++ {
			if sum += oldest[n].size; sum >= need {
				oldest = oldest[:n+1]
			}
		}
		if len(oldest) == 0 {
			return freed, nil
		}
		more, err := h.removeKept(ctx, oldest)
		freed += more
		if err != nil {
			return freed, fmt.Errorf("pruning what is kept: %w", err)
		}
	}
	return freed, nil
}

// makeRoom prunes for a change to drive d that the disk had no space for, of that drive first. It answers whether anything came free.
func (h *Handler) makeRoom(ctx context.Context, d Drive, need int64) bool {
	h.pruning.Lock()
	defer h.pruning.Unlock()
	need = max(need, leastRoom)
	freed, err := h.pruneOldest(ctx, &d.ID, need)
	if err == nil && freed < need {
		var more int64
		more, err = h.pruneOldest(ctx, nil, need-freed)
		freed += more
	}
	if err != nil && ctx.Err() == nil {
		h.log.Error("making room", "cause", ForLog(err))
	}
	return freed > 0
}

// leastRoom is what pruning for a full disk frees at least, so that the next write need not come here again.
const leastRoom = 16 << 20

// pruneToQuota sees to it that what is kept fits into the quota too.
func (h *Handler) pruneToQuota(ctx context.Context, d Drive) error {
	if d.Quota <= 0 {
		return nil
	}
	elsewhere, err := h.countElsewhere(ctx, d)
	if err != nil {
		return err
	}
	if err := h.load(ctx, d); err != nil {
		return err
	}
	u := &h.state(d).usage
	u.mu.Lock()
	over := min(u.used+elsewhere+u.kept-d.Quota, u.kept) // what is on its way is only claimed, and may never come
	u.mu.Unlock()
	if over <= 0 {
		return nil
	}
	_, err = h.pruneOldest(ctx, &d.ID, over)
	return err
}

// oldestKept answers some things that were kept longest, of one drive or of all. It also knows those whose rows a full disk does not let be written.
func (h *Handler) oldestKept(ctx context.Context, drive *[16]byte) ([]pruned, error) {
	const limit = 5000
	werr := h.writeKept(ctx)
	h.unwritten.writing.Lock()
	defer h.unwritten.writing.Unlock()
	where, args := `ORDER BY at, id LIMIT ?`, []any{limit}
	if drive != nil {
		where, args = `WHERE drive = ? `+where, []any{drive[:], limit}
	}
	oldest, err := h.keptRows(ctx, where, args...)
	if err != nil || werr == nil || len(oldest) == limit {
		return oldest, err
	}
	h.unwritten.each(func(r keptRow) {
		if drive == nil || r.drive == *drive {
			oldest = append(oldest, pruned{r.drive, r.id, r.size})
		}
	})
	return oldest, nil
}

func (h *Handler) keptRows(ctx context.Context, where string, args ...any) ([]pruned, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT drive, id, size FROM kept `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []pruned
	for rows.Next() {
		var drive []byte
		var r pruned
		if err := rows.Scan(&drive, &r.id, &r.size); err != nil {
			return nil, err
		}
		copy(r.drive[:], drive)
		all = append(all, r)
	}
	return all, rows.Err()
}

// removeKept removes entries and then their rows, as far as it can, and answers how many bytes came free.
func (h *Handler) removeKept(ctx context.Context, old []pruned) (freed int64, err error) {
	rows := make(map[string]pruned, len(old))
	for _, r := range old {
		rows[r.id] = r
	}
	names, err := h.keptFolder.all()
	if err != nil {
		return 0, err
	}
	stays := map[string]bool{}
	unread := false // a drive whose folder could not be read: what was not found may be there
	gone := map[string]bool{}
	for _, name := range names {
		dir, oerr := h.keptFolder.sub(name)
		if notHere(oerr) {
			continue // not ours, or gone since
		}
		if oerr != nil {
			unread, err = true, errors.Join(err, oerr)
			continue
		}
		entries, rerr := dir.all()
		if rerr != nil {
			unread, err = true, errors.Join(err, rerr)
		}
		for _, entry := range entries {
			named, ours := parseKept(entry)
			id := named.id
			row, found := rows[id]
			if !ours || !found || ctx.Err() != nil {
				continue
			}
			t := &thing{h: h, drive: row.drive, name: name, dir: dir, entry: entry}
			if rerr := t.remove(ctx); rerr != nil {
				stays[id], err = true, errors.Join(err, rerr)
				continue
			}
			gone[id] = true
			freed += t.size
		}
		dir.close()
	}
	without := map[[16]byte][]string{} // the files are gone; a row without them would only be looked for again
	for id, row := range rows {
		if !stays[id] && (gone[id] || !unread) {
			without[row.drive] = append(without[row.drive], id)
		}
	}
	for drive, ids := range without {
		if ctx.Err() != nil {
			break
		}
		if derr := h.forgetKept(ctx, drive[:], ids...); derr != nil {
			return freed, errors.Join(err, derr) // the database; the next would fail too
		}
	}
	return freed, errors.Join(err, ctx.Err())
}
