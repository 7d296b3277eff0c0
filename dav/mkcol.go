package dav

import (
	"io"
	"net/http"
)

// mkcol answers MKCOL (RFC 4918, 9.3). It takes no body: 415.
func (x *exchange) mkcol() error {
	if x.r.ContentLength != 0 { // or not known
		if n, err := io.ReadFull(x.body(), make([]byte, 1)); n > 0 {
			return status(http.StatusUnsupportedMediaType)
		} else if err != io.EOF {
			return bodyError(err)
		}
	}
	if len(x.name) == 0 {
		return status(http.StatusMethodNotAllowed)
	}
	c := x.newChange()
	defer c.close()
	code, err := x.mkcolHeld(c)
	if err != nil {
		return err
	}
	if err := c.durable(); err != nil {
		return err
	}
	x.w.WriteHeader(code)
	return nil
}

func (x *exchange) mkcolHeld(c *change) (int, error) {
	defer x.h.lockDrive(x.drive)()
	s, err := x.tree.find(x.name)
	if err != nil {
		return 0, err
	}
	submitted, err := x.judge(s)
	if err != nil {
		return 0, err
	}
	if err := x.checkLocks(submitted, need{path: s.path, member: true}); err != nil {
		return 0, err
	}
	if !s.exists() {
		if err := c.forgetProperties(s.path); err != nil {
			return 0, c.end(err)
		}
	}
	o := &operation{x: x, src: s, c: c}
	code, err := o.run()
	return code, c.end(err)
}
