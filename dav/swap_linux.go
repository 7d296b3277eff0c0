package dav

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// swap exchanges two entries in one step, so that neither name is ever without content. It fails with [errors.ErrUnsupported] where the file system cannot.
func swap(a *os.Root, name string, b *os.Root, other string) error {
	return renameat2(a, name, b, other, unix.RENAME_EXCHANGE)
}

// renameNew is rename, but fails if something stands there. Where the file system cannot promise that, it looks first.
func renameNew(from *os.Root, old string, to *os.Root, new string) error {
	err := renameat2(from, old, to, new, unix.RENAME_NOREPLACE)
	if errors.Is(err, errors.ErrUnsupported) {
		return renameIfAbsent(from, old, to, new)
	}
	return err
}

func renameat2(from *os.Root, old string, to *os.Root, new string, flags uint) error {
	err := withFolders(from, to, func(a, b int) error { return unix.Renameat2(a, old, b, new, flags) })
	if err == unix.EINVAL || err == unix.ENOSYS { // EINVAL also: into itself. The plain rename that follows says the same.
		return errors.ErrUnsupported
	}
	return err
}
