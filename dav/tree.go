package dav

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tree is one drive's folder, open for one request.
type tree struct {
	root   *os.Root
	opened []*os.Root // folders that spots stand in
}

// openTree opens drive/NAME, making it on first use.
func (h *Handler) openTree(d Drive) (*tree, error) {
	if !validPart(d.Name) {
		return nil, fmt.Errorf("opening the drive: %w", ErrInvalidName)
	}
	all, err := h.data.OpenRoot("drive")
	if err != nil {
		return nil, fmt.Errorf("opening the drives: %w", err)
	}
	defer all.Close()
	root, _, err := openFolder(all, d.Name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := all.Mkdir(d.Name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("making the drive: %w", err)
		}
		if err := syncFolder(all); err != nil {
			return nil, fmt.Errorf("making the drive: %w", err)
		}
		root, _, err = openFolder(all, d.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the drive: %w", err)
	}
	return &tree{root: root}, nil
}

func (t *tree) close() {
	for _, r := range t.opened {
		r.Close()
	}
	t.root.Close()
}

// spot is a place in the tree: a folder, opened without following links, and a name in it that may or may not exist.
type spot struct {
	dir  *os.Root
	name string      // as it is on the disk, where it exists; "." for the root
	path string      // from the drive's root, as on the disk, without slashes at the ends; "" is the root. Keys locks and properties.
	info os.FileInfo // by lstat; nil if nothing is there
}

func (s *spot) isRoot() bool   { return s.path == "" }
func (s *spot) exists() bool   { return s.info != nil }
func (s *spot) isFolder() bool { return s.info != nil && s.info.IsDir() }
func (s *spot) isFile() bool   { return s.info != nil && s.info.Mode().IsRegular() }

// isOther: a symbolic link, FIFO, socket or device. These are no resources; only DELETE touches them.
func (s *spot) isOther() bool { return s.info != nil && !s.info.IsDir() && !s.info.Mode().IsRegular() }

// parentPath is the path of the collection that a path is a member of.
func parentPath(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

// within says whether path p lies below ancestor, at any depth.
func within(p, ancestor string) bool {
	return ancestor == "" && p != "" || strings.HasPrefix(p, ancestor+"/")
}

// find walks to a name. It fails with [ErrNoParent] if a folder on the way is missing, or is not a folder, or is a link to one.
func (t *tree) find(name []string) (*spot, error) {
	if len(name) == 0 {
		info, err := t.root.Stat(".")
		if err != nil {
			return nil, fmt.Errorf("looking at the drive: %w", err)
		}
		return &spot{dir: t.root, name: ".", info: info}, nil
	}
	dir, onDisk := t.root, make([]string, len(name))
	for i, part := range name[:len(name)-1] {
		sub, actual, err := openFolder(dir, part)
		if dir != t.root {
			dir.Close()
		}
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotFolder) || errors.Is(err, syscall.ENOTDIR) {
			return nil, ErrNoParent
		}
		if err != nil {
			return nil, fmt.Errorf("opening a folder: %w", err)
		}
		dir, onDisk[i] = sub, actual
	}
	if dir != t.root {
		t.opened = append(t.opened, dir)
	}
	last := len(name) - 1
	info, actual, err := lookup(dir, name[last])
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for a name: %w", err)
	}
	onDisk[last] = actual
	return &spot{dir: dir, name: actual, path: strings.Join(onDisk, "/"), info: info}, nil
}

// resource finds a name that must exist, as a file or a folder: 404 otherwise.
func (t *tree) resource(name []string) (*spot, error) {
	s, err := t.find(name)
	if errors.Is(err, ErrNoParent) {
		return nil, because(404, err)
	}
	if err != nil {
		return nil, err
	}
	if !s.exists() || s.info.Mode()&fs.ModeSymlink != 0 {
		return nil, status(404)
	}
	if s.isOther() {
		return nil, status(403)
	}
	return s, nil
}

// target finds a name that a request wants to create or replace. Links and special files are in the way: 403.
func (t *tree) target(name []string) (*spot, error) {
	s, err := t.find(name)
	if err != nil {
		return nil, err
	}
	if s.isOther() {
		return nil, status(403)
	}
	return s, nil
}

// at finds a path that came from a spot.
func (t *tree) at(p string) (*spot, error) {
	if p == "" {
		return t.find(nil)
	}
	return t.find(strings.Split(p, "/"))
}

// visit finds a path for as long as do runs, and closes what was opened on the way: for walks over many.
func (t *tree) visit(p string, do func(*spot) error) error {
	walk := &tree{root: t.root}
	defer func() {
		for _, r := range walk.opened {
			r.Close()
		}
	}()
	s, err := walk.at(p)
	if err != nil {
		return err
	}
	return do(s)
}

// lookup finds one part in a folder. If it does not exist as asked, it may in another Unicode normal form: macOS asks for é as e + U+0301 where others
// stored U+00E9. Answers the name as it is on the disk; as asked, with an error, if there is none.
func lookup(dir *os.Root, part string) (os.FileInfo, string, error) {
	info, err := dir.Lstat(part)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || isASCII(part) {
		return info, part, err
	}
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		if other := form.String(part); other != part && len(other) <= maxPart {
			if info, err := dir.Lstat(other); err == nil {
				return info, other, nil
			}
		}
	}
	return nil, part, err
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var errNotFolder = errors.New("not a folder")

// openFolder opens a folder in a folder, but not a link to one.
func openFolder(dir *os.Root, part string) (*os.Root, string, error) {
	info, actual, err := lookup(dir, part)
	if err != nil {
		return nil, part, err
	}
	if !info.IsDir() {
		return nil, part, errNotFolder
	}
	sub, err := dir.OpenRoot(actual)
	if err != nil {
		return nil, part, err
	}
	// What was looked at is what was opened: a link that took its place in between would be another inode.
	opened, err := sub.Stat(".")
	if err == nil && !os.SameFile(info, opened) {
		err = errNotFolder
	}
	if err != nil {
		sub.Close()
		return nil, part, err
	}
	return sub, actual, nil
}

// open opens a file or folder for reading, but not a link to one. It does not wait for the other end of a FIFO that took the file's place.
func (s *spot) open() (*os.File, error) {
	f, err := s.dir.OpenFile(s.name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(s.info, opened) {
		err = fs.ErrNotExist
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	s.info = opened
	return f, nil
}

// look refreshes s.info.
func (s *spot) look() error {
	info, err := s.dir.Lstat(s.name)
	if err != nil {
		return err
	}
	s.info = info
	return nil
}

// syncFolder makes a folder's entries durable.
func syncFolder(dir *os.Root) error {
	if runtime.GOOS == "windows" {
		return nil // has no such call, and keeps names in its journal
	}
	f, err := dir.Open(".")
	if err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) { // EINVAL: this file system has no such thing
		return fmt.Errorf("syncing a folder: %w", err)
	}
	return nil
}
