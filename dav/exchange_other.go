//go:build !linux

package dav

import (
	"errors"
	"os"
)

func swap(*os.Root, string, *os.Root, string) error { return errors.ErrUnsupported }

func renameNew(from *os.Root, old string, to *os.Root, new string) error {
	return renameIfAbsent(from, old, to, new)
}

func freeSpace(*os.File) (available, used uint64, err error) { return 0, 0, errors.ErrUnsupported }
