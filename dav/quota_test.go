package dav_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"thorpe/dav"
)

// quotas makes the server's requests ones for a drive with that quota, of whose account other bytes lie elsewhere.
func (s *server) quotas(quota, other int64) *dav.Drive {
	d := ann
	d.Quota = quota
	s.drive = &d
	s.other.Store(other)
	return &d
}

func (s *server) space() dav.Space {
	s.t.Helper()
	space, err := s.handler.Space(s.t.Context(), *s.drive)
	if err != nil {
		s.t.Fatal(err)
	}
	return space
}

func (s *server) wantUsed(used int64) {
	s.t.Helper()
	if got := s.space().Used; got != used {
		s.t.Errorf("used: %d, want %d", got, used)
	}
}

// run has the server's background work done until the test, or the call of stop, ends it.
func (s *server) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan bool)
	go func() { s.handler.Run(ctx); close(done) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	s.t.Cleanup(stop)
	return stop
}

// eventually waits for a state that the server comes to by itself.
func (s *server) eventually(what string, holds func() bool) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("%s: that did not come", what)
		}
	}
}

// H10: what does not fit into the quota is 507 and leaves nothing; what frees space can always be done.
func TestH10Quota(t *testing.T) {
	s := newServer(t)
	s.quotas(1000, 100)
	s.want(201, "PUT", "/a", strings.Repeat("a", 500))
	s.wantUsed(600)
	for _, head := range [][]string{{}, {"Transfer-Encoding: chunked"}} {
		var body io.Reader = strings.NewReader(strings.Repeat("b", 401))
		if len(head) > 0 {
			body = struct{ io.Reader }{body} // its length is not known
		}
		a := s.send("PUT", "/b", body)
		if a.status != 507 || !strings.Contains(a.body, "<D:quota-not-exceeded/>") {
			t.Errorf("PUT past the quota %v: %d %s", head, a.status, a.body)
		}
		s.wantContent("b", "-")
	}
	s.want(507, "COPY", "/a", "", "Destination: /dav/c")
	s.wantContent("c", "-")
	s.noneIncoming()
	s.wantUsed(600)

	s.want(204, "PUT", "/a", strings.Repeat("A", 900)) // in the place of 500
	s.wantUsed(1000)
	s.want(507, "PUT", "/a", strings.Repeat("A", 901))
	s.want(507, "PUT", "/b", "b")
	s.want(201, "PUT", "/empty", "")
	s.want(201, "MKCOL", "/d", "")
	s.want(201, "MOVE", "/a", "", "Destination: /dav/d/a")
	s.wantUsed(1000)
	s.want(507, "COPY", "/d", "", "Destination: /dav/e")
	s.want(204, "DELETE", "/d", "")
	s.wantUsed(100)
	s.want(201, "PUT", "/b", strings.Repeat("b", 300))
	s.want(201, "COPY", "/b", "", "Destination: /dav/c")
	s.want(204, "COPY", "/b", "", "Destination: /dav/c")
	s.want(204, "MOVE", "/b", "", "Destination: /dav/c")
	s.wantUsed(400)
	s.other.Store(700)
	s.want(507, "PUT", "/b", "b")
	s.want(204, "DELETE", "/c", "")
	s.want(201, "PUT", "/b", "b")
}

// RFC 4331: a folder tells what is used and what is left.
func TestQuotaProperties(t *testing.T) {
	s := newServer(t)
	s.quotas(1000, 100)
	s.want(201, "MKCOL", "/d", "")
	s.want(201, "PUT", "/d/f", "12345")
	const ask = `<propfind xmlns="DAV:"><prop><quota-available-bytes/><quota-used-bytes/></prop></propfind>`
	for _, path := range []string{"/", "/d"} {
		a := s.want(207, "PROPFIND", path, ask, "Depth: 0")
		if !strings.Contains(a.body, "<D:quota-available-bytes>895<") || !strings.Contains(a.body, "<D:quota-used-bytes>105<") {
			t.Errorf("PROPFIND %s: %s", path, a.body)
		}
	}
	if a := s.want(207, "PROPFIND", "/d/f", ask, "Depth: 0"); !strings.Contains(a.body, "404 Not Found") {
		t.Errorf("of a file: %s", a.body)
	}
	s.quotas(10, 100)
	if a := s.want(207, "PROPFIND", "/", ask, "Depth: 0"); !strings.Contains(a.body, "<D:quota-available-bytes>0<") {
		t.Errorf("past the quota: %s", a.body)
	}
	s.quotas(0, 0)
	if space := s.space(); space.Used != 5 || space.Available < 1<<20 {
		t.Errorf("without a quota: %+v", space)
	}
}

// H10: bodies that come side by side cannot pass the quota together, whether they tell their length or not.
func TestH10ParallelPutsRaceTheQuota(t *testing.T) {
	s := newServer(t)
	const size, quota = 600 << 10, 2 << 20
	s.quotas(quota, 0)
	var wg sync.WaitGroup
	var stored, refused atomic.Int64
	for i := range 20 {
		wg.Go(func() {
			var body io.Reader = strings.NewReader(strings.Repeat("x", size))
			if i%2 == 0 {
				body = struct{ io.Reader }{body}
			}
			r, err := http.NewRequest("PUT", fmt.Sprintf("%s/dav/f%d", s.URL, i), body)
			if err != nil {
				t.Error(err)
				return
			}
			res, err := s.Client().Do(r)
			if err != nil {
				refused.Add(1) // the connection was closed on a body that is not wanted
				return
			}
			defer res.Body.Close()
			switch res.StatusCode {
			case 201:
				stored.Add(1)
			case 507:
				refused.Add(1)
			default:
				t.Errorf("PUT: %d", res.StatusCode)
			}
		})
	}
	wg.Wait()
	if n := stored.Load(); n < 1 || n > quota/size || n+refused.Load() != 20 {
		t.Errorf("%d of 20 files of %d bytes were stored in %d", n, size, quota)
	}
	s.noneIncoming()
	s.wantUsed(stored.Load() * size)
}

// The count survives a restart, and a walk sets it right where files came or went from outside.
func TestTheCountIsSetRight(t *testing.T) {
	s := newServer(t)
	s.quotas(1<<30, 0)
	s.want(201, "PUT", "/f", "12345")
	s.wantUsed(5)
	stop := s.run()
	stop() // which saves it
	s.restart()
	s.write("outside/g", "123")
	s.wantUsed(5) // as it was known
	s.run()
	s.want(200, "GET", "/f", "") // the first request has the drive counted
	s.eventually("the walk", func() bool { return s.space().Used == 8 })
	s.want(204, "DELETE", "/outside", "")
	s.wantUsed(5)
	s.writeKept()
	var size int64
	if err := s.db.QueryRow("SELECT size FROM kept WHERE path = 'outside'").Scan(&size); err != nil || size != 3 {
		t.Errorf("the folder that is kept: %d bytes, %v", size, err)
	}
}

// What is kept counts against nobody, but goes, the oldest first, when the quota needs its space.
func TestKeptGivesWayToTheQuota(t *testing.T) {
	s := newServer(t)
	s.quotas(1000, 0)
	s.run()
	for i, name := range []string{"/1", "/2", "/3"} {
		s.now.Add(1)
		s.want(201, "PUT", name, strings.Repeat(fmt.Sprint(i), 300))
		s.want(204, "DELETE", name, "")
	}
	s.wantUsed(0)
	if _, paths := s.kept(); len(paths) != 3 {
		t.Errorf("kept: %v", paths)
	}
	s.want(201, "PUT", "/new", strings.Repeat("n", 500))
	s.eventually("the pruning", func() bool {
		ids, paths := s.kept()
		return len(ids) == 1 && len(paths) == 1 && paths[0] == "3"
	})
	s.wantUsed(500)
}
