package dav

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"
)

// Place publishes a finished upload: the regular file below from, on the data folder's file system, takes the name in one rename, as with a PUT. name is decoded, with
// slashes between its parts. modified becomes its time unless it is zero; its mode becomes that of the file it replaces, or of a new file. Answers the new ETag.
//
// On an error the file stays where it is. It is [ErrPrecondition], [ErrNoParent], [ErrInvalidName], [ErrLocked], [ErrIsCollection], [ErrNoSpace], or internal.
// A caller has no lock tokens: any lock on the name stands against it.
func (h *Handler) Place(ctx context.Context, d Drive, name string, from *os.Root, file string, cond Condition, modified time.Time) (string, error) {
	parts, err := splitName(name)
	if err != nil {
		return "", err
	}
	dir, err := openFolder(from, path.Dir(file))
	if err != nil {
		return "", fmt.Errorf("placing an upload: %w", err)
	}
	defer dir.close()
	base := path.Base(file)
	if err := syncFile(dir, base, h.newMode, modified); err != nil {
		return "", placeError("placing an upload", err)
	}
	t, err := h.openTree(d)
	if err != nil {
		return "", placeError("placing an upload", err)
	}
	defer t.close()
	h.tidyOnce(d, t)
	if err := h.endExpired(ctx, t, d); err != nil {
		return "", placeError("placing an upload", err)
	}
	c := &change{h: h, ctx: context.WithoutCancel(ctx), drive: d, door: "/api"}
	defer c.close()
	at, err := h.placeAt(c, t, parts, dir, base, cond)
	if err != nil {
		return "", placeError("placing an upload", err)
	}
	if err := c.durable(); err != nil {
		return "", placeError("placing an upload", err)
	}
	return etag(at.info), nil
}

func (h *Handler) placeAt(c *change, t *tree, name []string, dir *folder, base string, cond Condition) (*spot, error) {
	defer h.lockDrive(c.drive)()
	at, err := t.target(name)
	if err != nil {
		return nil, err
	}
	if at.isFolder() {
		return nil, ErrIsCollection
	}
	if !cond.holds(at) {
		return nil, ErrPrecondition
	}
	locks, err := h.liveLocks(c.ctx, c.drive)
	if err != nil {
		return nil, err
	}
	if locks.blocking(need{path: at.path, member: !at.exists()}, nil) != nil {
		return nil, ErrLocked
	}
	return at, c.place(dir, base, at)
}

// syncFile makes an upload durable, with the mode and the time that a new file is to have.
func syncFile(dir *folder, name string, mode fs.FileMode, modified time.Time) error {
	info, err := dir.lstat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("the upload is not a regular file")
	}
	if err := dir.chmod(name, mode); err != nil {
		return err
	}
	if !modified.IsZero() {
		if err := dir.chtimes(name, modified); err != nil {
			return err
		}
	}
	f, err := dir.open(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	return errors.Join(err, f.Close())
}

// placeError makes the face's errors of the ones within.
func placeError(doing string, err error) error {
	if f := asFailure(err); f.status == 507 {
		return fmt.Errorf("%s: %w: %w", doing, ErrNoSpace, err)
	} else if f.status == 403 && f.cause == nil {
		return fmt.Errorf("%s: %w", doing, ErrInvalidName) // a link or a special file has the name
	}
	return fmt.Errorf("%s: %w", doing, err)
}
