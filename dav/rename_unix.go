//go:build unix

package dav

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const nonblock = unix.O_NONBLOCK

// rename moves an entry of one open folder into another, replacing what stands there as rename(2) does. An [os.Root] can only rename below itself; this
// works between any two, by their descriptors, so that no path is walked again.
func rename(from *os.Root, old string, to *os.Root, new string) error {
	return withFolders(from, to, func(a, b int) error { return unix.Renameat(a, old, b, new) })
}

// link gives an entry a second name. Links themselves are not followed.
func link(from *os.Root, old string, to *os.Root, new string) error {
	return withFolders(from, to, func(a, b int) error { return unix.Linkat(a, old, b, new, 0) })
}

func withFolders(from, to *os.Root, do func(a, b int) error) error {
	a, err := from.Open(".")
	if err != nil {
		return fmt.Errorf("opening a folder: %w", err)
	}
	defer a.Close()
	b, err := to.Open(".")
	if err != nil {
		return fmt.Errorf("opening a folder: %w", err)
	}
	defer b.Close()
	return do(int(a.Fd()), int(b.Fd()))
}
