package dav

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// move answers MOVE (RFC 4918, 9.9): one rename. What stood at the destination is kept. Properties follow; locks on the source end.
func (x *exchange) move() error {
	to, err := x.destination()
	if err != nil {
		return err
	}
	if _, err := readDepth(x.r.Header, depthInfinity); err != nil {
		return err
	}
	c := x.newChange()
	defer c.close()
	code, err := x.moveHeld(c, to)
	if err != nil {
		return err
	}
	if err := c.durable(); err != nil {
		return err
	}
	x.tellKept(c)
	x.w.WriteHeader(code)
	return nil
}

func (x *exchange) moveHeld(c *change, to []string) (int, error) {
	defer x.h.lockDrive(x.drive)()
	src, dst, submitted, err := x.sourceAndTarget(to)
	if err != nil {
		return 0, err
	}
	if err := x.checkLocks(submitted, need{path: src.path, deep: true, member: true}, need{path: dst.path, deep: true, member: !dst.exists()}); err != nil {
		return 0, err
	}
	inside, err := x.placeholdersInside(src)
	if err != nil {
		return 0, err
	}
	o := &operation{x: x, src: src, dst: dst, c: c}
	code, err := o.run()
	if err = c.end(err); err != nil {
		return 0, err
	}
	x.h.noteLocks(c.ctx, x.drive)
	for _, l := range inside {
		l.path = dst.path + strings.TrimPrefix(l.path, src.path)
		if err := x.h.removePlaceholder(c.ctx, x.tree, x.drive, &l); err != nil { // the MOVE is done all the same
			x.h.log.Warn("removing what a lock made", "cause", ForLog(err))
		}
	}
	return code, nil
}

// placeholdersInside answers the locks below a folder that made the files they are on. The locks end when the folder moves, and the files with them.
func (x *exchange) placeholdersInside(s *spot) (lockSet, error) {
	if !s.isFolder() {
		return nil, nil
	}
	locks, err := x.h.liveLocks(x.r.Context(), x.drive)
	return slices.DeleteFunc(locks, func(l lock) bool { return l.placeholder == "" || !within(l.path, s.path) }), err
}

// overwrites reads the Overwrite header (10.6): anything that is not plainly T, or absent, does not overwrite.
func (x *exchange) overwrites() bool {
	h := x.r.Header.Get("Overwrite")
	return h == "" || strings.EqualFold(h, "T")
}

// sourceAndTarget finds both ends of a COPY or MOVE, before anything is touched. The source must exist: 404. The two must not be one resource, in whatever
// spelling, nor may one lie inside the other: 403. The destination's parent must exist: 409.
func (x *exchange) sourceAndTarget(to []string) (src, dst *spot, submitted map[string]bool, err error) {
	if src, err = x.tree.resource(x.name); err != nil {
		return nil, nil, nil, err
	}
	if submitted, err = x.judge(src); err != nil {
		return nil, nil, nil, err
	}
	if dst, err = x.tree.targetFrom(src, x.name, to); err != nil {
		return nil, nil, nil, err
	}
	if src.isRoot() || dst.isRoot() || within(dst.path, src.path) || within(src.path, dst.path) && dst.exists() {
		return nil, nil, nil, status(http.StatusForbidden)
	}
	if dst.exists() && src.info.same(dst.info) && (x.r.Method != "MOVE" || !respelled(src, dst)) {
		return nil, nil, nil, status(http.StatusForbidden)
	}
	return src, dst, submitted, nil
}

// respelled says whether two names of one thing differ in case only, in one folder: then the file system folds case, and the MOVE is a change of name. Nothing
// is overwritten by it.
func respelled(src, dst *spot) bool {
	return dst.exists() && src.info.same(dst.info) && src.path != dst.path && path.Dir(src.path) == path.Dir(dst.path) && strings.EqualFold(src.name, dst.name)
}

// moveResource is the rename of a MOVE, with the rows that follow it.
func (c *change) moveResource(src, dst *spot) error {
	for _, p := range []string{src.path, dst.path} {
		some, err := c.hasRows(p)
		if err != nil {
			return err
		}
		if !some {
			continue
		}
		tx, err := c.rows()
		if err != nil {
			return err
		}
		if p == src.path {
			err = deleteLocks(c.ctx, tx, c.drive, below(p))
		} else if err = deleteLocks(c.ctx, tx, c.drive, inside(p)); err == nil { // a lock on the destination itself stays with its URL
			err = deleteProperties(c.ctx, tx, c.drive, p)
		}
		if err != nil {
			return err
		}
	}
	if c.tx != nil {
		if err := moveProperties(c.ctx, c.tx, c.drive, src.path, dst.path); err != nil {
			return err
		}
	}
	if respelled(src, dst) {
		if err := rename(src.dir, src.name, dst.dir, dst.name); err != nil {
			return err
		}
		c.undo = append(c.undo, func() error { return rename(dst.dir, dst.name, src.dir, src.name) })
		c.sync = append(c.sync, src.dir)
		return nil
	}
	if err := c.replace(src.dir, src.name, src.isFolder(), dst); err != nil {
		return err
	}
	c.sync = append(c.sync, src.dir)
	return nil
}
