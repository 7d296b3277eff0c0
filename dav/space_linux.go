package dav

import (
	"os"

	"golang.org/x/sys/unix"
)

// freeSpace answers the bytes that the disk of f has left for us, and those in use.
func freeSpace(f *os.File) (available, used uint64, err error) {
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &st); err != nil {
		return 0, 0, err
	}
	return st.Bavail * uint64(st.Bsize), (st.Blocks - st.Bfree) * uint64(st.Bsize), nil
}
