package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"thorpe/shares/sealed"
)

// target is the folder that a link's files go to, and within it a temporary one that holds them until all of them
// opened; get_partial.go has what lies there. Nothing is done outside it, and no symbolic link in it is followed.
type target struct {
	root      *os.Root
	name      string // as the user gave it
	temporary string
	force     bool
	rules     nameRules
	folders   map[string]bool // that are there and real; a name that is not yet there is false
	replace   map[string]bool // files that were there before, and are to be replaced
	placed    map[int]bool    // files that an earlier run placed

	lock    *flock.Flock
	earlier bool // an earlier run left something
	state   *getState
	looked  bool // what follows is known
	files   []chosenFile
	there   []int64 // how much of each of them
	kept    int64   // the sum
}

// openTarget opens a folder for the files of a link, for one run at a time.
func openTarget(name string, id sealed.ID, force bool) (*target, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("opening the folder: %w", err)
	}
	t := &target{
		root: root, name: name, temporary: temporaryName(id), force: force,
		folders: map[string]bool{".": true}, replace: map[string]bool{}, placed: map[int]bool{},
	}
	if err := t.lockTemporary(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	// Whether the file system takes a.txt and A.txt for one is asked of itself: it is no matter of the operating
	// system.
	_, err = root.Lstat(strings.ToUpper(t.temporary))
	t.rules = nameRules{windows: runtime.GOOS == "windows", folds: err == nil}
	return t, nil
}

// check refuses, before anything is fetched, where something is in the way.
func (t *target) check(plan plannedNames) error {
	for i, name := range plan.files {
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
		case t.isPlaced(i, info):
			t.placed[i] = true
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

// isPlaced tells whether an earlier stretch, which did not come to its end, gave file i this name.
func (t *target) isPlaced(i int, info fs.FileInfo) bool {
	if t.there[i] < t.files[i].Size {
		return false
	}
	whole, err := t.root.Lstat(t.temporaryFile(i))
	return err == nil && os.SameFile(info, whole)
}

// temporaryFile is where a chosen file lies until all opened.
func (t *target) temporaryFile(i int) string {
	return t.temporary + "/" + strconv.Itoa(t.files[i].index)
}

// receive writes the rest of a chosen file.
func (t *target) receive(i int, copy copyTo) error {
	f, err := t.root.OpenFile(t.temporaryFile(i), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return fmt.Errorf("writing a file: %w", err)
	}
	err = copy(f)
	if info, statErr := f.Stat(); statErr == nil {
		t.kept += info.Size() - max(0, t.there[i])
		t.there[i] = info.Size()
	}
	return errors.Join(err, f.Close())
}

// place gives the files their names, and tells which of these had to be others than was planned.
func (t *target) place(plan plannedNames) (changed []sealed.Renamed, err error) {
	for _, name := range plan.folders {
		if err := t.makeFolder(name); err != nil {
			return nil, err
		}
	}
	for i, name := range plan.files {
		if t.placed[i] {
			continue
		}
		if err := t.makeFolder(path.Dir(name)); err != nil {
			return nil, err
		}
		if modified := t.files[i].Modified; !modified.IsZero() {
			if err := t.root.Chtimes(t.temporaryFile(i), modified, modified); err != nil {
				return nil, fmt.Errorf("setting a file's time: %w", err)
			}
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
