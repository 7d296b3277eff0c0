//go:build darwin || freebsd || netbsd

package dav

import (
	"os"
	"syscall"
)

func identity(info os.FileInfo) (dev, inode uint64, ctime int64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Dev), uint64(st.Ino), st.Ctimespec.Nano()
	}
	return 0, 0, 0
}
