package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"sync"
)

// errSource says that the original, and not the copy, is at fault.
var errSource = errors.New("the original can't be read")

func sourceError(err error) error { return fmt.Errorf("%w: %w", errSource, err) }

// wholeFile says to [run.take] that all of a file counts, however long it is.
const wholeFile = -1

// attempts is how often a file is read that is written to meanwhile. After the last one it is taken as it is.
const attempts = 3

// take brings a file into the new snapshot: from an earlier one if it is the same, otherwise as a copy. want is how many of its first bytes count, and then e's size.
func (r *run) take(in *os.Root, name string, e entry, want int64) (*staged, error) {
	waitForClock(&e)
	if s, err := r.takeEarlier(in, name, e); s != nil || err != nil {
		return s, err
	}
	for try := 1; ; try++ {
		s, steady, err := r.copyFile(in, name, e.Path, want)
		if err != nil {
			return nil, err
		}
		if steady || try == attempts {
			if !steady {
				s.Inode, s.Changed = 0, 0 // looked at again next time, whatever it says then
			}
			return s, r.add(s)
		}
		if err := r.repo.Remove(r.in(e.Path)); err != nil {
			return nil, fmt.Errorf("copying a file once more: %w", err)
		}
	}
}

// takeEarlier shares the file of an earlier snapshot, or answers nil.
func (r *run) takeEarlier(in *os.Root, name string, e entry) (*staged, error) {
	for _, s := range r.earlier {
		if old := s.byPath[e.Path]; old != nil && old.same(&e) && r.linkEarlier(s, old, e.Path) {
			e.Hash = old.Hash
			return r.shared(e)
		}
	}
	// Moved, or touched, or on a file system that tells no more: then its content says whether it is the same.
	var hash string
	for _, s := range r.earlier {
		for _, old := range []*entry{s.byPath[e.Path], s.byInode[e.Inode]} {
			if old == nil || !old.alike(&e) {
				continue
			}
			if hash == "" {
				var err error
				if hash, err = hashOriginal(r.ctx, in, name, &e); err != nil {
					return nil, err
				}
			}
			if hash == old.Hash && r.linkEarlier(s, old, e.Path) {
				e.Hash = hash
				return r.shared(e)
			}
		}
	}
	return nil, nil
}

func (r *run) shared(e entry) (*staged, error) {
	return &staged{entry: e}, r.journal.write(line{entry: &e})
}

// linkEarlier gives a file of an earlier snapshot a name in the new one. It answers false where that can't be.
func (r *run) linkEarlier(s *snapshot, old *entry, p string) bool {
	from := path.Join(s.name, old.Path)
	info, err := r.repo.Lstat(from)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if there := entryOf(old.Path, info); there.Size != old.Size || there.Modified != old.Modified || there.Nanos != old.Nanos {
		return false
	}
	if r.repo.MkdirAll(path.Dir(r.in(p)), 0o700) != nil {
		return false
	}
	return r.repo.Link(from, r.in(p)) == nil
}

// openOriginal opens a file that was looked at, and answers what it is now.
func openOriginal(in *os.Root, name, p string) (*os.File, entry, error) {
	f, err := in.OpenFile(name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, entry{}, sourceError(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = os.ErrNotExist // something else came in its place
	}
	if err != nil {
		f.Close()
		return nil, entry{}, sourceError(err)
	}
	return f, entryOf(p, info), nil
}

// hashOriginal is the hash of the first e.Size bytes of a file, or nothing if it is not the file e any more.
func hashOriginal(ctx context.Context, in *os.Root, name string, e *entry) (string, error) {
	f, before, err := openOriginal(in, name, e.Path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := copyBytes(ctx, hash, io.LimitReader(f, e.Size)); ctx.Err() != nil {
		return "", ctx.Err()
	} else if err != nil {
		return "", sourceError(err)
	}
	info, err := f.Stat()
	if err != nil {
		return "", sourceError(err)
	}
	if after := entryOf(e.Path, info); !sameContent(&before, &after) || before.Inode != e.Inode || before.Changed != e.Changed {
		return "-", nil
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// sameContent says whether a file was left alone while it was read.
func sameContent(before, after *entry) bool {
	return before.Size == after.Size && before.Changed == after.Changed && before.Modified == after.Modified && before.Nanos == after.Nanos
}

// pour copies bytes and answers how many there were, and their hash. The error is the source's (errSource) if it was at fault.
func pour(ctx context.Context, to io.Writer, from io.Reader) (size int64, sum string, err error) {
	hash := sha256.New()
	original := &originalReader{Reader: from}
	size, err = copyBytes(ctx, io.MultiWriter(to, hash), original)
	if original.failed {
		err = sourceError(err)
	}
	return size, hex.EncodeToString(hash.Sum(nil)), err
}

// copyFile copies a file. It is steady if nobody wrote to it meanwhile. Where the file system can, the copy shares the original's blocks, and gets its hash when it
// is read back.
func (r *run) copyFile(in *os.Root, name, p string, want int64) (s *staged, steady bool, err error) {
	from, before, err := openOriginal(in, name, p)
	if err != nil {
		return nil, false, err
	}
	defer from.Close()
	if err := r.repo.MkdirAll(path.Dir(r.in(p)), 0o700); err != nil {
		return nil, false, fmt.Errorf("copying a file: %w", err)
	}
	to, err := r.repo.OpenFile(r.in(p), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("copying a file: %w", err)
	}
	defer to.Close()
	s = &staged{entry: before, copied: true}
	var failed error
	if want != wholeFile || clone(to, from) != nil {
		var source io.Reader = from
		if want != wholeFile {
			source = io.LimitReader(from, want)
		}
		s.Size, s.Hash, failed = pour(r.ctx, to, source)
	} else if info, err := to.Stat(); err == nil {
		s.Size = info.Size()
	}
	info, err := from.Stat()
	if failed == nil && err != nil {
		failed = sourceError(err)
	}
	if failed == nil {
		failed = syncFile(to)
	}
	if err := to.Close(); failed == nil {
		failed = err
	}
	if failed != nil {
		if err := r.repo.Remove(r.in(p)); err != nil { // what can't be read must leave nothing
			return nil, false, fmt.Errorf("copying a file: %w", errors.Join(failed, err))
		}
		return nil, false, fmt.Errorf("copying a file: %w", failed)
	}
	after := entryOf(p, info)
	if err := dress(r.repo, r.in(p), &s.entry); err != nil {
		return nil, false, fmt.Errorf("copying a file: %w", err)
	}
	return s, want != wholeFile || sameContent(&before, &after), nil // what follows the first bytes of an upload grows
}

// originalReader knows whether it was reading that failed.
type originalReader struct {
	io.Reader
	failed bool
}

func (o *originalReader) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	o.failed = o.failed || err != nil && err != io.EOF
	return n, err
}

var buffers = sync.Pool{New: func() any { return new([1 << 20]byte) }}

// copyBytes is io.Copy that ends with ctx.
func copyBytes(ctx context.Context, to io.Writer, from io.Reader) (n int64, err error) {
	pooled := buffers.Get().(*[1 << 20]byte)
	defer buffers.Put(pooled)
	buffer := pooled[:]
	for {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		got, err := from.Read(buffer)
		if got > 0 {
			wrote, werr := to.Write(buffer[:got])
			n += int64(wrote)
			if werr != nil {
				return n, werr
			}
		}
		if err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}
