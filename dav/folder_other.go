//go:build !unix

package dav

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// folder is an [os.Root] here, whose methods get one name at a time.
type folder struct{ root *os.Root }

func newFolder(data *os.Root, p string) (*folder, error) {
	root, err := data.OpenRoot(p)
	if err != nil {
		return nil, err
	}
	return &folder{root}, nil
}

func (d *folder) close()           { d.root.Close() }
func (d *folder) lasting() *folder { return d }

func (d *folder) sub(name string) (*folder, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errNotFolder
	}
	root, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	// What was looked at is what was opened: a link that took its place in between would be another file.
	opened, err := root.Stat(".")
	if err == nil && !os.SameFile(info, opened) {
		err = errNotFolder
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	return &folder{root}, nil
}

func (d *folder) reader() (*os.File, error) { return d.root.Open(".") }

func (d *folder) open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return d.root.OpenFile(name, flag, perm)
}

// read reads a file whole into b, as far as it goes, and looks at it.
func (d *folder) read(name string, b []byte, s *stat) (int, error) {
	f, err := d.root.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	opened, err := statFile(f, name)
	if err != nil {
		return 0, err
	}
	*s = *opened
	n, err := io.ReadFull(f, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return n, err
}

// look is lstat into s.
func (d *folder) look(name string, s *stat) error {
	info, err := d.root.Lstat(name)
	if err != nil {
		return err
	}
	*s = *newStat(name, info)
	return nil
}

// statFile is what is known of an open file.
func statFile(f *os.File, name string) (*stat, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return newStat(name, info), nil
}

func newStat(name string, info os.FileInfo) *stat {
	return &stat{name: name, mode: info.Mode(), size: info.Size(), modified: info.ModTime(), sys: info}
}

func (d *folder) mkdir(name string, perm fs.FileMode) error { return d.root.Mkdir(name, perm) }
func (d *folder) remove(name string) error                  { return d.root.Remove(name) }

func (d *folder) chmod(name string, mode fs.FileMode) error { return d.root.Chmod(name, mode) }

func (d *folder) chtimes(name string, modified time.Time) error {
	return d.root.Chtimes(name, time.Now(), modified)
}

func (d *folder) id() folderID { return folderID{} }

func (d *folder) sync() error { return nil } // Windows has no such call, and keeps names in its journal

func rename(from *folder, old string, to *folder, new string) error {
	return os.Rename(filepath.Join(from.root.Name(), old), filepath.Join(to.root.Name(), new))
}

func link(from *folder, old string, to *folder, new string) error {
	return os.Link(filepath.Join(from.root.Name(), old), filepath.Join(to.root.Name(), new))
}
