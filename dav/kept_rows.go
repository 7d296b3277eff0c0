package dav

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// keptRow is a row of table kept.
type keptRow struct {
	drive    [16]byte
	id       string
	path     string
	at       int64 // seconds since 1970
	door     string
	device   string
	folder   bool
	replaced bool
	size     int64 // of a folder 0, until it is measured
}

// A row may be there already: made from its entry.
const insertKept = `INSERT INTO kept (drive, id, path, at, door, device, folder, replaced, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

func (r *keptRow) args() []any {
	return []any{r.drive[:], r.id, r.path, r.at, r.door, r.device, r.folder, r.replaced, r.size}
}

// unwrittenRows are the rows of what was put aside a moment ago. They are written many at once, and no request waits for it: what they say stands in the names of their
// entries too, from which the next start makes those again that a kill took. Whoever reads table kept calls [Handler.writeKept] first.
type unwrittenRows struct {
	mu    sync.Mutex
	rows  []keptRow
	timer bool // they will be written

	writing sync.Mutex // held while rows are written, changed or taken out
}

const (
	writeDelay   = 100 * time.Millisecond
	maxUnwritten = 4096 // rows
)

// add has the row written soon.
func (u *unwrittenRows) add(h *Handler, row keptRow) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.rows = append(u.rows, row)
	if u.timer {
		return
	}
	u.timer = true
	time.AfterFunc(writeDelay, func() {
		u.mu.Lock()
		u.timer = false
		u.mu.Unlock()
		h.writeKept(context.Background()) // where that fails they stay, and saveAll, which says so, tries again each minute
	})
}

// wait makes room for one more row.
func (u *unwrittenRows) wait(h *Handler) error {
	u.mu.Lock()
	full := len(u.rows) >= maxUnwritten
	u.mu.Unlock()
	if !full {
		return nil
	}
	return h.writeKept(context.Background())
}

// writeKept writes the rows that are not written yet.
func (h *Handler) writeKept(ctx context.Context) error {
	u := &h.unwritten
	u.writing.Lock()
	defer u.writing.Unlock()
	u.mu.Lock()
	rows := slices.Clone(u.rows)
	u.mu.Unlock()
	if len(rows) == 0 {
		return nil
	}
	if err := h.insertRows(ctx, rows); err != nil {
		return fmt.Errorf("writing what is kept: %w", err)
	}
	u.mu.Lock()
	u.rows = slices.Delete(u.rows, 0, len(rows))
	u.mu.Unlock()
	return nil
}

func (h *Handler) insertRows(ctx context.Context, rows []keptRow) error {
	tx, err := h.relaxed.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert := tx.StmtContext(ctx, h.insertKept)
	for i := range rows {
		if _, err := insert.ExecContext(ctx, rows[i].args()...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// each calls see with the rows that are not written. They are younger than all that are.
func (u *unwrittenRows) each(see func(keptRow)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, r := range u.rows {
		see(r)
	}
}

// sizeOfKept adds up what is kept of all drives, in bytes. Of folders that are not measured yet, nothing.
func (h *Handler) sizeOfKept(ctx context.Context) (total int64, err error) {
	u := &h.unwritten
	u.writing.Lock()
	defer u.writing.Unlock()
	if err := h.db.QueryRowContext(ctx, `SELECT coalesce(sum(size), 0) FROM kept`).Scan(&total); err != nil {
		return 0, fmt.Errorf("counting what is kept: %w", err)
	}
	u.each(func(r keptRow) { total += r.size })
	return total, nil
}

// measuredKept notes the size of a kept folder.
func (h *Handler) measuredKept(ctx context.Context, drive [16]byte, id string, size int64) error {
	u := &h.unwritten
	u.writing.Lock()
	defer u.writing.Unlock()
	u.mu.Lock()
	at := slices.IndexFunc(u.rows, func(r keptRow) bool { return r.id == id })
	if at >= 0 {
		u.rows[at].size = size
	}
	u.mu.Unlock()
	if at >= 0 {
		return nil
	}
	if _, err := h.relaxed.ExecContext(ctx, `UPDATE kept SET size = ? WHERE drive = ? AND id = ?`, size, drive[:], id); err != nil {
		return fmt.Errorf("measuring what is kept: %w", err)
	}
	return nil
}

// forgetKept removes the rows of things that are not kept any more.
func (h *Handler) forgetKept(ctx context.Context, drive []byte, ids ...string) error {
	u := &h.unwritten
	u.writing.Lock()
	defer u.writing.Unlock()
	forgotten := make(map[string]bool, len(ids))
	for _, id := range ids {
		forgotten[id] = true
	}
	u.mu.Lock()
	u.rows = slices.DeleteFunc(u.rows, func(r keptRow) bool { return forgotten[r.id] })
	u.mu.Unlock()
	for some := range slices.Chunk(ids, 500) {
		args := append([]any{drive}, anys(some)...)
		if _, err := h.relaxed.ExecContext(ctx, `DELETE FROM kept WHERE drive = ? AND `+oneOf("id", len(some)), args...); err != nil {
			return err
		}
	}
	return nil
}
