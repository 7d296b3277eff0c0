package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"

	"thorpe/shares/sealed"
)

// target is the folder that a link's files go to, and within it a temporary one that holds them until all of them
// opened. Nothing is done outside it, and no symbolic link in it is followed.
type target struct {
	root      *os.Root
	name      string // as the user gave it
	temporary string
	force     bool
	rules     nameRules
	folders   map[string]bool // that are there and real; a name that is not yet there is false
	replace   map[string]bool // files that were there before, and are to be replaced
}

func openTarget(name string, force bool) (*target, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("opening the folder: %w", err)
	}
	t := &target{
		root: root, name: name, temporary: ".thorpe-get-" + strings.ToLower(rand.Text()), force: force,
		folders: map[string]bool{".": true}, replace: map[string]bool{},
	}
	if err := root.Mkdir(t.temporary, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("making a temporary folder: %w", err), root.Close())
	}
	// Whether the file system takes a.txt and A.txt for one is asked of itself: it is no matter of the operating
	// system.
	_, err = root.Lstat(strings.ToUpper(t.temporary))
	t.rules = nameRules{windows: runtime.GOOS == "windows", folds: err == nil}
	return t, nil
}

// close takes away all that was not placed.
func (t *target) close() error {
	return errors.Join(t.root.RemoveAll(t.temporary), t.root.Close())
}

// check refuses, before anything is fetched, where something is in the way.
func (t *target) check(plan plannedNames) error {
	for _, name := range plan.files {
		if err := t.checkFolder(path.Dir(name)); err != nil {
			return err
		}
		info, err := t.root.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("looking at the folder: %w", err)
		case info.IsDir():
			return t.inTheWay(name, "is a folder")
		case !t.force:
			return t.inTheWay(name, "is there already; --force replaces it")
		default:
			t.replace[name] = true
		}
	}
	for _, name := range plan.folders {
		if err := t.checkFolder(name); err != nil {
			return err
		}
	}
	return nil
}

func (t *target) inTheWay(name, why string) error {
	return fmt.Errorf("%s in %s %s", strconv.Quote(name), strconv.Quote(t.name), why)
}

// checkFolder refuses where a file or a symbolic link stands in place of a folder, or of one above it.
func (t *target) checkFolder(name string) error {
	for end := 0; name != "." && end < len(name); end++ {
		if next := strings.IndexByte(name[end:], '/'); next >= 0 {
			end += next
		} else {
			end = len(name)
		}
		there, known := t.folders[name[:end]]
		if !known {
			var err error
			if there, err = t.isFolder(name[:end]); err != nil {
				return err
			}
			t.folders[name[:end]] = there
		}
		if !there {
			return nil
		}
	}
	return nil
}

// isFolder tells whether a folder is there, and refuses what else is.
func (t *target) isFolder(name string) (bool, error) {
	info, err := t.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("looking at the folder: %w", err)
	case !info.IsDir(): // Lstat: a symbolic link to a folder is none
		return false, t.inTheWay(name, "is no folder")
	}
	return true, nil
}

// temporaryFile is where file i lies until all opened.
func (t *target) temporaryFile(i int) string { return t.temporary + "/" + strconv.Itoa(i) }

// receive writes the next file of the content.
func (t *target) receive(i int, file sealed.File, content io.Reader) error {
	name := t.temporaryFile(i)
	f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("writing a file: %w", err)
	}
	_, err = io.CopyN(f, content, file.Size)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if !file.Modified.IsZero() {
		if err := t.root.Chtimes(name, file.Modified, file.Modified); err != nil {
			return fmt.Errorf("setting a file's time: %w", err)
		}
	}
	return nil
}

// place gives the files their names, and tells which of these had to be others than was planned.
func (t *target) place(plan plannedNames) (changed []sealed.Renamed, err error) {
	for _, name := range plan.folders {
		if err := t.makeFolder(name); err != nil {
			return nil, err
		}
	}
	for i, name := range plan.files {
		if err := t.makeFolder(path.Dir(name)); err != nil {
			return nil, err
		}
		placed, err := t.placeFile(t.temporaryFile(i), name)
		if err != nil {
			return nil, fmt.Errorf("naming a file: %w", err)
		}
		if placed != name {
			changed = append(changed, sealed.Renamed{From: name, To: placed})
		}
	}
	return changed, nil
}

// makeFolder makes a folder and those above it, where they are not there yet.
func (t *target) makeFolder(name string) error {
	if t.folders[name] {
		return nil
	}
	if err := t.makeFolder(path.Dir(name)); err != nil {
		return err
	}
	if err := t.root.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making a folder: %w", err)
	}
	there, err := t.isFolder(name)
	t.folders[name] = there
	return err
}

// placeFile names a whole file. It overwrites only what it was told to; where something else has come into the way,
// which may be another of the link's files on a file system that takes two names for one in a way of its own, it takes
// a numbered name.
func (t *target) placeFile(from, name string) (placed string, err error) {
	if t.replace[name] {
		delete(t.replace, name)
		return name, t.root.Rename(from, name)
	}
	placed = name
	for n := 2; ; n++ {
		if err = t.link(from, placed); !errors.Is(err, fs.ErrExist) {
			return placed, err
		}
		folder, base := path.Split(name)
		placed = folder + sealed.Numbered(base, n)
	}
}

// link gives a file another name, if nothing has it.
func (t *target) link(from, name string) error {
	err := t.root.Link(from, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// A file system without hard links: take the name first, then put the file there.
	f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return t.root.Rename(from, name)
}
