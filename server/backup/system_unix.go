//go:build unix

package backup

import (
	"errors"
	"os"
	"path"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// openFlags: no link is followed, and nobody waited for, such as the other end of a FIFO that came in a file's place.
const openFlags = unix.O_NOFOLLOW | unix.O_NONBLOCK

// identify answers what tells whether a file has changed, and whose it is. Only root can give files away, so nobody else is told.
func identify(info os.FileInfo) (inode uint64, changed int64, of *owner) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, nil
	}
	if os.Geteuid() == 0 {
		of = &owner{int(st.Uid), int(st.Gid)}
	}
	return uint64(st.Ino), changeTime(st), of
}

func setOwner(root *os.Root, p string, of *owner) error {
	if of == nil || os.Geteuid() != 0 {
		return nil
	}
	return root.Lchown(p, of.User, of.Group)
}

// setTime sets the time of the last modification, also one that package os can't (after 2262).
func setTime(root *os.Root, p string, modified time.Time) error {
	dir, err := root.Open(path.Dir(p))
	if err != nil {
		return err
	}
	defer dir.Close()
	stamp, err := unix.TimeToTimespec(modified)
	if err != nil {
		return err
	}
	return unix.UtimesNanoAt(int(dir.Fd()), path.Base(p), []unix.Timespec{stamp, stamp}, unix.AT_SYMLINK_NOFOLLOW)
}

func syncFolder(root *os.Root, p string) error {
	dir, err := root.Open(p)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) { // this file system has no such thing
		err = nil
	}
	return errors.Join(err, dir.Close())
}
