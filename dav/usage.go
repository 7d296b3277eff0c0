package dav

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync"
)

// usage is the running count of what a drive holds. It begins with the row in table usage, goes along with each change, and is set right by a walk over the
// files: when a drive is first used after a start, and daily, since files also change from outside.
type usage struct {
	mu       sync.Mutex
	loaded   bool  // used and kept hold more than the changes since the start
	unsaved  bool  // the row says something else
	used     int64 // bytes of the drive's files; with the folders in aside
	kept     int64 // bytes of what is kept; without them
	reserved int64 // bytes that bodies and copies on their way have taken
	changes  int   // counted, for the walk
	aside    []string
	settling sync.Mutex // held while aside is measured
}

// counted is what a change does to the count.
type counted struct {
	used, kept, reserved int64
	aside                string // an entry of kept/NAME: a folder, whose size is not known yet
}

// count adds a change that has happened.
func (h *Handler) count(d Drive, c counted) {
	if c == (counted{}) {
		return
	}
	u := &h.state(d).usage
	u.mu.Lock()
	u.used += c.used
	u.kept += c.kept
	u.reserved += c.reserved
	u.changes++
	u.unsaved = true
	if c.aside != "" {
		u.aside = append(u.aside, c.aside)
	}
	over := d.Quota > 0 && u.used+u.kept > d.Quota
	u.mu.Unlock()
	if c.aside != "" || over {
		h.wake(d)
	}
}

// load reads what was counted before the start, and walks if there is no such row. The caller does not hold the drive.
func (h *Handler) load(ctx context.Context, d Drive) error {
	u := &h.state(d).usage
	u.mu.Lock()
	known := u.loaded
	u.mu.Unlock()
	if known {
		return nil
	}
	var used, kept int64
	err := h.db.QueryRowContext(ctx, `SELECT used, kept FROM usage WHERE drive = ?`, d.ID[:]).Scan(&used, &kept)
	if errors.Is(err, sql.ErrNoRows) {
		return h.recount(ctx, d)
	}
	if err != nil {
		return fmt.Errorf("reading what a drive holds: %w", err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.loaded { // somebody else may have
		u.used, u.kept, u.loaded = u.used+used, u.kept+kept, true
	}
	return nil
}

// save writes the row.
func (h *Handler) save(ctx context.Context, d Drive) error {
	u := &h.state(d).usage
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.unsaved {
		return nil
	}
	if !u.loaded { // what the row said has not been asked for yet
		if _, err := h.relaxed.ExecContext(ctx, `UPDATE usage SET used = used + ?, kept = kept + ? WHERE drive = ?`, u.used, u.kept, d.ID[:]); err != nil {
			return fmt.Errorf("writing what a drive holds: %w", err)
		}
		u.used, u.kept, u.unsaved = 0, 0, false
		return nil
	}
	if _, err := h.relaxed.ExecContext(ctx, `INSERT INTO usage (drive, used, kept) VALUES (?, ?, ?)
		ON CONFLICT (drive) DO UPDATE SET used = excluded.used, kept = excluded.kept`, d.ID[:], u.used, u.kept); err != nil {
		return fmt.Errorf("writing what a drive holds: %w", err)
	}
	u.unsaved = false
	return nil
}

// measureAside finds out how much the folders held that were set aside, and so does not count as used any more.
func (h *Handler) measureAside(ctx context.Context, d Drive) error {
	u := &h.state(d).usage
	u.mu.Lock()
	none := len(u.aside) == 0
	u.mu.Unlock()
	if none { // then a walk that is under way is nothing to wait for
		return nil
	}
	u.settling.Lock()
	defer u.settling.Unlock()
	for {
		u.mu.Lock()
		var entry string
		if len(u.aside) > 0 {
			entry = u.aside[0]
		}
		u.mu.Unlock()
		if entry == "" {
			return nil
		}
		dir, err := h.keptOf(d)
		if err != nil {
			return err
		}
		size, err := sizeBelow(ctx, dir, entry)
		if err != nil && !notHere(err) {
			return err
		}
		row, _ := parseKept(entry)
		if err := h.measuredKept(ctx, d.ID, row.id, size); err != nil {
			return err
		}
		u.mu.Lock()
		if len(u.aside) > 0 && u.aside[0] == entry { // a walk may have settled it
			u.aside = u.aside[1:]
			u.used -= size
			u.kept += size
			u.changes++
			u.unsaved = true
		}
		u.mu.Unlock()
	}
}

// recount sets the count right. A drive that changes while it is walked is walked again, three times at most; the next day's walk is another chance.
func (h *Handler) recount(ctx context.Context, d Drive) error {
	u := &h.state(d).usage
	for try := 1; ; try++ {
		u.settling.Lock()
		release := h.lockDrive(d) // so that no change is between its renames and its count
		u.mu.Lock()
		before := u.changes
		u.mu.Unlock()
		release()
		used, kept, err := h.weigh(ctx, d)
		if err != nil {
			u.settling.Unlock()
			return err
		}
		release = h.lockDrive(d)
		u.mu.Lock()
		quiet := u.changes == before
		if quiet || try == 3 {
			u.used, u.kept, u.loaded, u.unsaved = used, kept, true, true
			u.aside = nil // the walk found them in kept/
		}
		u.mu.Unlock()
		release()
		u.settling.Unlock()
		if quiet || try == 3 {
			return nil
		}
	}
}

// weigh walks over a drive's files, and what is kept of it.
func (h *Handler) weigh(ctx context.Context, d Drive) (used, kept int64, err error) {
	if used, err = sizeBelow(ctx, h.drivesFolder, d.Name); err != nil && !notHere(err) {
		return 0, 0, err
	}
	if kept, err = sizeBelow(ctx, h.keptFolder, d.Name); err != nil && !notHere(err) {
		return 0, 0, err
	}
	return used, kept, nil
}

// Weigh adds up the bytes of a drive's files, without a [Handler] and so also beside another process that serves the data folder: it only reads. A drive
// that was never used has none.
func Weigh(ctx context.Context, data *os.Root, d Drive) (int64, error) {
	if !validPart(d.Name) {
		return 0, fmt.Errorf("weighing a drive: %w", ErrInvalidName)
	}
	drives, err := openFolder(data, "drive")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("weighing a drive: %w", err)
	}
	defer drives.close()
	n, err := sizeBelow(ctx, drives, d.Name)
	if err != nil && !notHere(err) {
		return 0, fmt.Errorf("weighing a drive: %w", err)
	}
	return n, nil
}

// sizeBelow adds up the bytes of a file, or of all files in a folder, at any depth.
func sizeBelow(ctx context.Context, dir *folder, name string) (total int64, err error) {
	info, err := dir.lstat(name)
	if err != nil {
		return 0, err
	}
	if !info.IsDir() {
		return info.size, nil
	}
	w := walker{root: dir}
	defer w.close()
	for left := []string{name}; len(left) > 0; {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		at := left[len(left)-1]
		left = left[:len(left)-1]
		sub, err := w.folder(at)
		if notHere(err) || errors.Is(err, fs.ErrPermission) {
			continue // gone since, or closed to us from outside
		}
		if err != nil {
			return 0, err
		}
		err = sub.each(func(e *stat) error {
			switch {
			case e.mode.IsRegular():
				total += e.size
			case e.mode.IsDir():
				left = append(left, path.Join(at, e.name))
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return total, nil
}
