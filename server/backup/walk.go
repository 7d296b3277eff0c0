package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// notWalked are the data folder's entries that are not copied as they are: the database and what belongs to it, and objects, of which rows say which count.
var notWalked = map[string]bool{
	databaseName: true, databaseName + "-wal": true, databaseName + "-shm": true, databaseName + "-journal": true,
	"thorpe.lock": true, "sealed": true, "incoming": true, "lost+found": true,
	listName: true, journalName: true, restoringName: true,
}

// walk brings the new snapshot into line with the files, and answers how much was not as the walk before left it.
//
// What is deleted or overwritten moves from drive/ to kept/, so drive/ comes first: it may be found at both places, but not at none.
func (r *run) walk() (differences int, err error) {
	names, err := namesIn(r.data)
	if err != nil {
		return 0, fmt.Errorf("reading the data folder: %w", err)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	w := &walk{run: r}
	for _, name := range names {
		if !notWalked[name] {
			if err := w.visit(r.data, name, name); err != nil {
				return 0, err
			}
		}
	}
	w.countVanished()
	return w.differences, r.flush()
}

func rank(name string) int {
	switch name {
	case "drive":
		return 0
	case "kept":
		return 1
	}
	return 2
}

// walk is one look at all files.
type walk struct {
	*run
	differences int
	gone        int // what was not there any more when it was looked at
}

// visit takes in what stands at a name in a folder.
func (w *walk) visit(in *os.Root, name, p string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	info, err := in.Lstat(name)
	if err != nil {
		return w.unread(p, err)
	}
	e := entryOf(p, info)
	s := w.have[p]
	if s != nil && s.Kind != e.Kind {
		if err := w.drop(p); err != nil {
			return err
		}
		s = nil
	}
	switch {
	case info.IsDir():
		return w.folder(in, name, s, e, info)
	case info.Mode().IsRegular():
		return w.file(in, name, s, e)
	case info.Mode()&fs.ModeSymlink != 0:
		return w.symlink(in, name, s, e)
	}
	if w.round == 1 {
		w.result.Left++
	}
	return nil
}

func (w *walk) folder(in *os.Root, name string, s *staged, e entry, info os.FileInfo) error {
	sub, err := in.OpenRoot(name)
	if err != nil {
		return w.unread(e.Path, err)
	}
	defer sub.Close()
	if opened, err := sub.Stat("."); err != nil || !os.SameFile(opened, info) { // a link or another folder came in its place
		w.differences++
		w.gone++
		return nil
	}
	if s == nil {
		if err := w.repo.Mkdir(w.in(e.Path), 0o700); err != nil {
			return fmt.Errorf("making a folder: %w", err)
		}
	}
	if s == nil || !s.alike(&e) {
		w.differences++
	}
	w.have[e.Path] = &staged{entry: e, seen: w.round}
	return w.members(sub, e.Path)
}

// members visits all that is in a folder. Where something went meanwhile, the folder is read again: it may have another name there.
func (w *walk) members(in *os.Root, p string) error {
	visited := map[string]bool{}
	for range rounds {
		names, err := foldersFirst(in)
		if err != nil {
			return w.unread(p, err)
		}
		before := w.gone
		for _, name := range names {
			if visited[name] {
				continue
			}
			gone := w.gone
			if err := w.visit(in, name, path.Join(p, name)); err != nil {
				return err
			}
			visited[name] = w.gone == gone
		}
		if w.gone == before {
			break
		}
	}
	return nil
}

// foldersFirst reads the names in a folder. A folder that moves takes more with it than a file, so it is opened soon.
func foldersFirst(root *os.Root) ([]string, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	all, err := f.ReadDir(-1)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	var folders, others []string
	for _, entry := range all {
		if entry.IsDir() {
			folders = append(folders, entry.Name())
		} else {
			others = append(others, entry.Name())
		}
	}
	slices.Sort(folders)
	slices.Sort(others)
	return append(folders, others...), nil
}

func (w *walk) symlink(in *os.Root, name string, s *staged, e entry) error {
	target, err := in.Readlink(name)
	if err != nil {
		return w.unread(e.Path, err)
	}
	e.Target = []byte(target)
	if s != nil && s.alike(&e) && string(s.Target) == target {
		s.seen = w.round
		return nil
	}
	w.differences++
	if s != nil {
		if err := w.drop(e.Path); err != nil {
			return err
		}
	}
	if err := w.repo.Symlink(target, w.in(e.Path)); err != nil {
		return fmt.Errorf("making a symbolic link: %w", err)
	}
	if err := dress(w.repo, w.in(e.Path), &e); err != nil {
		return fmt.Errorf("making a symbolic link: %w", err)
	}
	w.have[e.Path] = &staged{entry: e, seen: w.round}
	return nil
}

func (w *walk) file(in *os.Root, name string, s *staged, e entry) error {
	if s != nil && (s.same(&e) || e.Changed == 0 && s.alike(&e)) {
		s.seen = w.round
		return nil
	}
	if s != nil {
		w.differences++
		if err := w.drop(e.Path); err != nil {
			return err
		}
	}
	got, err := w.take(in, name, e, wholeFile)
	if errors.Is(err, errSource) {
		return w.unread(e.Path, err)
	}
	if err != nil {
		return err
	}
	if s == nil {
		w.differences++
	}
	got.seen = w.round
	w.have[e.Path] = got
	w.step("a file")
	return nil
}

// unread notes what could not be read, and goes on. What is not there any more is no fault.
func (w *walk) unread(p string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		w.gone++
		return nil
	}
	if s := w.have[p]; s != nil {
		s.seen = w.round
	}
	if w.round == 1 {
		w.result.Unread[above(p)]++
	}
	return nil
}

// above is the drive that a path is in: as much of it as may be told.
func above(p string) string {
	if parts := strings.SplitN(p, "/", 3); len(parts) == 3 {
		return path.Join(parts[0], parts[1])
	}
	return p
}

// countVanished counts what the walk before found and this one did not. It is not taken out yet: what moved while the walk ran, from where it had yet to look to
// where it had looked before, is not found either.
func (w *walk) countVanished() {
	for _, s := range w.have {
		if s.seen == w.round-1 {
			w.differences++
		}
	}
}

// dropVanished takes out what the last walk did not find, which is nowhere if that walk and the one before agree.
func (r *run) dropVanished() error {
	for _, p := range slices.Sorted(maps.Keys(r.have)) { // a folder first: all below goes with it
		if s := r.have[p]; s != nil && s.seen != r.round {
			if err := r.drop(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// settling is how old a file's last change must be when it is read: a later one then has another time, however coarse the system's clock for files is.
const settling = 50 * time.Millisecond

// waitForClock waits until that is so.
func waitForClock(e *entry) {
	if e.Changed == 0 {
		return
	}
	if age := time.Since(time.Unix(0, e.Changed)); age >= 0 && age < settling {
		time.Sleep(settling - age)
	}
}
