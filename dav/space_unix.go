//go:build unix

package dav

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// freeSpace answers the bytes that the folder's disk has left for us.
func freeSpace(d *folder) (available uint64, err error) {
	var st unix.Statfs_t
	err = retry(func() error { return unix.Fstatfs(d.fd, &st) })
	runtime.KeepAlive(d.owner)
	if err != nil {
		return 0, pathError("statfs", err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}
