package dav

import (
	"errors"
	"net/http"
)

// delete answers DELETE (RFC 4918, 9.6). What was there is kept; a symbolic link or special file is just removed.
func (x *exchange) delete() error {
	if len(x.name) == 0 {
		return status(http.StatusForbidden)
	}
	c := x.newChange()
	defer c.close()
	code, err := x.deleteHeld(c)
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

func (x *exchange) deleteHeld(c *change) (int, error) {
	defer x.h.lockDrive(x.drive)()
	s, err := x.tree.find(x.name)
	if errors.Is(err, ErrNoParent) || err == nil && !s.exists() {
		return 0, status(http.StatusNotFound)
	}
	if err != nil {
		return 0, err
	}
	depth, err := readDepth(x.r.Header, depthInfinity)
	if err != nil {
		return 0, err
	}
	if s.isFolder() && depth != depthInfinity {
		return 0, status(http.StatusBadRequest)
	}
	submitted, err := x.judge(s)
	if err != nil {
		return 0, err
	}
	if err := x.checkLocks(submitted, need{path: s.path, deep: true, member: true}); err != nil {
		return 0, err
	}
	o := &operation{x: x, src: s, c: c}
	code, err := o.run()
	if err = c.end(err); err == nil {
		x.h.noteLocks(c.ctx, x.drive)
	}
	return code, err
}
