package dav

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// A folder is an open directory, and the only way to what lies in it. The names that its methods take are single parts of a path ("." is the folder
// itself), and no method follows a symbolic link: nothing outside can be reached through one.
//
// An [os.Root] promises the same for whole paths. It opens the folders on the way anew with each call, a folder does not, and one that is deep below
// another is opened in a single step where the system can ([folder.descend]).
//
// What it asks of the system is in folder_unix.go and folder_other.go, and where Linux can do more, in folder_linux.go:
//
//	look, open, read, mkdir, remove, chmod, chtimes  on the entry of that name
//	sub, descend                                     open a folder in it, or at any depth
//	reader                                           reads its entries, in no order
//	kinds                                            reads names and kinds alone, without a look at each entry
//	id, sync                                         tell it from others, and make its entries durable
//	rename, renameNew, swap, link                    from one folder to another
//	lasting, close                                   how long it stays open

// stat is what is known of an entry, by lstat.
type stat struct {
	name       string
	mode       fs.FileMode
	size       int64
	modified   time.Time
	changed    int64 // nanoseconds; nobody can set it. 0 where the system has none
	dev, inode uint64
	sys        os.FileInfo // where there is neither dev nor inode
}

var _ os.FileInfo = (*stat)(nil)

func (s *stat) Name() string       { return s.name }
func (s *stat) Size() int64        { return s.size }
func (s *stat) Mode() fs.FileMode  { return s.mode }
func (s *stat) ModTime() time.Time { return s.modified }
func (s *stat) IsDir() bool        { return s.mode.IsDir() }
func (s *stat) Sys() any           { return nil }

// isResource says whether WebDAV shows it: a file or a folder, but no link and nothing special.
func (s *stat) isResource() bool { return s.mode.IsDir() || s.mode.IsRegular() }

// same says whether two are of one file.
func (s *stat) same(other *stat) bool {
	if s.sys != nil || other.sys != nil {
		return s.sys != nil && other.sys != nil && os.SameFile(s.sys, other.sys)
	}
	return s.dev == other.dev && s.inode == other.inode
}

var errNotFolder = errors.New("not a folder")

// openFolder opens a folder below the data folder. The data folder is ours: the names in p are not a client's.
func openFolder(data *os.Root, p string) (*folder, error) {
	info, err := data.Lstat(p)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errNotFolder
	}
	return newFolder(data, p)
}

// lstat looks at an entry.
func (d *folder) lstat(name string) (*stat, error) {
	s := new(stat)
	if err := d.look(name, s); err != nil {
		return nil, err
	}
	return s, nil
}

// all reads the names of a folder.
func (d *folder) all() ([]string, error) {
	f, err := d.reader()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

// renameIfAbsent renames unless it sees something at the new name. Between looking and renaming, only someone at the machine could put something there.
func renameIfAbsent(from *folder, old string, to *folder, new string) error {
	if _, err := to.lstat(new); err == nil {
		return fs.ErrExist
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return rename(from, old, to, new)
}

// notHere says of a failure to open a folder that there is none, or something that is no folder.
func notHere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotFolder) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ELOOP)
}
