package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Limits on locks. A client refreshes its lock before the time runs out; one that is gone must not lock a file for longer.
const (
	maxLockTime = time.Hour // also when none, or "Infinite", was asked for
	maxLocks    = 1000      // on one drive at a time
	maxOwner    = 4 << 10   // bytes of DAV:owner
)

var errTooManyLocks error = &failure{status: http.StatusInsufficientStorage, sentence: sayTooMany, cause: errors.New("the drive has as many locks as it may have")}

// lock answers LOCK (RFC 4918, 9.10): with a body a new lock, without one a refresh.
//
// A lock on a folder with all in it that a member's lock prevents is answered with a 207 that names both (9.10.3); in all else a lock in the way is a 423.
//
// On a URL that names nothing it makes an empty file (7.3). That is a placeholder: it goes when the lock ends, unless a PUT wrote it.
func (x *exchange) lock() error {
	timeout := lockTime(strings.Join(x.r.Header.Values("Timeout"), ","))
	body, err := x.readXML()
	if err != nil {
		return err
	}
	if body == nil {
		return x.refresh(timeout)
	}
	l, err := readLockInfo(body)
	if err != nil {
		return err
	}
	d, err := readDepth(x.r.Header, depthInfinity)
	if err != nil || d == depthOne {
		return status(http.StatusBadRequest)
	}
	l.infinite = d == depthInfinity

	defer x.h.lockDrive(x.drive)()
	s, err := x.tree.target(x.name)
	if err != nil {
		return err
	}
	submitted, err := x.judge(s)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(x.r.Context())
	locks, err := x.h.liveLocks(ctx, x.drive)
	if err != nil {
		return err
	}
	if other := locks.conflict(s.path, l.infinite, l.shared); other != nil {
		if !other.covers(s.path) {
			return x.answerConflict(s, other)
		}
		return &failure{status: http.StatusLocked, condition: "no-conflicting-lock", href: x.pathHref(other.path, false)}
	}
	if len(locks) >= maxLocks {
		return errTooManyLocks
	}

	code := http.StatusOK
	if !s.exists() {
		if strings.HasSuffix(x.r.URL.Path, "/") { // a collection's URL: no file goes there
			return ErrIsCollection
		}
		if err := x.checkLocks(submitted, need{path: s.path, member: true}); err != nil {
			return err
		}
		if l.placeholder, err = makePlaceholder(s); err != nil {
			return err
		}
		code = http.StatusCreated
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return fmt.Errorf("making a lock token: %w", err)
	}
	l.token, l.path, l.expires = "opaquelocktoken:"+id.String(), s.path, x.h.now().Add(timeout).Unix()
	if err := x.h.insertLock(ctx, x.drive, l); err != nil {
		if code == http.StatusCreated {
			s.dir.remove(s.name)
		}
		return err
	}
	x.w.Header().Set("Lock-Token", "<"+l.token+">")
	return x.answerLock(code, l, s)
}

// answerConflict tells which member's lock prevents one on the folder at s.
func (x *exchange) answerConflict(s *spot, other *lock) error {
	member := x.pathHref(other.path, false)
	b := []byte(multistatus + `<D:response><D:href>`)
	b = append(b, member+`</D:href><D:status>HTTP/1.1 423 Locked</D:status><D:error><D:no-conflicting-lock><D:href>`+member...)
	b = append(b, `</D:href></D:no-conflicting-lock></D:error></D:response><D:response><D:href>`+x.pathHref(s.path, true)...)
	b = append(b, `</D:href><D:status>HTTP/1.1 424 Failed Dependency</D:status></D:response></D:multistatus>`...)
	x.answerXML(http.StatusMultiStatus, b)
	return nil
}

// makePlaceholder makes the empty file of a lock on nothing, and answers its ETag.
func makePlaceholder(s *spot) (string, error) {
	f, err := s.dir.open(s.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", fmt.Errorf("making a file for a lock: %w", err)
	}
	info, err := statFile(f, s.name)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = s.dir.sync()
	}
	if err != nil {
		s.dir.remove(s.name)
		return "", fmt.Errorf("making a file for a lock: %w", err)
	}
	return etag(info), nil
}

// refresh answers a LOCK without a body (9.10.2): the one lock that the If header names, and that covers the resource, gets its time anew.
func (x *exchange) refresh(timeout time.Duration) error {
	defer x.h.lockDrive(x.drive)()
	s, err := x.tree.target(x.name)
	if err != nil {
		return err
	}
	if len(x.r.Header.Values("If")) == 0 {
		return status(http.StatusBadRequest)
	}
	submitted, err := x.judge(s)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(x.r.Context())
	locks, err := x.h.liveLocks(ctx, x.drive)
	if err != nil {
		return err
	}
	for i := range locks {
		l := &locks[i]
		if submitted[l.token] && l.covers(s.path) {
			l.expires = x.h.now().Add(timeout).Unix()
			if err := x.h.extendLock(ctx, x.drive, l.token, l.expires); err != nil {
				return err
			}
			return x.answerLock(http.StatusOK, l, s)
		}
	}
	return &failure{status: http.StatusPreconditionFailed, condition: "lock-token-matches-request-uri"}
}

func (x *exchange) answerLock(code int, l *lock, s *spot) error {
	b := append([]byte(nil), `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<D:prop xmlns:D="DAV:"><D:lockdiscovery>`...)
	b = append(x.appendActive(b, l, l.path != s.path || s.isFolder()), `</D:lockdiscovery></D:prop>`...)
	x.answerXML(code, b)
	return nil
}

func (x *exchange) answerXML(code int, b []byte) {
	x.w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	x.w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	x.w.WriteHeader(code)
	x.w.Write(b)
}

// unlock answers UNLOCK (9.11). The token must be of a lock that covers the resource: 409 otherwise, whether it exists elsewhere or not.
func (x *exchange) unlock() error {
	token, ok := lockToken(x.r)
	if !ok {
		return status(http.StatusBadRequest)
	}
	defer x.h.lockDrive(x.drive)()
	s, err := x.tree.find(x.name)
	if err != nil {
		return err
	}
	if _, err := x.judge(s); err != nil {
		return err
	}
	ctx := context.WithoutCancel(x.r.Context())
	locks, err := x.h.liveLocks(ctx, x.drive)
	if err != nil {
		return err
	}
	for i := range locks {
		if locks[i].token == token && locks[i].covers(s.path) {
			if err := x.h.endLocks(ctx, x.tree, x.drive, locks[i:i+1]); err != nil {
				return err
			}
			x.w.WriteHeader(http.StatusNoContent)
			return nil
		}
	}
	return &failure{status: http.StatusConflict, condition: "lock-token-matches-request-uri"}
}

// lockToken reads the Lock-Token header (10.5): a coded URL.
func lockToken(r *http.Request) (token string, ok bool) {
	coded := strings.TrimSpace(r.Header.Get("Lock-Token"))
	if len(coded) < 3 || coded[0] != '<' || coded[len(coded)-1] != '>' {
		return "", false
	}
	return coded[1 : len(coded)-1], true
}

// lockTime reads the Timeout header (10.7): the first of its values that is a number of seconds, at most [maxLockTime], at least a second.
func lockTime(header string) time.Duration {
	for value := range strings.SplitSeq(header, ",") {
		seconds, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(value)), "second-")
		if !ok {
			continue
		}
		if n, err := strconv.ParseUint(seconds, 10, 32); err == nil {
			return min(max(time.Duration(n)*time.Second, time.Second), maxLockTime)
		}
	}
	return maxLockTime
}

// readLockInfo reads a lockinfo element (14.11).
func readLockInfo(e *element) (*lock, error) {
	scope, kind := e.child("lockscope"), e.child("locktype")
	if !e.is("lockinfo") || scope == nil || kind == nil || kind.child("write") == nil {
		return nil, status(http.StatusBadRequest)
	}
	l := &lock{shared: scope.child("shared") != nil}
	if l.shared == (scope.child("exclusive") != nil) {
		return nil, status(http.StatusBadRequest)
	}
	if owner := e.child("owner"); owner != nil {
		l.owner = string(appendWhole(nil, owner))
		if len(l.owner) > maxOwner {
			return nil, status(http.StatusRequestEntityTooLarge)
		}
	}
	return l, nil
}
