package shares

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"syscall"
)

// Where objects lie below the data folder.
const (
	sealedFolder   = "sealed"
	sealedSpread   = 2
	incomingFolder = "incoming/uploads"
)

// folder keeps objects as files below a folder of the data folder. With spread 2, an object abcdef... lies in ab/.
type folder struct {
	root   *os.Root
	spread int // how many first characters of a name name its folder
}

// openFolder makes dir below data if it is not there.
func openFolder(data *os.Root, dir string, spread int) (*folder, error) {
	if err := makeFolders(data, dir); err != nil {
		return nil, fmt.Errorf("making %s: %w", dir, err)
	}
	root, err := data.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", dir, err)
	}
	return &folder{root, spread}, nil
}

func (f *folder) close() error { return f.root.Close() }

// path returns where the object lies below f.root.
func (f *folder) path(name objectName) string {
	text := name.String()
	return path.Join(text[:f.spread], text)
}

func (f *folder) create(_ context.Context, name objectName) error {
	where := f.path(name)
	dir := path.Dir(where)
	if err := makeFolders(f.root, dir); err != nil {
		return fmt.Errorf("creating an object: %w", diskError(err))
	}
	file, err := f.root.OpenFile(where, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("creating an object: %w", diskError(err))
	}
	if err := errors.Join(file.Sync(), file.Close(), syncFolder(f.root, dir)); err != nil {
		return fmt.Errorf("creating an object: %w", diskError(errors.Join(err, f.root.Remove(where))))
	}
	return nil
}

func (f *folder) append(_ context.Context, name objectName, at int64) (appender, error) {
	file, err := f.root.OpenFile(f.path(name), os.O_WRONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("appending to an object: %w", err)
	}
	end, err := file.Seek(0, io.SeekEnd)
	switch {
	case err != nil:
	case end < at:
		err = errObjectTruncated
	case end > at:
		if err = file.Truncate(at); err == nil {
			_, err = file.Seek(at, io.SeekStart)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("appending to an object: %w", errors.Join(err, file.Close()))
	}
	return fileAppender{file}, nil
}

// fileAppender is a file that says when the disk is full.
type fileAppender struct{ file *os.File }

func (a fileAppender) Write(p []byte) (int, error) {
	n, err := a.file.Write(p)
	return n, diskError(err)
}
func (a fileAppender) Sync() error  { return diskError(a.file.Sync()) }
func (a fileAppender) Close() error { return a.file.Close() }

func (f *folder) open(_ context.Context, name objectName) (io.ReadSeekCloser, error) {
	file, err := f.root.Open(f.path(name))
	if err != nil {
		return nil, fmt.Errorf("opening an object: %w", err)
	}
	return file, nil
}

func (f *folder) size(_ context.Context, name objectName) (int64, error) {
	info, err := f.root.Lstat(f.path(name))
	if err != nil {
		return 0, fmt.Errorf("measuring an object: %w", err)
	}
	return info.Size(), nil
}

func (f *folder) delete(_ context.Context, name objectName) error {
	if err := f.root.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deleting an object: %w", err)
	}
	return nil
}

// all passes over what does not have the name of an object: it is not ours to delete.
func (f *folder) all(ctx context.Context) iter.Seq2[objectName, error] {
	return func(yield func(objectName, error) bool) {
		err := fs.WalkDir(f.root.FS(), ".", func(where string, entry fs.DirEntry, err error) error {
			if err != nil || ctx.Err() != nil {
				return errors.Join(err, ctx.Err())
			}
			b, err := hex.DecodeString(entry.Name())
			if err != nil || len(b) != len(objectName{}) || !entry.Type().IsRegular() {
				return nil
			}
			if name := objectName(b); f.path(name) == where && !yield(name, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(objectName{}, fmt.Errorf("listing objects: %w", err))
		}
	}
}

// diskError makes a full disk an ErrNoSpace, and leaves other errors alone.
func diskError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return err
}
