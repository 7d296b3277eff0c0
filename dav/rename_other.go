//go:build !unix

package dav

import (
	"os"
	"path/filepath"
)

const nonblock = 0

func rename(from *os.Root, old string, to *os.Root, new string) error {
	return os.Rename(filepath.Join(from.Name(), old), filepath.Join(to.Name(), new))
}

func link(from *os.Root, old string, to *os.Root, new string) error {
	return os.Link(filepath.Join(from.Name(), old), filepath.Join(to.Name(), new))
}
