package dav

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// thing is a kept thing that is about to leave kept/: for good, or back into its drive. Both are one rename, so that of two who want it one finds all of it and the other
// nothing.
type thing struct {
	h     *Handler
	drive [16]byte
	name  string  // the drive's folder below kept/
	dir   *folder // kept/NAME
	entry string  // in it
	size  int64   // bytes

	aside bool // it was not measured yet, and so counted as used
}

// remove takes it out of kept/ and removes it. What the system does not let be removed comes back, and is an error. What somebody else has taken is none: then its size
// is 0.
func (t *thing) remove(ctx context.Context) error {
	var err error
	if t.size, err = sizeBelow(ctx, t.dir, t.entry); err != nil {
		return unlessGone(err)
	}
	gone, err := t.take()
	if isFull(err) { // the disk has not even room for another name
		return t.removeInPlace()
	}
	if err != nil {
		t.size = 0
		return unlessGone(err)
	}
	if err := t.h.data.RemoveAll(path.Join("incoming", gone)); err != nil {
		return errors.Join(err, t.putBack(gone))
	}
	return nil
}

func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// take renames it to incoming/, under the name that is answered, where it is for the caller to remove. The next start would.
func (t *thing) take() (gone string, err error) {
	defer t.h.lockDrive(Drive{ID: t.drive})()
	t.countOut()
	gone = incomingPrefix + t.h.newID()
	if err := renameNew(t.dir, t.entry, t.h.incoming, gone); err != nil {
		t.countBack()
		return "", fmt.Errorf("taking what is kept: %w", err)
	}
	return gone, nil
}

func (t *thing) putBack(gone string) error {
	defer t.h.lockDrive(Drive{ID: t.drive})()
	if err := renameNew(t.h.incoming, gone, t.dir, t.entry); err != nil {
		return fmt.Errorf("putting back what is kept: %w", err)
	}
	t.countBack()
	return nil
}

// removeInPlace holds the drive all the while, so that nobody brings half of it back.
func (t *thing) removeInPlace() error {
	defer t.h.lockDrive(Drive{ID: t.drive})()
	t.countOut()
	if err := t.h.data.RemoveAll(path.Join("kept", t.name, t.entry)); err != nil {
		t.countBack()
		return err
	}
	return nil
}

// countOut takes it out of the count, before it goes: a walk that comes to it later must not count it. The caller holds the drive.
func (t *thing) countOut() {
	u := &t.h.state(Drive{ID: t.drive}).usage
	u.mu.Lock()
	defer u.mu.Unlock()
	i := slices.Index(u.aside, t.entry)
	if t.aside = i >= 0; t.aside {
		u.aside = slices.Delete(u.aside, i, i+1)
		u.used -= t.size
	} else {
		u.kept -= t.size
	}
	u.changes++
	u.unsaved = true
}

// countBack takes countOut back.
func (t *thing) countBack() {
	u := &t.h.state(Drive{ID: t.drive}).usage
	u.mu.Lock()
	defer u.mu.Unlock()
	if t.aside {
		u.aside = append(u.aside, t.entry)
		u.used += t.size
	} else {
		u.kept += t.size
	}
	u.changes++
}
