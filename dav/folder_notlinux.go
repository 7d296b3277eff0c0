//go:build !linux

package dav

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

const noAccessTime = 0

func (d *folder) born(string) (time.Time, bool) { return time.Time{}, false }

func beginWriting(*os.File, int64, int64) {}

func (d *folder) descend(string) (*folder, bool) { return nil, false }

func swap(*folder, string, *folder, string) error { return errors.ErrUnsupported }

func renameNew(from *folder, old string, to *folder, new string) error {
	return renameIfAbsent(from, old, to, new)
}

// kinds calls do for every entry with its name and kind.
func (d *folder) kinds(do func(name string, kind fs.FileMode) error) error {
	return d.each(func(s *stat) error { return do(s.name, s.mode.Type()) })
}
