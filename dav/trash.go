package dav

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"time"
)

// Kept is something that was deleted and can come back: an entry of the drive's trash. What was overwritten is kept too, but is an earlier version of what is there, and
// stands in no trash; nor do the files that [IsHidden] names, which come and go with the file that they belong to.
type Kept struct {
	ID     string
	Path   string    // where it was
	At     time.Time // when it went, in whole seconds
	Until  time.Time // when it goes for good, unless its space is needed before
	Door   string    // through which it was deleted: "/dav" or "/files"; "" if unknown
	Device string    // see [Drive]; "" if unknown
	Folder bool
	Size   int64 // bytes; of a folder 0 until it is measured
}

// ErrNotKept is compared with [errors.Is]: there is nothing of that id in the drive's trash, or not any more.
var ErrNotKept = errors.New("dav: not kept")

// ErrNoID is compared with [errors.Is]: nothing kept ever has this id.
var ErrNoID = errors.New("dav: no id")

var keptIDs = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}$`)

const keptColumns = `id, path, at, door, device, folder, replaced, size`

func (r *keptRow) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&r.id, &r.path, &r.at, &r.door, &r.device, &r.folder, &r.replaced, &r.size)
}

// Trash is some of what is in a drive's trash, newest first.
type Trash struct {
	Items  []Kept
	Next   string // after it the list goes on; "" at its end
	Newest string // the id of what was deleted last, also if it stands in no list; "" where nothing was
	Size   int64  // bytes of all that is in the trash, but for folders that are not measured yet
}

// Trash answers at most limit of what is in a drive's trash and older than the id after, or of all if that is "". [ErrNoID].
func (h *Handler) Trash(ctx context.Context, d Drive, after string, limit int) (Trash, error) {
	if after != "" && !keptIDs.MatchString(after) {
		return Trash{}, ErrNoID
	}
	t := Trash{Items: []Kept{}}
	last, n := "", 0
	err := h.eachDeleted(ctx, d, `(? = '' OR id < ?) ORDER BY id DESC LIMIT ?`, []any{after, after, limit + 1}, func(r keptRow) {
		if n++; n > limit {
			t.Next = last
			return
		}
		if last = r.id; n == 1 {
			t.Newest = r.id
		}
		if at := time.Unix(r.at, 0); !IsHidden(path.Base(r.path), r.folder) {
			t.Items = append(t.Items, Kept{r.id, r.path, at, at.Add(KeptFor), r.door, r.device, r.folder, r.size})
		}
	})
	if err != nil {
		return Trash{}, err
	}
	if err := h.db.QueryRowContext(ctx, `SELECT coalesce(sum(size), 0) FROM kept WHERE drive = ? AND replaced = 0`, d.ID[:]).Scan(&t.Size); err != nil {
		return Trash{}, fmt.Errorf("counting what is kept: %w", err)
	}
	return t, nil
}

// eachDeleted reads the rows of what was deleted from a drive.
func (h *Handler) eachDeleted(ctx context.Context, d Drive, where string, args []any, see func(keptRow)) error {
	return h.eachKept(ctx, d, `replaced = 0 AND `+where, args, see)
}

// eachKept reads the rows of what is kept of a drive.
func (h *Handler) eachKept(ctx context.Context, d Drive, where string, args []any, see func(keptRow)) error {
	if err := h.writeKept(ctx); err != nil {
		return err
	}
	rows, err := h.db.QueryContext(ctx, `SELECT `+keptColumns+` FROM kept WHERE drive = ? AND `+where, append([]any{d.ID[:]}, args...)...)
	if err != nil {
		return fmt.Errorf("reading what is kept: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r := keptRow{drive: d.ID}
		if err := r.scan(rows); err != nil {
			return fmt.Errorf("reading what is kept: %w", err)
		}
		see(r)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading what is kept: %w", err)
	}
	return nil
}

// Discard removes something from a drive's trash for good. It does not wait for its files to go. [ErrNotKept].
func (h *Handler) Discard(ctx context.Context, d Drive, id string) (err error) {
	derr := h.DiscardAll(ctx, d, []string{id}, func(_ string, failed error) error {
		err = failed
		return nil
	})
	return errors.Join(err, derr)
}

// Empty removes for good what is in a drive's trash up to the id last, so that what was deleted after somebody looked stays. It answers how many things that were, without
// those that stand in no list. [ErrNoID].
func (h *Handler) Empty(ctx context.Context, d Drive, last string) (items int, err error) {
	if !keptIDs.MatchString(last) {
		return 0, ErrNoID
	}
	var old []keptRow
	if err := h.eachDeleted(ctx, d, `id <= ?`, []any{last}, func(r keptRow) { old = append(old, r) }); err != nil {
		return 0, err
	}
	dir, err := h.keptOf(d)
	if err != nil {
		return 0, err
	}
	entries, err := entriesByID(dir)
	if err != nil {
		return 0, err
	}
	var gone []string // without rows at the end
	for _, r := range old {
		if entry := entries[r.id]; entry != "" {
			t := &thing{h: h, drive: d.ID, name: d.Name, dir: dir, entry: entry}
			if err = t.discard(ctx, r); err != nil && !errors.Is(err, ErrNotKept) {
				break
			}
		}
		gone = append(gone, r.id)
		if err == nil && !IsHidden(path.Base(r.path), r.folder) {
			items++
		}
		err = nil
	}
	if ferr := h.forgetKept(context.WithoutCancel(ctx), d.ID[:], gone...); ferr != nil {
		err = errors.Join(err, fmt.Errorf("forgetting what was kept: %w", ferr))
	}
	return items, err
}

// discard takes it out of kept/ and has it removed soon. [ErrNotKept] if somebody else has taken it.
func (t *thing) discard(ctx context.Context, r keptRow) error {
	err := ctx.Err()
	if t.size = r.size; err == nil && r.folder && t.size == 0 {
		t.size, err = sizeBelow(ctx, t.dir, t.entry)
	}
	var gone string
	if err == nil {
		gone, err = t.take()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotKept
	case isFull(err):
		return t.removeInPlace()
	case err != nil:
		return err
	}
	t.h.removeSoon(gone)
	return nil
}

// findKept finds what a drive keeps under an id: its row and its entry. The query decides that it is this drive's; that its entry lies in another folder than those of
// other drives is no permission.
func (h *Handler) findKept(ctx context.Context, d Drive, id string) (keptRow, *thing, error) {
	r := keptRow{drive: d.ID}
	if err := h.writeKept(ctx); err != nil {
		return r, nil, err
	}
	err := r.scan(h.db.QueryRowContext(ctx, `SELECT `+keptColumns+` FROM kept WHERE drive = ? AND id = ?`, d.ID[:], id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil, ErrNotKept
	}
	if err != nil {
		return r, nil, fmt.Errorf("reading what is kept: %w", err)
	}
	dir, err := h.keptOf(d)
	if err != nil {
		return r, nil, err
	}
	t := &thing{h: h, drive: d.ID, name: d.Name, dir: dir, entry: r.entry()}
	if _, err := dir.lstat(t.entry); err == nil {
		return r, t, nil
	}
	entries, err := entriesByID(dir) // its name may say less than its row
	if err != nil {
		return r, nil, err
	}
	if t.entry = entries[id]; t.entry == "" {
		return r, nil, h.notKept(ctx, r)
	}
	return r, t, nil
}

// notKept forgets the row of a thing that is not there, and answers [ErrNotKept].
func (h *Handler) notKept(ctx context.Context, r keptRow) error {
	return errors.Join(ErrNotKept, h.forgetKept(ctx, r.drive[:], r.id))
}

// entriesByID answers the entries of kept/NAME.
func entriesByID(dir *folder) (map[string]string, error) {
	names, err := dir.all()
	if err != nil {
		return nil, fmt.Errorf("reading what is kept: %w", err)
	}
	entries := make(map[string]string, len(names))
	for _, entry := range names {
		if r, ok := parseKept(entry); ok {
			entries[r.id] = entry
		}
	}
	return entries, nil
}
