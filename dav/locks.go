package dav

import (
	"net/http"
	"strings"
)

// lock is a write lock (RFC 4918, 6 and 7).
type lock struct {
	token       string
	path        string // its root
	infinite    bool   // it covers what lies below, too
	shared      bool
	owner       string // a whole DAV:owner element, or empty
	expires     int64  // seconds since 1970
	placeholder string // see lock on an unmapped URL
}

// covers says whether the resource at path is locked by l.
func (l *lock) covers(path string) bool {
	return l.path == path || l.infinite && within(path, l.path)
}

// lockSet is the locks of one drive that have not expired.
type lockSet []lock

// conflict answers a lock that a new one cannot stand beside, or nil.
func (s lockSet) conflict(path string, infinite, shared bool) *lock {
	for i := range s {
		l := &s[i]
		if (l.covers(path) || infinite && within(l.path, path)) && !(l.shared && shared) {
			return l
		}
	}
	return nil
}

// need is a change that a request wants to make, as far as locks are concerned.
type need struct {
	path   string
	deep   bool // with all that lies below: removing, replacing
	member bool // the parent gains or loses a member
}

// blocking answers a lock that stands against a change by someone who knows the submitted tokens, or nil.
func (s lockSet) blocking(n need, submitted map[string]bool) *lock {
	if l := s.blockingOne(n.path, submitted); l != nil {
		return l
	}
	if n.member && n.path != "" {
		if l := s.blockingOne(parentPath(n.path), submitted); l != nil {
			return l
		}
	}
	if n.deep {
		for i := range s {
			if within(s[i].path, n.path) {
				if l := s.blockingOne(s[i].path, submitted); l != nil {
					return l
				}
			}
		}
	}
	return nil
}

// blockingOne judges one resource: of the locks that cover it, at least one token must be known (7.6: with shared locks, any of them will do).
func (s lockSet) blockingOne(path string, submitted map[string]bool) *lock {
	var first *lock
	for i := range s {
		if s[i].covers(path) {
			if submitted[s[i].token] {
				return nil
			}
			if first == nil {
				first = &s[i]
			}
		}
	}
	return first
}

// checkLocks fails with 423 if a lock stands against one of the changes.
func (x *exchange) checkLocks(submitted map[string]bool, needs ...need) error {
	locks, err := x.h.liveLocks(x.r.Context(), x.drive)
	if err != nil {
		return err
	}
	for _, n := range needs {
		if l := locks.blocking(n, submitted); l != nil {
			return &failure{status: http.StatusLocked, condition: "lock-token-submitted", href: x.pathHref(l.path, false)}
		}
	}
	return nil
}

// pathHref is the href of a spot's path.
func (x *exchange) pathHref(path string, collection bool) string {
	if path == "" {
		return href(x.prefix, nil, collection)
	}
	return href(x.prefix, strings.Split(path, "/"), collection)
}

// appendActive appends l as an activelock element (14.1). collection says whether its root is one.
func (x *exchange) appendActive(b []byte, l *lock, collection bool) []byte {
	b = append(b, `<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope>`...)
	if l.shared {
		b = append(b, `<D:shared/>`...)
	} else {
		b = append(b, `<D:exclusive/>`...)
	}
	b = append(b, `</D:lockscope><D:depth>`...)
	if l.infinite {
		b = append(b, `infinity`...)
	} else {
		b = append(b, '0')
	}
	b = append(b, `</D:depth>`...)
	b = append(b, l.owner...)
	b = append(b, `<D:timeout>Second-`...)
	b = appendInt(b, max(0, l.expires-x.h.now().Unix()))
	b = append(b, `</D:timeout><D:locktoken><D:href>`...)
	b = append(b, l.token...)
	b = append(b, `</D:href></D:locktoken><D:lockroot><D:href>`...)
	b = append(b, x.pathHref(l.path, collection)...)
	return append(b, `</D:href></D:lockroot></D:activelock>`...)
}
