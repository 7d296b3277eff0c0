//go:build unix

package dav

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type folder struct {
	fd    int
	owner *os.File // closes fd with itself, where it is not nil: a folder that stays open
}

// newFolder opens a folder that stays open for as long as it is in use.
func newFolder(data *os.Root, p string) (*folder, error) {
	f, err := data.Open(p)
	if err != nil {
		return nil, err
	}
	return &folder{fd: int(f.Fd()), owner: f}, nil
}

func (d *folder) close() {
	if d.owner != nil {
		d.owner.Close()
	} else if d.fd >= 0 {
		unix.Close(d.fd)
	}
	d.fd = -1
}

// lasting makes d one that closes itself when nobody has it any more.
func (d *folder) lasting() *folder {
	d.owner = os.NewFile(uintptr(d.fd), "folder")
	return d
}

func (d *folder) sub(name string) (*folder, error) {
	fd, err := openat(d.fd, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	runtime.KeepAlive(d.owner)
	if err != nil {
		return nil, pathError("open", err)
	}
	return &folder{fd: fd}, nil
}

// reader opens the folder once more, to read it from its beginning.
func (d *folder) reader() (*os.File, error) { return d.open(".", os.O_RDONLY|unix.O_DIRECTORY, 0) }

// open opens a file. It waits for nobody: not for the other end of a FIFO that took a file's place.
func (d *folder) open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	flag |= unix.O_NOFOLLOW | unix.O_CLOEXEC
	if flag&os.O_EXCL == 0 {
		flag |= unix.O_NONBLOCK
	}
	var fd int
	var err error
	if flag&(unix.O_WRONLY|unix.O_RDWR) == 0 {
		fd, err = openToRead(d.fd, name, flag)
	} else {
		fd, err = openat(d.fd, name, flag, uint32(perm.Perm()))
	}
	runtime.KeepAlive(d.owner)
	if err != nil {
		return nil, pathError("open", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// read reads a file whole into b, as far as it goes, and looks at it. It is open and os.File without what these do for files that last longer.
func (d *folder) read(name string, b []byte, s *stat) (n int, err error) {
	fd, err := openToRead(d.fd, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK)
	runtime.KeepAlive(d.owner)
	if err != nil {
		return 0, pathError("open", err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, pathError("stat", err)
	}
	s.read(name, &st)
	if !s.mode.IsRegular() {
		return 0, nil
	}
	for n < len(b) && int64(n) < s.size {
		more := 0
		if err := retry(func() error { more, err = unix.Pread(fd, b[n:], int64(n)); return err }); err != nil {
			return n, pathError("read", err)
		}
		if more == 0 {
			break
		}
		n += more
	}
	return n, nil
}

// look is lstat into s.
func (d *folder) look(name string, s *stat) error {
	var st unix.Stat_t
	var err error
	if name == "." {
		err = unix.Fstat(d.fd, &st)
	} else {
		err = unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
	}
	runtime.KeepAlive(d.owner)
	if err != nil {
		return pathError("lstat", err)
	}
	s.read(name, &st)
	return nil
}

// statFile is what is known of an open file.
func statFile(f *os.File, name string) (*stat, error) {
	var st unix.Stat_t
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	if cerr := raw.Control(func(fd uintptr) { err = unix.Fstat(int(fd), &st) }); cerr != nil {
		return nil, cerr
	}
	if err != nil {
		return nil, pathError("stat", err)
	}
	s := new(stat)
	s.read(name, &st)
	return s, nil
}

func (s *stat) read(name string, st *unix.Stat_t) {
	*s = stat{name: name, size: st.Size, modified: time.Unix(st.Mtim.Unix()), changed: st.Ctim.Nano(), dev: uint64(st.Dev), inode: uint64(st.Ino)}
	s.mode = fs.FileMode(st.Mode & 0o777)
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
	case unix.S_IFDIR:
		s.mode |= fs.ModeDir
	case unix.S_IFLNK:
		s.mode |= fs.ModeSymlink
	case unix.S_IFIFO:
		s.mode |= fs.ModeNamedPipe
	case unix.S_IFSOCK:
		s.mode |= fs.ModeSocket
	default:
		s.mode |= fs.ModeDevice
	}
}

func (d *folder) mkdir(name string, perm fs.FileMode) error {
	err := retry(func() error { return unix.Mkdirat(d.fd, name, uint32(perm.Perm())) })
	runtime.KeepAlive(d.owner)
	return pathError("mkdir", err)
}

// chmod sets the mode of a file that is known to be no link.
func (d *folder) chmod(name string, mode fs.FileMode) error {
	err := retry(func() error { return unix.Fchmodat(d.fd, name, uint32(mode.Perm()), 0) })
	runtime.KeepAlive(d.owner)
	return pathError("chmod", err)
}

// remove removes a file, a link or an empty folder.
func (d *folder) remove(name string) error {
	err := retry(func() error { return unix.Unlinkat(d.fd, name, 0) })
	if err == unix.EISDIR || err == unix.EPERM {
		if derr := retry(func() error { return unix.Unlinkat(d.fd, name, unix.AT_REMOVEDIR) }); derr != unix.ENOTDIR {
			err = derr
		}
	}
	runtime.KeepAlive(d.owner)
	return pathError("remove", err)
}

// chtimes sets the time of the last modification; the time of the last access is now.
func (d *folder) chtimes(name string, modified time.Time) error {
	mtime, err := unix.TimeToTimespec(modified)
	if err != nil {
		return pathError("chtimes", err)
	}
	atime, err := unix.TimeToTimespec(time.Now())
	if err != nil {
		return pathError("chtimes", err)
	}
	err = retry(func() error {
		return unix.UtimesNanoAt(d.fd, name, []unix.Timespec{atime, mtime}, unix.AT_SYMLINK_NOFOLLOW)
	})
	runtime.KeepAlive(d.owner)
	return pathError("chtimes", err)
}

// id tells it from all other folders that are open.
func (d *folder) id() folderID {
	var st unix.Stat_t
	err := unix.Fstat(d.fd, &st)
	runtime.KeepAlive(d.owner)
	if err != nil {
		return folderID{}
	}
	return folderID{uint64(st.Dev), uint64(st.Ino)}
}

func (d *folder) sync() error {
	err := retry(func() error { return unix.Fsync(d.fd) })
	runtime.KeepAlive(d.owner)
	if err == unix.EINVAL { // this file system has no such thing
		return nil
	}
	return pathError("sync", err)
}

// rename moves an entry of one folder into another, replacing what stands there as rename(2) does.
func rename(from *folder, old string, to *folder, new string) error {
	err := retry(func() error { return unix.Renameat(from.fd, old, to.fd, new) })
	runtime.KeepAlive(from.owner)
	runtime.KeepAlive(to.owner)
	return pathError("rename", err)
}

// link gives an entry a second name. Links themselves are not followed.
func link(from *folder, old string, to *folder, new string) error {
	err := retry(func() error { return unix.Linkat(from.fd, old, to.fd, new, 0) })
	runtime.KeepAlive(from.owner)
	runtime.KeepAlive(to.owner)
	return pathError("link", err)
}

// openToRead notes no time of access, where it may: that would be a write to the disk for a read.
func openToRead(dir int, name string, flag int) (fd int, err error) {
	if fd, err = openat(dir, name, flag|noAccessTime, 0); err == unix.EPERM { // of somebody else's file
		fd, err = openat(dir, name, flag, 0)
	}
	return fd, err
}

func openat(dir int, name string, flag int, perm uint32) (fd int, err error) {
	err = retry(func() error {
		fd, err = unix.Openat(dir, name, flag, perm)
		return err
	})
	return fd, err
}

// retry calls the system again if a signal came in between.
func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// pathError has the form that package os gives its errors, but no path.
func pathError(op string, err error) error {
	var number syscall.Errno
	if err == nil {
		return nil
	}
	if errors.As(err, &number) {
		return os.NewSyscallError(op, number)
	}
	return err
}
