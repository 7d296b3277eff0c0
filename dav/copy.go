package dav

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
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
	depth, err := readDepth(x.r.Header, depthInfinity)
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
	cp := x.startCopy(src, dst)
	defer cp.discard()
	if dst.isFile() {
		cp.room.replaced = dst.info.size
	}
	o := &operation{x: x, src: src, dst: dst, copying: cp}
	if _, err := o.run(); err != nil {
		return err
	}
	if err := cp.finish(); err != nil {
		return err
	}

	c := x.newChange()
	defer c.close()
	c.room = cp.room
	existed, err := x.copyHeld(c, cp, to, depth != depthZero)
	if err != nil {
		return err
	}
	if err := c.durable(); err != nil {
		return err
	}
	x.tellKept(c)
	if existed {
		x.w.WriteHeader(http.StatusNoContent)
	} else {
		x.w.WriteHeader(http.StatusCreated)
	}
	return nil
}

// copyHeld puts the finished copy in place, if that is still allowed.
func (x *exchange) copyHeld(c *change, cp *copying, to []string, deep bool) (existed bool, err error) {
	defer x.h.lockDrive(x.drive)()
	src, dst, submitted, err := x.sourceAndTarget(to)
	if err != nil {
		return false, err
	}
	if err := x.checkLocks(submitted, need{path: dst.path, deep: true, member: !dst.exists()}); err != nil {
		return false, err
	}
	if dst.exists() && !x.overwrites() {
		return false, status(http.StatusPreconditionFailed)
	}
	if err := c.room.confirm(dst); err != nil {
		return false, err
	}
	err = c.end(c.placeCopy(cp, src, dst, deep))
	cp.placed = err == nil
	return dst.exists(), err
}

func (c *change) placeCopy(cp *copying, src, dst *spot, deep bool) error {
	var some [2]bool
	for i, p := range []string{src.path, dst.path} {
		var err error
		if some[i], err = c.hasRows(p); err != nil {
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
		before, err := extraProperties(c.ctx, tx, c.drive, below(dst.path))
		if err != nil {
			return err
		}
		if err := deleteProperties(c.ctx, tx, c.drive, dst.path); err != nil {
			return err
		}
		if err := copyProperties(c.ctx, tx, c.drive, src.path, dst.path, deep); err != nil {
			return err
		}
		after, err := extraProperties(c.ctx, tx, c.drive, below(dst.path))
		if err != nil {
			return err
		}
		if err := c.growProperties(after - before); err != nil {
			return err
		}
	}
	c.counted.used += cp.bytes
	return c.replace(cp.dir, cp.name, src.isFolder(), dst)
}

// copying is a copy that grows in incoming/.
type copying struct {
	x        *exchange
	src, dst *spot
	dir      *folder // incoming/
	name     string
	from, to walker       // in the drive; in incoming/
	folders  []folderTime // in the order they were made: parents first
	placed   bool         // it is in the drive
	bytes    int64        // of its files
	room     *room
	failed   error // the first error that the copied files met
}

type folderTime struct {
	name     string
	modified time.Time
}

func (x *exchange) startCopy(src, dst *spot) *copying {
	dir := x.h.incoming
	return &copying{x: x, room: x.newRoom(), src: src, dst: dst, dir: dir, name: incomingPrefix + x.h.newID(), from: walker{root: x.tree.root}, to: walker{root: dir}}
}

func (cp *copying) discard() {
	cp.room.release()
	cp.from.close()
	cp.to.close()
	if !cp.placed {
		cp.x.h.data.RemoveAll("incoming/" + cp.name)
	}
}

// inCopy finds where a name below the destination grows.
func (cp *copying) inCopy(name string) (dir *folder, base string, err error) {
	rest, ok := strings.CutPrefix(name, "/"+cp.dst.path)
	if !ok || rest != "" && rest[0] != '/' {
		return nil, "", errors.New("copying: a name outside the destination")
	}
	p := cp.name + rest
	dir, err = cp.to.folder(parentPath(p))
	return dir, path.Base(p), err
}

// stat is asked by x/net about members of the destination. The copy begins empty, so that nothing is there yet.
func (cp *copying) stat(string) (os.FileInfo, error) { return nil, fs.ErrNotExist }

func (cp *copying) mkdir(name string) error {
	dir, base, err := cp.inCopy(name)
	if err != nil {
		return err
	}
	rest := strings.TrimPrefix(name, "/"+cp.dst.path)
	from, err := cp.source(cp.src.path + rest)
	if err != nil {
		return err
	}
	if !from.isFolder() {
		return fmt.Errorf("copying a folder: %w", fs.ErrNotExist)
	}
	if err := dir.mkdir(base, 0o755); err != nil {
		return fmt.Errorf("copying a folder: %w", err)
	}
	cp.folders = append(cp.folders, folderTime{cp.name + rest, from.info.ModTime()})
	return nil
}

// source finds what is copied.
func (cp *copying) source(p string) (*spot, error) {
	if p == cp.src.path {
		return cp.src, nil
	}
	return cp.from.find(p)
}

// finish gives the folders their times, which filling them has changed, and makes all of them durable.
func (cp *copying) finish() error {
	for _, f := range slices.Backward(cp.folders) {
		dir, err := cp.to.folder(f.name)
		if err != nil {
			return fmt.Errorf("copying a folder: %w", err)
		}
		if err := dir.chtimes(".", f.modified); err != nil {
			return fmt.Errorf("copying a folder: %w", err)
		}
		if err := dir.sync(); err != nil {
			return fmt.Errorf("copying a folder: %w", err)
		}
	}
	return nil
}

func (cp *copying) openSource(name string) (webdav.File, error) {
	s, err := cp.source(strings.TrimPrefix(name, "/"))
	if err != nil {
		return nil, err
	}
	if !s.isFile() && !s.isFolder() {
		return nil, fmt.Errorf("copying: %w", fs.ErrNotExist)
	}
	f, err := s.open()
	if err != nil {
		return nil, fmt.Errorf("copying: %w", err)
	}
	return &sourceFile{f: f, spot: s, walk: &cp.from}, nil
}

func (cp *copying) create(ctx context.Context, name string, perm os.FileMode) (webdav.File, error) {
	dir, base, err := cp.inCopy(name)
	if err != nil {
		return nil, err
	}
	f, err := dir.open(base, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm&0o777|0o600)
	if err != nil {
		return nil, fmt.Errorf("copying: %w", err)
	}
	return &copyFile{cp: cp, ctx: ctx, f: f, dir: dir, name: base}, nil
}
