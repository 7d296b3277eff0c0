package dav

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// propfind answers PROPFIND (RFC 4918, 9.1) for one resource or a collection and its members. It streams: one fstatat an entry, one query for all the
// dead properties of the folder. Depth: infinity, which is also what no Depth means, is refused on a collection (9.1: propfind-finite-depth).
//
// If reading the folder fails in the middle, the connection is cut: a shorter list that looks whole would make a client delete files.
func (x *exchange) propfind() error {
	s, err := x.tree.resource(x.name)
	if err != nil {
		return err
	}
	depth := strings.ToLower(x.r.Header.Get("Depth"))
	switch {
	case depth == "0" || depth == "1":
	case depth != "" && depth != "infinity":
		return status(http.StatusBadRequest)
	case s.isFolder():
		return &failure{status: http.StatusForbidden, condition: "propfind-finite-depth"}
	}
	body, err := x.readXML()
	if err != nil {
		return err
	}
	q, err := readQuery(body)
	if err != nil {
		return err
	}
	if err := x.checkIf(s, nil); err != nil {
		return err
	}
	l, err := x.newListing(s, q)
	if err != nil {
		return err
	}
	if depth != "1" || !s.isFolder() {
		return l.write(nil)
	}
	dir, err := s.dir.sub(s.name)
	if err != nil {
		return err
	}
	defer dir.close()
	return l.write(dir)
}

// listing is the answer to a PROPFIND.
type listing struct {
	x     *exchange
	plan  *plan
	spot  *spot
	locks lockSet
	space *Space
}

// newListing reads what holds for all entries.
func (x *exchange) newListing(s *spot, q *query) (*listing, error) {
	l := &listing{x: x, plan: newPlan(q), spot: s}
	var err error
	if q.all || q.wants(dav("lockdiscovery")) {
		if l.locks, err = x.h.liveLocks(x.r.Context(), x.drive); err != nil {
			return nil, err
		}
	}
	if q.wants(dav("quota-available-bytes")) || q.wants(dav("quota-used-bytes")) {
		space, err := x.h.Space(x.r.Context(), x.drive)
		if err == nil {
			l.space = &space
		} else if !errors.Is(err, errors.ErrUnsupported) {
			return nil, err
		}
	}
	return l, nil
}

// write writes the resource itself and, from an open folder, its members.
func (l *listing) write(folder *folder) error {
	ctx := l.x.r.Context()
	self := &resource{spot: l.spot, root: l.spot.isRoot(), locks: l.locks, x: l.x, spaces: l.space}
	var members map[string][]dead
	var err error
	if l.plan.query.wantsDead() {
		if self.dead, err = properties(ctx, l.x.h.db, l.x.drive, l.spot.path); err != nil {
			return err
		}
		if folder != nil {
			if members, err = memberProperties(ctx, l.x.h.db, l.x.drive, l.spot.path); err != nil {
				return err
			}
		}
	}

	l.x.w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	l.x.w.WriteHeader(http.StatusMultiStatus)
	out := bufio.NewWriterSize(&timedWriter{l.x.w, http.NewResponseController(l.x.w), l.x.h.stall}, 128<<10)
	out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<D:multistatus xmlns:D="DAV:">`)
	base := href(l.x.prefix, l.x.name, l.spot.isFolder()) // as the client spelled it, so that it knows its own
	b := l.appendResponse(nil, base, "", self)
	out.Write(b)
	if folder != nil {
		err = l.writeMembers(out, folder, base, members, b)
	}
	if err == nil {
		out.WriteString(`</D:multistatus>`)
		err = out.Flush()
	}
	if err != nil {
		l.x.h.log.Warn("listing a folder", "cause", ForLog(err))
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (l *listing) writeMembers(out *bufio.Writer, dir *folder, base string, members map[string][]dead, b []byte) error {
	member := &resource{spot: &spot{}, locks: l.locks, x: l.x, spaces: l.space}
	above := l.spot.path
	if above != "" {
		above += "/"
	}
	return dir.each(func(info *stat) error {
		if !info.isResource() || !validPart(info.name) {
			return nil
		}
		member.spot.name, member.spot.info = info.name, info
		if len(members) > 0 || len(l.locks) > 0 {
			member.spot.path = above + info.name
			member.dead = members[member.spot.path]
		}
		b = l.appendResponse(b[:0], base, info.name, member)
		_, err := out.Write(b)
		return err
	})
}

// appendResponse appends the response element of base, or of its member name.
func (l *listing) appendResponse(b []byte, base, name string, r *resource) []byte {
	b = append(append(b, `<D:response><D:href>`...), base...)
	if name != "" {
		b = appendEscaped(b, name)
		if r.spot.info.IsDir() {
			b = append(b, '/')
		}
	}
	b = l.plan.appendProps(append(b, `</D:href>`...), r)
	return append(b, `</D:response>`...)
}

// timedWriter moves the connection's deadline along with what is written.
type timedWriter struct {
	w       io.Writer
	control *http.ResponseController
	stall   time.Duration
}

func (t *timedWriter) Write(p []byte) (int, error) {
	t.control.SetWriteDeadline(time.Now().Add(t.stall))
	return t.w.Write(p)
}
