package dav

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

const noAccessTime = unix.O_NOATIME

// descend opens a folder at any depth below d in one call, or answers false: then something is not as asked, or the kernel (before 5.6) cannot, and
// the way has to be walked.
func (d *folder) descend(path string) (*folder, bool) {
	var fd int
	err := retry(func() (err error) {
		fd, err = unix.Openat2(d.fd, path, &unix.OpenHow{
			Flags:   unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC,
			Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS,
		})
		return err
	})
	runtime.KeepAlive(d.owner)
	if err != nil {
		return nil, false
	}
	return &folder{fd: fd}, true
}

// beginWriting has the disk begin with n bytes of a file at an offset, which a sync would find unwritten otherwise. Nothing is promised by it.
func beginWriting(f *os.File, offset, n int64) {
	raw, err := f.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) { unix.SyncFileRange(int(fd), offset, n, unix.SYNC_FILE_RANGE_WRITE) })
}

// swap exchanges two entries in one step, so that neither name is ever without content. It fails with [errors.ErrUnsupported] where the file system cannot.
func swap(a *folder, name string, b *folder, other string) error {
	return renameat2(a, name, b, other, unix.RENAME_EXCHANGE)
}

// renameNew is rename, but fails if something stands there. Where the file system cannot promise that, it looks first.
func renameNew(from *folder, old string, to *folder, new string) error {
	err := renameat2(from, old, to, new, unix.RENAME_NOREPLACE)
	if errors.Is(err, errors.ErrUnsupported) {
		return renameIfAbsent(from, old, to, new)
	}
	return err
}

func renameat2(from *folder, old string, to *folder, new string, flags uint) error {
	err := retry(func() error { return unix.Renameat2(from.fd, old, to.fd, new, flags) })
	runtime.KeepAlive(from.owner)
	runtime.KeepAlive(to.owner)
	if err == unix.EINVAL || err == unix.ENOSYS { // EINVAL also: into itself. The plain rename that follows says the same.
		return errors.ErrUnsupported
	}
	return pathError("rename", err)
}

// born answers when an entry came to be, whatever it was named then. It answers false where the file system or the kernel (before 4.11) does not tell.
func (d *folder) born(name string) (time.Time, bool) {
	var st unix.Statx_t
	err := retry(func() error { return unix.Statx(d.fd, name, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BTIME, &st) })
	runtime.KeepAlive(d.owner)
	if err != nil || st.Mask&unix.STATX_BTIME == 0 || st.Btime.Sec == 0 {
		return time.Time{}, false
	}
	return time.Unix(st.Btime.Sec, int64(st.Btime.Nsec)), true
}

// kinds calls do for every entry with what the folder itself says of it: a name, and whether it is a file, a folder or something else. It needs no look at the entry, where
// the file system writes down the kind.
func (d *folder) kinds(do func(name string, kind fs.FileMode) error) error {
	f, err := d.reader()
	if err != nil {
		return fmt.Errorf("reading a folder: %w", err)
	}
	defer f.Close()
	buffer := make([]byte, 32<<10)
	for {
		n := 0
		err := retry(func() (err error) { n, err = unix.Getdents(int(f.Fd()), buffer); return err })
		if err != nil {
			return fmt.Errorf("reading a folder: %w", pathError("getdents64", err))
		}
		if n == 0 {
			return nil
		}
		if err := d.entries(buffer[:n], do); err != nil {
			return err
		}
	}
}

// entries reads what getdents64(2) has written: inode and offset, 8 bytes each, the length of the whole, 2, the kind, 1, and the name, which a NUL ends.
func (d *folder) entries(b []byte, do func(name string, kind fs.FileMode) error) error {
	const header = 8 + 8 + 2 + 1
	for len(b) >= header {
		size := int(binary.NativeEndian.Uint16(b[16:]))
		if size < header || size > len(b) {
			return errors.New("reading a folder: the system's list is not as it should be")
		}
		name, _, _ := bytes.Cut(b[header:size], []byte{0})
		kind := b[18]
		b = b[size:]
		if string(name) == "." || string(name) == ".." {
			continue
		}
		mode := fs.ModeIrregular
		switch kind {
		case unix.DT_REG:
			mode = 0
		case unix.DT_DIR:
			mode = fs.ModeDir
		case unix.DT_UNKNOWN:
			info, err := d.lstat(string(name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return fmt.Errorf("reading a folder: %w", err)
			}
			mode = info.mode.Type()
		}
		if err := do(string(name), mode); err != nil {
			return err
		}
	}
	return nil
}
