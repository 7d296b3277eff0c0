package dav

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/net/webdav"
)

// operation lets x/net/webdav carry out one MKCOL, DELETE, COPY or MOVE whose conditions and locks we have judged. It is the file system under it: x/net
// decides what the method means here (Depth, Overwrite, which status), the operation does it so that it happens whole or not at all.
//
// x/net calls the file system for the paths that we give it only: "/" and a spot's path.
type operation struct {
	x        *exchange
	src, dst *spot // dst only for COPY and MOVE
	c        *change
	err      error // the first error that says more than x/net's status for it

	copying *copying // COPY only
}

var _ webdav.FileSystem = (*operation)(nil)

// run has x/net/webdav answer, and gives its status back instead of writing it.
func (o *operation) run() (int, error) {
	r := &http.Request{
		Method: o.x.r.Method, URL: &url.URL{Path: "/" + o.src.path}, Header: http.Header{}, Body: http.NoBody, Host: "thorpe",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if depth := o.x.r.Header.Get("Depth"); depth != "" {
		r.Header.Set("Depth", strings.ToLower(depth))
	}
	if o.dst != nil {
		r.Header.Set("Destination", (&url.URL{Path: "/" + o.dst.path}).EscapedPath())
		r.Header.Set("Overwrite", "T") // the default (10.6), which x/net has for COPY alone
		if !o.x.overwrites() {
			r.Header.Set("Overwrite", "F")
		}
	}
	w := &verdict{head: http.Header{}}
	h := webdav.Handler{FileSystem: o, LockSystem: confirmed{}}
	h.ServeHTTP(w, r.WithContext(o.x.r.Context()))
	switch {
	case o.copying != nil && o.copying.failed != nil:
		return 0, o.copying.failed
	case o.err != nil:
		return 0, o.err
	case w.status >= 400 || w.status == 0:
		return 0, status(max(w.status, http.StatusBadRequest))
	}
	return w.status, nil
}

// note remembers an error for the answer, and passes it on.
func (o *operation) note(err error) error {
	if err != nil && o.err == nil {
		o.err = err
	}
	return err
}

// Stat is asked about the source of DELETE and the destination of COPY and MOVE.
func (o *operation) Stat(_ context.Context, name string) (os.FileInfo, error) {
	s := o.src
	if o.dst != nil {
		s = o.dst
	}
	if name != "/"+s.path {
		return o.copying.stat(name)
	}
	if !s.exists() || o.dst != nil && respelled(o.src, o.dst) {
		return nil, fs.ErrNotExist
	}
	return s.info, nil
}

// Mkdir makes the collection of a MKCOL, or one in the copy that COPY makes.
func (o *operation) Mkdir(_ context.Context, name string, perm os.FileMode) error {
	if o.copying != nil {
		return o.note(o.copying.mkdir(name))
	}
	err := o.src.dir.mkdir(o.src.name, perm&0o777&^0o022)
	if err != nil && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
		o.note(err)
	}
	if err == nil {
		o.c.undo = append(o.c.undo, func() error { return o.src.dir.remove(o.src.name) })
		o.c.sync = append(o.c.sync, o.src.dir)
	}
	return err
}

// OpenFile reads the source of COPY, or writes its copy.
func (o *operation) OpenFile(ctx context.Context, name string, flag int, perm os.FileMode) (webdav.File, error) {
	if o.copying == nil {
		return nil, o.note(errors.New("opening a file for " + o.x.r.Method))
	}
	if flag&os.O_CREATE == 0 {
		f, err := o.copying.openSource(name)
		return f, o.note(err)
	}
	f, err := o.copying.create(ctx, name, perm)
	return f, o.note(err)
}

// RemoveAll is DELETE. Before COPY and MOVE the destination stays where it is: what replaces it also keeps it.
func (o *operation) RemoveAll(_ context.Context, _ string) error {
	if o.dst != nil {
		return nil
	}
	return o.note(o.c.remove(o.src))
}

// Rename is MOVE.
func (o *operation) Rename(_ context.Context, _, _ string) error {
	return o.note(o.c.moveResource(o.src, o.dst))
}

// confirmed is the lock system of requests whose locks we have judged.
type confirmed struct{}

func (confirmed) Confirm(time.Time, string, string, ...webdav.Condition) (func(), error) {
	return func() {}, nil
}
func (confirmed) Create(time.Time, webdav.LockDetails) (string, error) { return "confirmed", nil }
func (confirmed) Refresh(time.Time, string, time.Duration) (webdav.LockDetails, error) {
	return webdav.LockDetails{}, webdav.ErrNoSuchLock
}
func (confirmed) Unlock(time.Time, string) error { return nil }

// verdict takes x/net's answer: its status is all that matters.
type verdict struct {
	head   http.Header
	status int
}

func (v *verdict) Header() http.Header         { return v.head }
func (v *verdict) WriteHeader(code int)        { v.status = code }
func (v *verdict) Write(p []byte) (int, error) { return len(p), nil }
