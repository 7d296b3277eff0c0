package dav

import (
	"errors"
	"io/fs"
	"os"
)

// renameIfAbsent renames unless it sees something at the new name. Between looking and renaming, only someone at the machine could put something there.
func renameIfAbsent(from *os.Root, old string, to *os.Root, new string) error {
	if _, err := to.Lstat(new); err == nil {
		return fs.ErrExist
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return rename(from, old, to, new)
}
