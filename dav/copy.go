package dav

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/net/webdav"
)

// copy answers COPY (RFC 4918, 9.8). The copy grows in incoming/, and takes its name in one rename when it is whole. Times and dead properties are copied,
// symbolic links and special files left out.
func (x *exchange) copy() error {
	to, err := x.destination()
	if err != nil {
		return err
	}
	src, dst, submitted, err := x.sourceAndTarget(to)
	if err != nil {
		return err
	}
	if err := x.checkLocks(submitted, need{path: dst.path, deep: true, member: !dst.exists()}); err != nil {
		return err
	}
	cp, err := x.startCopy(src, dst)
	if err != nil {
		return err
	}
	defer cp.discard()
	o := &operation{x: x, src: src, dst: dst, copying: cp}
	if _, err := o.run(); err != nil {
		return err
	}
	if err := cp.finish(); err != nil {
		return err
	}

	c := x.newChange()
	defer c.close()
	existed, err := x.copyHeld(c, cp, to)
	if err != nil {
		return err
	}
	if err := c.durable(); err != nil {
		return err
	}
	if existed {
		x.w.WriteHeader(http.StatusNoContent)
	} else {
		x.w.WriteHeader(http.StatusCreated)
	}
	return nil
}

// copyHeld puts the finished copy in place, if that is still allowed.
func (x *exchange) copyHeld(c *change, cp *copying, to []string) (existed bool, err error) {
	defer x.h.lockDrive(x.drive)()
	src, dst, submitted, err := x.sourceAndTarget(to)
	if err != nil {
		return false, err
	}
	if err := x.checkLocks(submitted, need{path: dst.path, deep: true, member: !dst.exists()}); err != nil {
		return false, err
	}
	if dst.exists() && x.r.Header.Get("Overwrite") == "F" {
		return false, status(http.StatusPreconditionFailed)
	}
	deep := !strings.EqualFold(x.r.Header.Get("Depth"), "0")
	return dst.exists(), c.end(c.placeCopy(cp, src, dst, deep))
}

func (c *change) placeCopy(cp *copying, src, dst *spot, deep bool) error {
	var some [2]bool
	for i, p := range []string{src.path, dst.path} {
		var err error
		if some[i], err = hasRows(c.ctx, c.reader(), c.drive, p); err != nil {
			return err
		}
	}
	if some[0] || some[1] {
		tx, err := c.rows()
		if err != nil {
			return err
		}
		if err := deleteLocks(c.ctx, tx, c.drive, inside(dst.path)); err != nil {
			return err
		}
		if err := deleteProperties(c.ctx, tx, c.drive, dst.path); err != nil {
			return err
		}
		if err := copyProperties(c.ctx, tx, c.drive, src.path, dst.path, deep); err != nil {
			return err
		}
	}
	return c.replace(cp.dir, cp.name, src.isFolder(), dst)
}

// copying is a copy that grows in incoming/.
type copying struct {
	x        *exchange
	src, dst *spot
	dir      *os.Root // incoming/
	name     string
	folders  []folderTime // in the order they were made: parents first
	failed   error        // the first error that the copied files met
}

type folderTime struct {
	name     string
	modified time.Time
}

func (x *exchange) startCopy(src, dst *spot) (*copying, error) {
	dir, err := x.h.data.OpenRoot("incoming")
	if err != nil {
		return nil, fmt.Errorf("copying: %w", err)
	}
	return &copying{x: x, src: src, dst: dst, dir: dir, name: incomingPrefix + x.h.newID()}, nil
}

func (cp *copying) discard() {
	cp.dir.RemoveAll(cp.name)
	cp.dir.Close()
}

// inCopy maps a name below the destination to where it grows.
func (cp *copying) inCopy(name string) (string, error) {
	rest, ok := strings.CutPrefix(name, "/"+cp.dst.path)
	if !ok || rest != "" && rest[0] != '/' {
		return "", errors.New("copying: a name outside the destination")
	}
	return cp.name + rest, nil
}

// stat is asked by x/net about members of the destination. The copy begins empty, so that nothing is there yet.
func (cp *copying) stat(string) (os.FileInfo, error) { return nil, fs.ErrNotExist }

func (cp *copying) mkdir(name string) error {
	to, err := cp.inCopy(name)
	if err != nil {
		return err
	}
	var modified time.Time
	err = cp.x.tree.visit(cp.src.path+strings.TrimPrefix(name, "/"+cp.dst.path), func(s *spot) error {
		if !s.isFolder() {
			return fs.ErrNotExist
		}
		modified = s.info.ModTime()
		return nil
	})
	if err != nil {
		return fmt.Errorf("copying a folder: %w", err)
	}
	if err := cp.dir.Mkdir(to, 0o755); err != nil {
		return fmt.Errorf("copying a folder: %w", err)
	}
	cp.folders = append(cp.folders, folderTime{to, modified})
	return nil
}

// finish gives the folders their times, which filling them has changed, and makes all of them durable.
func (cp *copying) finish() error {
	for i := len(cp.folders) - 1; i >= 0; i-- {
		f := cp.folders[i]
		if err := cp.dir.Chtimes(f.name, time.Time{}, f.modified); err != nil {
			return fmt.Errorf("copying a folder: %w", err)
		}
		d, err := cp.dir.Open(f.name)
		if err != nil {
			return fmt.Errorf("copying a folder: %w", err)
		}
		err = d.Sync()
		d.Close()
		if err != nil {
			return fmt.Errorf("copying a folder: %w", err)
		}
	}
	return nil
}

func (cp *copying) openSource(name string) (webdav.File, error) {
	source := new(sourceFile)
	err := cp.x.tree.visit(strings.TrimPrefix(name, "/"), func(s *spot) (err error) {
		if !s.isFile() && !s.isFolder() {
			return fs.ErrNotExist
		}
		source.f, err = s.open()
		source.info = s.info
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("copying: %w", err)
	}
	return source, nil
}

func (cp *copying) create(ctx context.Context, name string, perm os.FileMode) (webdav.File, error) {
	to, err := cp.inCopy(name)
	if err != nil {
		return nil, err
	}
	f, err := cp.dir.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm&0o777|0o600)
	if err != nil {
		return nil, fmt.Errorf("copying: %w", err)
	}
	return &copyFile{cp: cp, ctx: ctx, f: f, name: to}, nil
}

// sourceFile is a file or folder that is read.
type sourceFile struct {
	f    *os.File
	info os.FileInfo
}

func (s *sourceFile) Read(p []byte) (int, error)         { return s.f.Read(p) }
func (s *sourceFile) Seek(o int64, w int) (int64, error) { return s.f.Seek(o, w) }
func (s *sourceFile) Write([]byte) (int, error)          { return 0, fs.ErrPermission }
func (s *sourceFile) Stat() (os.FileInfo, error)         { return s.info, nil }
func (s *sourceFile) Close() error                       { return s.f.Close() }

// Readdir leaves out what is no resource.
func (s *sourceFile) Readdir(int) ([]os.FileInfo, error) {
	entries, err := s.f.Readdir(-1)
	if err != nil {
		return nil, err
	}
	resources := entries[:0]
	for _, e := range entries {
		if e.IsDir() || e.Mode().IsRegular() {
			resources = append(resources, e)
		}
	}
	return resources, nil
}

// copyFile is a file that is written. x/net copies with io.Copy, so all happens in ReadFrom.
type copyFile struct {
	cp   *copying
	ctx  context.Context
	f    *os.File
	name string
	info os.FileInfo // the source's, when all of it has arrived
}

// ReadFrom copies the source, by the kernel where it can. It stops when the client leaves, and fails if the source is not as long as it was.
func (c *copyFile) ReadFrom(r io.Reader) (n int64, err error) {
	src, ok := r.(*sourceFile)
	if !ok {
		return 0, errors.New("copying: not from a source")
	}
	for {
		if err := c.ctx.Err(); err != nil {
			return n, c.fail(err)
		}
		m, err := io.Copy(c.f, &io.LimitedReader{R: src.f, N: 16 << 20})
		n += m
		if err != nil {
			return n, c.fail(err)
		}
		if m == 0 {
			break
		}
	}
	now, err := src.f.Stat()
	if err != nil {
		return n, c.fail(err)
	}
	if n != now.Size() || now.Size() != src.info.Size() {
		return n, c.fail(because(http.StatusConflict, errors.New("the source changed while it was copied")))
	}
	c.info = src.info
	return n, nil
}

func (c *copyFile) fail(err error) error {
	if c.cp.failed == nil {
		c.cp.failed = err
	}
	return err
}

// Close makes the copy durable and gives it the source's time.
func (c *copyFile) Close() error {
	var err error
	if c.info != nil {
		err = c.f.Sync()
	}
	if cerr := c.f.Close(); err == nil {
		err = cerr
	}
	if err == nil && c.info != nil {
		err = c.cp.dir.Chtimes(c.name, time.Time{}, c.info.ModTime())
	}
	if err != nil {
		return c.fail(fmt.Errorf("copying: %w", err))
	}
	return nil
}

func (c *copyFile) Read([]byte) (int, error) { return 0, fs.ErrPermission }
func (c *copyFile) Write([]byte) (int, error) {
	return 0, c.fail(errors.New("copying: written past ReadFrom"))
}
func (c *copyFile) Seek(int64, int) (int64, error)     { return 0, fs.ErrPermission }
func (c *copyFile) Readdir(int) ([]os.FileInfo, error) { return nil, fs.ErrPermission }
func (c *copyFile) Stat() (os.FileInfo, error)         { return c.f.Stat() }
