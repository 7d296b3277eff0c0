package dav

import (
	"bufio"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// propfind answers PROPFIND (RFC 4918, 9.1) for one resource or a collection and its members. It streams: one fstatat an entry, one query for the dead
// properties of each batch of entries. Depth: infinity, which is also what no Depth means, is refused on a collection (9.1: propfind-finite-depth).
//
// If reading the folder fails in the middle, the connection is cut: a shorter list that looks whole would make a client delete files.
func (x *exchange) propfind() error {
	s, err := x.tree.resource(x.name)
	if err != nil {
		return err
	}
	depth, err := readDepth(x.r.Header, depthInfinity)
	if err != nil {
		return err
	}
	if depth == depthInfinity && s.isFolder() {
		return &failure{status: http.StatusForbidden, condition: "propfind-finite-depth"}
	}
	q, err := x.readQuery()
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
	if depth == depthZero || !s.isFolder() {
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
	dead  bool // dead properties may be in it
	space *Space

	inherited lockSet            // locks on all that is listed
	own       map[string]lockSet // and on single ones, by their path
}

// newListing reads what holds for all entries.
func (x *exchange) newListing(s *spot, q *query) (*listing, error) {
	l := &listing{x: x, plan: newPlan(q), spot: s, dead: q.wantsDead() && x.h.mayHaveProperties(x.drive)}
	if q.all || q.wants(dav("lockdiscovery")) {
		locks, err := x.h.liveLocks(x.r.Context(), x.drive)
		if err != nil {
			return nil, err
		}
		l.sortLocks(locks)
	}
	if q.wants(dav("quota-available-bytes")) || q.wants(dav("quota-used-bytes")) {
		space, err := x.h.Space(x.r.Context(), x.drive)
		if err != nil {
			return nil, err
		}
		l.space = &space
	}
	return l, nil
}

// sortLocks finds which locks are on what is listed, so that not each entry has to look at each lock.
func (l *listing) sortLocks(locks lockSet) {
	for i := range locks {
		lock := locks[i]
		switch {
		case lock.infinite && (lock.path == l.spot.path || within(l.spot.path, lock.path)):
			l.inherited = append(l.inherited, lock)
		case lock.path == l.spot.path || parentPath(lock.path) == l.spot.path:
			if l.own == nil {
				l.own = map[string]lockSet{}
			}
			l.own[lock.path] = append(l.own[lock.path], lock)
		}
	}
}

// locksOn answers the locks that cover what is listed at path.
func (l *listing) locksOn(path string) lockSet {
	own := l.own[path]
	if len(l.inherited) == 0 {
		return own
	}
	return append(slices.Clone(l.inherited), own...)
}

var listBuffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 128<<10) }}

// write writes the resource itself and, from an open folder, its members.
func (l *listing) write(folder *folder) error {
	self := &resource{spot: l.spot, root: l.spot.isRoot(), locks: l.locksOn(l.spot.path), x: l.x, space: l.space}
	var err error
	if l.dead {
		if self.dead, err = properties(l.x.r.Context(), l.x.h.db, l.x.drive, l.spot.path); err != nil {
			return err
		}
	}

	l.x.w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	base := href(l.x.prefix, l.x.name, l.spot.isFolder()) // as the client spelled it, so that it knows its own
	b := []byte(multistatus)
	b = l.appendResponse(b, base, "", self)
	to := &timedWriter{l.x.w, http.NewResponseController(l.x.w), l.x.h.stall}
	if folder == nil {
		b = append(b, `</D:multistatus>`...)
		l.x.w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		l.x.w.WriteHeader(http.StatusMultiStatus)
		_, err = to.Write(b)
	} else {
		l.x.w.WriteHeader(http.StatusMultiStatus)
		out := listBuffers.Get().(*bufio.Writer)
		out.Reset(to)
		defer func() { out.Reset(nil); listBuffers.Put(out) }()
		out.Write(b)
		if err = l.writeMembers(out, folder, base); err == nil {
			out.WriteString(`</D:multistatus>`)
			err = out.Flush()
		}
	}
	if err != nil {
		l.x.h.log.WarnContext(l.x.r.Context(), "listing a folder", "cause", ForLog(err))
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (l *listing) writeMembers(out *bufio.Writer, dir *folder, base string) error {
	above := l.spot.path
	if above != "" {
		above += "/"
	}
	var b []byte
	member := &resource{spot: &spot{}, x: l.x, space: l.space}
	return dir.batches(func(stats []stat) error {
		members, err := l.memberProperties(above, stats)
		if err != nil {
			return err
		}
		for i := range stats {
			info := &stats[i]
			if !info.isResource() || !validPart(info.name) {
				continue
			}
			member.spot.name, member.spot.info = info.name, info
			if len(members) > 0 || len(l.own) > 0 || len(l.inherited) > 0 {
				member.spot.path = above + info.name
				member.dead, member.locks = members[member.spot.path], l.locksOn(member.spot.path)
			}
			b = l.appendResponse(b[:0], base, info.name, member)
			if _, err := out.Write(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// memberProperties reads the dead properties of a batch of members.
func (l *listing) memberProperties(above string, stats []stat) (map[string][]dead, error) {
	if !l.dead || len(stats) == 0 {
		return nil, nil
	}
	paths := make([]string, len(stats))
	for i := range stats {
		paths[i] = above + stats[i].name
	}
	return manyProperties(l.x.r.Context(), l.x.h.db, l.x.drive, paths)
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
