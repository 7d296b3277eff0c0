package dav

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// KeptFor is how long what was deleted or overwritten can come back.
const KeptFor = 30 * 24 * time.Hour

// keeping is a folder kept/NAME/ID that is about to take in what a request destroys.
type keeping struct {
	h     *Handler
	drive Drive
	id    string
	all   *os.Root // kept/NAME
	dir   *os.Root // kept/NAME/ID
}

// newID makes a name that nobody can guess and that sorts by time.
func (h *Handler) newID() string {
	var b [8]byte
	rand.Read(b[:])
	return h.now().UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:])
}

// keep makes the folder for s, and its row in tx.
func (h *Handler) keep(ctx context.Context, tx *sql.Tx, d Drive, s *spot, door string) (*keeping, error) {
	k := &keeping{h: h, drive: d, id: h.newID()}
	size := int64(0)
	if s.isFile() {
		size = s.info.Size()
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO kept (drive, id, path, at, door, folder, size) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		d.ID[:], k.id, s.path, h.now().Unix(), door, s.isFolder(), size); err != nil {
		return nil, fmt.Errorf("keeping what is replaced: %w", err)
	}
	all, err := h.keptRoot(d)
	if err != nil {
		return nil, err
	}
	k.all = all
	if err := all.Mkdir(k.id, 0o700); err != nil {
		all.Close()
		return nil, fmt.Errorf("keeping what is replaced: %w", err)
	}
	if k.dir, err = all.OpenRoot(k.id); err != nil {
		all.Remove(k.id)
		all.Close()
		return nil, fmt.Errorf("keeping what is replaced: %w", err)
	}
	return k, nil
}

// keptRoot opens kept/NAME, making it on first use.
func (h *Handler) keptRoot(d Drive) (*os.Root, error) {
	all, err := h.data.OpenRoot("kept")
	if err != nil {
		return nil, fmt.Errorf("opening what is kept: %w", err)
	}
	defer all.Close()
	if err := all.Mkdir(d.Name, 0o700); err == nil {
		err = syncFolder(all)
		if err != nil {
			return nil, err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("opening what is kept: %w", err)
	}
	root, _, err := openFolder(all, d.Name)
	if err != nil {
		return nil, fmt.Errorf("opening what is kept: %w", err)
	}
	return root, nil
}

// cancel takes the folder away again; it is empty.
func (k *keeping) cancel() error { return k.all.Remove(k.id) }

// sync makes what was taken in durable.
func (k *keeping) sync() error { return errors.Join(syncFolder(k.dir), syncFolder(k.all)) }

func (k *keeping) close() {
	k.dir.Close()
	k.all.Close()
}

// prune removes what was kept for long enough, on every drive whose folder is below kept/. What cannot be removed keeps its row, so that the next run tries it
// again, and holds up nothing else.
func (h *Handler) prune(ctx context.Context) error {
	old, err := h.overdue(ctx)
	if err != nil {
		return fmt.Errorf("pruning what is kept: %w", err)
	}
	if len(old) == 0 {
		return nil
	}
	left, err := h.removeKept(ctx, old)
	for id, drive := range old { // the files are gone; a row without them would only be looked for again
		if ctx.Err() != nil {
			break
		}
		if left(id) {
			continue
		}
		if _, derr := h.db.ExecContext(ctx, `DELETE FROM kept WHERE drive = ? AND id = ?`, drive, id); derr != nil {
			err = errors.Join(err, derr)
			break // the database; the next would fail too
		}
	}
	if err = errors.Join(err, ctx.Err()); err != nil {
		return fmt.Errorf("pruning what is kept: %w", err)
	}
	return nil
}

// overdue answers what was kept for long enough: the drive of each id.
func (h *Handler) overdue(ctx context.Context) (map[string][]byte, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT drive, id FROM kept WHERE at < ?`, h.now().Add(-KeptFor).Unix())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	old := map[string][]byte{}
	for rows.Next() {
		var drive []byte
		var id string
		if err := rows.Scan(&drive, &id); err != nil {
			return nil, err
		}
		old[id] = drive
	}
	return old, rows.Err()
}

// removeKept removes the folders of these ids, on all drives, as far as it can. left says of an id whether its folder is there still, or may be.
func (h *Handler) removeKept(ctx context.Context, old map[string][]byte) (left func(id string) bool, err error) {
	failed := map[string]bool{}
	unread := false // a drive whose folder could not be read: any id that was not found may be there
	gone := map[string]bool{}
	left = func(id string) bool { return failed[id] || unread && !gone[id] }

	all, err := h.data.OpenRoot("kept")
	if err != nil {
		unread = true
		return left, err
	}
	defer all.Close()
	names, err := readNames(all)
	if err != nil {
		unread = true
		return left, err
	}
	for _, name := range names { // the rows do not know the drive's name, which may change; an id is unique over all
		dir, _, oerr := openFolder(all, name)
		if errors.Is(oerr, errNotFolder) || errors.Is(oerr, fs.ErrNotExist) {
			continue // not ours, or gone since
		}
		if oerr != nil {
			unread, err = true, errors.Join(err, oerr)
			continue
		}
		ids, rerr := readNames(dir)
		if rerr != nil {
			unread, err = true, errors.Join(err, rerr)
		}
		for _, id := range ids {
			if _, found := old[id]; !found || ctx.Err() != nil {
				continue
			}
			if rerr := dir.RemoveAll(id); rerr != nil {
				failed[id], err = true, errors.Join(err, rerr)
			} else {
				gone[id] = true
			}
		}
		dir.Close()
	}
	return left, err
}

func readNames(dir *os.Root) ([]string, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}
