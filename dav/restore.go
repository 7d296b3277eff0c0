package dav

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// Restore brings something back from a drive's trash, by a rename, and answers the path that it has then: that where it was, in folders that are made again if they are
// gone, or in the folder into, a decoded path, "" for the drive itself, which must exist. Where something of its name is there, it goes beside it ("Lake (2).jpg"): a
// restoration never goes over anything. Locks and dead properties ended when it was deleted, and do not come back. A folder and something in it that was deleted before
// it are two things.
//
// The error is [ErrNotKept], [ErrNoParent] (a file or a link has the name of a folder on the way, or into is not there), [ErrInvalidName], [ErrLocked] (by anybody), or
// [ErrNoSpace] (what is restored counts against the quota again); then nothing has changed. Or it is internal.
func (h *Handler) Restore(ctx context.Context, d Drive, id string, into *string) (at string, err error) {
	rerr := h.RestoreAll(ctx, d, []string{id}, into, func(_, restored string, failed error) error {
		at, err = restored, failed
		return nil
	})
	return at, errors.Join(err, rerr)
}

// restoration is a kept thing on its way back.
type restoration struct {
	keptRow
	*thing
	names  []string // where it is to go
	mkdirs bool     // the folders on the way may be made
	beside bool     // it may get another name, where its own is taken
}

func (g *restoring) restore(ctx context.Context, r *restoration) (at string, err error) {
	h, d := g.h, g.drive
	if r.thing.size, err = sizeBelow(ctx, r.dir, r.thing.entry); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = h.notKept(ctx, r.keptRow)
		}
		return "", err
	}
	room := h.newRoom(ctx, d)
	defer room.release()
	if err := room.take(r.thing.size); err != nil {
		return "", err
	}
	c := &change{h: h, ctx: context.WithoutCancel(ctx), drive: d, room: room}
	defer c.close()
	if at, err = h.restoreHeld(c, g.tree, r); errors.Is(err, errTaken) {
		return "", h.notKept(c.ctx, r.keptRow)
	} else if err != nil {
		return "", placeError("restoring", err)
	}
	g.gone = append(g.gone, r.id)
	g.sync = append(g.sync, c.sync...)
	return at, nil
}

// errTaken says that a kept thing went meanwhile.
var errTaken = errors.New("somebody else took what is kept")

func (h *Handler) restoreHeld(c *change, t *tree, r *restoration) (at string, err error) {
	defer h.lockDrive(c.drive)()
	r.countOut()
	c.counted.used += r.thing.size
	at, err = c.bringBack(t, r)
	if err = c.end(err); err != nil {
		r.countBack()
	}
	return at, err
}

func (c *change) bringBack(t *tree, r *restoration) (string, error) {
	dir, above, missing, err := t.deepest(r.names[:len(r.names)-1])
	if err != nil {
		return "", err
	}
	if len(missing) > 0 && !r.mkdirs {
		return "", ErrNoParent
	}
	name := r.names[len(r.names)-1]
	if !validPart(name) {
		return "", ErrInvalidName
	}
	if len(missing) == 0 {
		if name, err = r.freeName(dir, name); err != nil {
			return "", err
		}
	}
	first := joinPath(above, append(missing, name)[0]) // all that is made lies at it or below
	at := joinPath(above, path.Join(append(missing, name)...))
	if len(at) > maxPath {
		return "", ErrInvalidName
	}
	locks, err := c.h.liveLocks(c.ctx, c.drive)
	if err != nil {
		return "", err
	}
	if locks.blocking(need{path: first, member: true}, nil) != nil {
		return "", ErrLocked
	}
	if err := c.forgetProperties(first); err != nil {
		return "", err
	}
	if dir, err = c.makeFolders(t, dir, missing); err != nil {
		return "", err
	}
	err = c.move(r.dir, r.thing.entry, dir, name)
	if _, lerr := r.dir.lstat(r.thing.entry); err != nil && errors.Is(lerr, fs.ErrNotExist) {
		err = errTaken
	}
	return at, err
}

// freeName is the name that a restored thing gets in a folder.
func (r *restoration) freeName(dir *folder, name string) (string, error) {
	taken := func(name string) (bool, error) {
		_, _, err := lookup(dir, name)
		return err == nil, unlessGone(err)
	}
	if r.beside {
		return nameBeside(name, r.folder, taken)
	}
	if is, err := taken(name); err != nil || is {
		return "", errors.Join(err, fs.ErrExist)
	}
	return name, nil
}

// deepest walks to the deepest folder there is on a way. above is its path as on the disk, missing what is left of the way. [ErrNoParent] where something else has the
// name of the next folder, [ErrInvalidName] where none may have it.
func (t *tree) deepest(names []string) (dir *folder, above string, missing []string, err error) {
	dir = t.root
	for i, part := range names {
		if !validPart(part) {
			return nil, "", nil, ErrInvalidName
		}
		info, actual, err := lookup(dir, part)
		if errors.Is(err, fs.ErrNotExist) {
			return dir, above, names[i:len(names):len(names)], nil
		}
		if err != nil {
			return nil, "", nil, fmt.Errorf("looking for a folder: %w", err)
		}
		if !info.IsDir() {
			return nil, "", nil, ErrNoParent
		}
		sub, err := dir.sub(actual)
		if notHere(err) {
			return nil, "", nil, ErrNoParent
		}
		if err != nil {
			return nil, "", nil, fmt.Errorf("opening a folder: %w", err)
		}
		t.opened = append(t.opened, sub)
		dir, above = sub, joinPath(above, actual)
	}
	return dir, above, nil, nil
}

// makeFolders makes one folder in the other, and answers the last.
func (c *change) makeFolders(t *tree, dir *folder, names []string) (*folder, error) {
	for _, name := range names {
		if !validPart(name) {
			return nil, ErrInvalidName
		}
		if err := dir.mkdir(name, 0o755); err != nil {
			return nil, fmt.Errorf("making a folder: %w", err)
		}
		in := dir
		c.undo = append(c.undo, func() error { return in.remove(name) })
		c.sync = append(c.sync, in)
		sub, err := dir.sub(name)
		if err != nil {
			return nil, fmt.Errorf("opening a folder: %w", err)
		}
		t.opened = append(t.opened, sub)
		dir = sub
	}
	return dir, nil
}
