package dav

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
)

// sourceFile is a file or folder that is read.
type sourceFile struct {
	f    *os.File
	spot *spot
	walk *walker
}

func (s *sourceFile) Read(p []byte) (int, error)         { return s.f.Read(p) }
func (s *sourceFile) Seek(o int64, w int) (int64, error) { return s.f.Seek(o, w) }
func (s *sourceFile) Write([]byte) (int, error)          { return 0, fs.ErrPermission }
func (s *sourceFile) Stat() (os.FileInfo, error)         { return s.spot.info, nil }
func (s *sourceFile) Close() error                       { return s.f.Close() }

// Readdir leaves out what is no resource.
func (s *sourceFile) Readdir(int) ([]os.FileInfo, error) {
	dir, err := s.walk.folder(s.spot.path)
	if err != nil {
		return nil, err
	}
	var resources []os.FileInfo
	err = dir.each(func(e *stat) error {
		if e.isResource() {
			resource := *e
			resources = append(resources, &resource)
		}
		return nil
	})
	return resources, err
}

// copyFile is a file that is written. x/net copies with io.Copy, so all happens in ReadFrom.
type copyFile struct {
	cp   *copying
	ctx  context.Context
	f    *os.File
	dir  *folder // the walker's: it stays here until the file is closed
	name string
	info os.FileInfo // the source's, when all of it has arrived
}

// ReadFrom copies the source, by the kernel where it can. It stops when the client leaves, and fails if the source is not as long as it was.
func (c *copyFile) ReadFrom(r io.Reader) (n int64, err error) {
	src, ok := r.(*sourceFile)
	if !ok {
		return 0, errors.New("copying: not from a source")
	}
	if err := c.cp.room.take(src.spot.info.size); err != nil {
		return 0, c.fail(err)
	}
	for n < src.spot.info.size {
		if err := c.ctx.Err(); err != nil {
			return n, c.fail(err)
		}
		m, err := io.Copy(c.f, &io.LimitedReader{R: src.f, N: min(src.spot.info.size-n, 16<<20)})
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
	if n != now.Size() || now.Size() != src.spot.info.size {
		return n, c.fail(&failure{status: http.StatusConflict, sentence: sayMeanwhile, cause: errors.New("the source changed while it was copied")})
	}
	c.info = src.spot.info
	c.cp.bytes += n
	return n, nil
}

func (c *copyFile) fail(err error) error {
	c.cp.x.wanted = c.cp.room.taken
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
		err = c.dir.chtimes(c.name, c.info.ModTime())
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
