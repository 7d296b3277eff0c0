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
