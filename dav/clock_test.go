package dav_test

import (
	"testing"
)

// A lock is for an hour at most: where the clock was set back by years, the lock of a client that is gone does not stand for as long.
func TestAClockThatWasSetBackEndsLocks(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	token := s.lock(200, "/f")
	s.now.Add(-1800) // half an hour: it may still be meant
	s.want(412, "LOCK", "/f", "", "If: (<opaquelocktoken:x>)")
	s.now.Add(-5 * 365 * 86400)
	s.want(204, "PUT", "/f", "y")
	s.want(412, "LOCK", "/f", "", "If: (<"+token+">)")
	s.lock(200, "/f")
	s.want(423, "PUT", "/f", "z")
}

// And one that leapt ahead ends them, as their time is over by it; new ones can be had.
func TestAClockThatLeaptAheadEndsLocks(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.lock(200, "/f")
	s.now.Add(10 * 365 * 86400)
	s.want(204, "PUT", "/f", "y")
	s.lock(200, "/f")
	s.want(423, "PUT", "/f", "z")
}
