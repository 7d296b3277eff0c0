package dav

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tree is one drive's folder, open for one request.
type tree struct {
	root   *folder
	opened []*folder // folders that spots stand in
}

// openTree opens drive/NAME, making it on first use. The folder stays open from one request to the next, for as long as it is the one of that name.
func (h *Handler) openTree(d Drive) (*tree, error) {
	if !validPart(d.Name) {
		return nil, fmt.Errorf("opening the drive: %w", ErrInvalidName)
	}
	root, err := h.state(d).drive.open(h.drivesFolder, d.Name)
	if notHere(err) { // a link, say: that is nobody's mistake but the operator's
		return nil, because(http.StatusInternalServerError, err)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the drive: %w", err)
	}
	return &tree{root: root}, nil
}

func (t *tree) close() {
	for _, f := range t.opened {
		f.close()
	}
	t.opened = nil
}

// openedFolder is a folder below a common one that is used again and again.
type openedFolder struct {
	mu   sync.Mutex
	name string
	dir  *folder
	info *stat
}

// open answers the folder of that name in all, making it on first use. It must not be closed.
func (o *openedFolder) open(all *folder, name string) (*folder, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	info, err := all.lstat(name)
	if err == nil && o.dir != nil && o.name == name && o.info.same(info) {
		return o.dir, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := all.mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if err := all.sync(); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	dir, err := all.sub(name)
	if err != nil {
		return nil, err
	}
	dir = dir.lasting()
	if info, err = dir.lstat("."); err != nil {
		return nil, err
	}
	o.name, o.dir, o.info = name, dir, info
	return dir, nil
}

// spot is a place in the tree: a folder, opened without following links, and a name in it that may or may not exist.
type spot struct {
	dir  *folder
	name string // as it is on the disk, where it exists; "." for the root
	path string // from the drive's root, as on the disk, without slashes at the ends; "" is the root. Keys locks and properties.
	info *stat  // nil if nothing is there
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

// joinPath is the path of a name in a folder.
func joinPath(above, name string) string {
	if above == "" {
		return name
	}
	return above + "/" + name
}

// within says whether path p lies below ancestor, at any depth.
func within(p, ancestor string) bool {
	return ancestor == "" && p != "" || strings.HasPrefix(p, ancestor+"/")
}

// find walks to a name. It fails with [ErrNoParent] if a folder on the way is missing, or is not a folder, or is a link to one.
func (t *tree) find(name []string) (*spot, error) {
	if len(name) == 0 {
		info, err := t.root.lstat(".")
		if err != nil {
			return nil, fmt.Errorf("looking at the drive: %w", err)
		}
		return &spot{dir: t.root, name: ".", info: info}, nil
	}
	dir, onDisk, err := t.folder(name[:len(name)-1])
	if err != nil {
		return nil, err
	}
	return findIn(dir, onDisk, name[len(name)-1])
}

// folder opens the folder of that name, for as long as the tree is open, and answers its path as on the disk. It fails as find does.
func (t *tree) folder(name []string) (*folder, string, error) {
	if len(name) == 0 {
		return t.root, "", nil
	}
	if asked := strings.Join(name, "/"); len(asked) < maxPath {
		if dir, ok := t.root.descend(asked); ok {
			t.opened = append(t.opened, dir)
			return dir, asked, nil
		}
	}
	dir, onDisk := t.root, make([]string, len(name))
	for i, part := range name {
		sub, actual, err := openPart(dir, part)
		if dir != t.root {
			dir.close()
		}
		if notHere(err) {
			return nil, "", ErrNoParent
		}
		if err != nil {
			return nil, "", fmt.Errorf("opening a folder: %w", err)
		}
		dir, onDisk[i] = sub, actual
	}
	t.opened = append(t.opened, dir)
	return dir, strings.Join(onDisk, "/"), nil
}

// findIn finds a name in a folder, whose path is above.
func findIn(dir *folder, above, part string) (*spot, error) {
	info, actual, err := lookup(dir, part)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for a name: %w", err)
	}
	return &spot{dir: dir, name: actual, path: joinPath(above, actual), info: info}, nil
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
		return nil, told(403, saySpecial)
	}
	return s, nil
}

// target finds a name that a request wants to create or replace. Links and special files are in the way: 403.
func (t *tree) target(name []string) (*spot, error) { return writable(t.find(name)) }

// targetFrom is target for where src goes, which was found at name a moment ago: in the same folder, most often.
func (t *tree) targetFrom(src *spot, name, to []string) (*spot, error) {
	last := len(to) - 1
	if last < 0 || src.isRoot() || !slices.Equal(name[:len(name)-1], to[:last]) {
		return t.target(to)
	}
	return writable(findIn(src.dir, parentPath(src.path), to[last]))
}

func writable(s *spot, err error) (*spot, error) {
	if err == nil && s.isOther() {
		return nil, told(403, saySpecial)
	}
	return s, err
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
	defer walk.close()
	s, err := walk.at(p)
	if err != nil {
		return err
	}
	return do(s)
}

// lookup finds one part in a folder. If it does not exist as asked, it may in another Unicode normal form: macOS asks for é as e + U+0301 where others
// stored U+00E9. Answers the name as it is on the disk; as asked, with an error, if there is none.
func lookup(dir *folder, part string) (*stat, string, error) {
	info, err := dir.lstat(part)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || isASCII(part) {
		return info, part, err
	}
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		if other := form.String(part); other != part && len(other) <= maxPart {
			if info, err := dir.lstat(other); err == nil {
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

// openPart opens a folder in a folder, and answers its name as it is on the disk.
func openPart(dir *folder, part string) (*folder, string, error) {
	sub, err := dir.sub(part)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || isASCII(part) {
		return sub, part, err
	}
	_, actual, err := lookup(dir, part)
	if err != nil {
		return nil, part, err
	}
	sub, err = dir.sub(actual)
	return sub, actual, err
}

// open opens a file or folder for reading.
func (s *spot) open() (*os.File, error) {
	f, err := s.dir.open(s.name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	opened, err := statFile(f, s.name)
	if err == nil && !s.info.same(opened) { // what was looked at is what was opened
		err = fs.ErrNotExist
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	s.info = opened
	return f, nil
}

// read reads a file that was looked at into b, and answers the part of it that holds the content. It answers nil if the file has changed since.
func (s *spot) read(b []byte) ([]byte, error) {
	opened := new(stat)
	n, err := s.dir.read(s.name, b, opened)
	if err != nil {
		return nil, err
	}
	if !s.info.same(opened) || !opened.mode.IsRegular() || int64(n) != opened.size {
		return nil, nil
	}
	s.info = opened
	return b[:n], nil
}

// look refreshes s.info.
func (s *spot) look() error {
	info, err := s.dir.lstat(s.name)
	if err != nil {
		return err
	}
	s.info = info
	return nil
}
