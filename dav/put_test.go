package dav_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// RFC 4918, 9.7; RFC 9110, 9.3.4.
func TestPutStatus(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "old")
	for _, test := range []struct {
		status     int
		path, body string
		head       string
	}{
		{201, "/new", "x", ""},
		{204, "/new", "y", ""},
		{201, "/empty", "", ""},
		{204, "/empty", "", ""},
		{409, "/none/f", "x", ""},
		{409, "/d/f/x", "x", ""},
		{405, "/d", "x", ""},
		{405, "/d/", "x", ""},
		{405, "/", "x", ""},
		// I8: a part is not the whole.
		{400, "/d/f", "xy", "Content-Range: bytes 1-2/4"},
		{400, "/d/f", "xy", "Content-Range: bytes */4"},
		// I7, RFC 9110, 13.
		{412, "/d/f", "x", `If-Match: "bad"`},
		{412, "/d/f", "x", "If-None-Match: *"},
		{412, "/none-yet", "x", "If-Match: *"},
		{412, "/d/f", "x", "If-Unmodified-Since: Mon, 02 Jan 2006 15:04:05 GMT"},
		{400, "/d/f", "x", "X-OC-Mtime: never"},
		{405, "/new/", "x", ""},
		{415, "/d/f", "x", "Content-Encoding: gzip"}, // RFC 9110, 8.4
		{204, "/d/f", "old", "Content-Encoding: identity"},
		{400, "/d/f", "x", "X-OC-Mtime: -1"},
		{400, "/d/f", "x", "X-Expected-Entity-Length: 2"}, // J1
		{400, "/d/f", "x", "X-Expected-Entity-Length: x"},
		{201, "/none-yet", "x", "If-None-Match: *"},
		{204, "/d/f", "old", "X-Expected-Entity-Length: 3"},
	} {
		head := []string{}
		if test.head != "" {
			head = append(head, test.head)
		}
		a := s.want(test.status, "PUT", test.path, test.body, head...)
		if test.status < 300 {
			s.wantContent(test.path, test.body)
			if tag := s.want(200, "HEAD", test.path, "").head.Get("ETag"); tag == "" || tag != a.head.Get("ETag") {
				t.Errorf("PUT %s: ETag %q, then %q", test.path, a.head.Get("ETag"), tag)
			}
		}
		s.wantContent("d/f", "old")
	}
	tag := s.want(200, "HEAD", "/d/f", "").head.Get("ETag")
	s.want(412, "PUT", "/d/f", "x", "If-Match: W/"+tag)
	s.want(412, "PUT", "/d/f", "x", `If-None-Match: "a", `+tag)
	s.want(204, "PUT", "/d/f", "new", `If-Match: "a", `+tag)
	s.want(412, "PUT", "/d/f", "x", "If-Match: "+tag)
	s.wantContent("d/f", "new")
	s.noneIncoming()
}

// noneIncoming fails the test if a body was left behind.
func (s *server) noneIncoming() {
	s.t.Helper()
	if e, err := os.ReadDir(s.data + "/incoming"); err != nil || len(e) != 0 {
		s.t.Errorf("left in incoming: %v, %v", e, err)
	}
}

// I1, J1: a body that did not end whole changes nothing.
func TestI1CutBodies(t *testing.T) {
	s := newServer(t)
	s.write("old", "old content")
	for name, rest := range map[string]string{
		"short of its Content-Length":        "Content-Length: 1000\r\n\r\nxx",
		"no byte of it":                      "Content-Length: 1000\r\n\r\n",
		"chunked without a last chunk":       "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"chunked, within a chunk":            "Transfer-Encoding: chunked\r\n\r\n5\r\nhe",
		"chunked, within the last chunk":     "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
		"chunked, malformed":                 "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
		"J1: chunked, shorter than expected": "Transfer-Encoding: chunked\r\nX-Expected-Entity-Length: 6\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"J1: chunked, longer than expected":  "Transfer-Encoding: chunked\r\nX-Expected-Entity-Length: 4\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	} {
		for _, path := range []string{"old", "new"} {
			a := s.raw(fmt.Sprintf("PUT /dav/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s", path, s.Listener.Addr(), rest))
			if a.status >= 200 && a.status < 300 {
				t.Errorf("%s: PUT /%s: %d", name, path, a.status)
			}
		}
		s.wantContent("old", "old content")
		s.wantContent("new", "-")
		s.noneIncoming()
	}
	// J1: and a whole one is stored whole.
	a := s.raw(fmt.Sprintf("PUT /dav/new HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nX-Expected-Entity-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n", s.Listener.Addr()))
	if a.status != 201 {
		t.Errorf("Finder's PUT: %d", a.status)
	}
	s.wantContent("new", "hello")
}

// I1: the same while the client is still there and the connection breaks.
func TestI1ResetConnection(t *testing.T) {
	s := newServer(t)
	s.write("f", "old")
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "PUT /dav/f HTTP/1.1\r\nHost: %s\r\nContent-Length: 10000000\r\n\r\n%s", s.Listener.Addr(), strings.Repeat("x", 100_000))
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
	s.Server.CloseClientConnections()
	s.Server.Close() // waits for the handler
	s.wantContent("f", "old")
	s.noneIncoming()
}

// I12: of many writers each is answered, and one body stands, whole.
func TestI12ManyWriters(t *testing.T) {
	s := newServer(t)
	bodies := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 20 {
		body := strings.Repeat(fmt.Sprintf("%04d", i), 50_000)
		bodies[body] = true
		wg.Go(func() {
			if a := s.do("PUT", "/f", body); a.status != 201 && a.status != 204 {
				t.Errorf("PUT: %d", a.status)
			}
		})
		if i%5 == 0 {
			wg.Go(func() { s.do("DELETE", "/f", "") })
		}
	}
	wg.Wait()
	if got := s.content("f"); got != "-" && !bodies[got] {
		t.Errorf("the file is a mix, of %d bytes", len(got))
	}
	created := 0
	for i := range 20 {
		wg.Go(func() {
			if a := s.do("PUT", "/once", fmt.Sprint(i), "If-None-Match: *"); a.status == 201 {
				created++
			} else if a.status != 412 {
				t.Errorf("PUT with If-None-Match: %d", a.status)
			}
		})
		wg.Wait()
	}
	if created != 1 {
		t.Errorf("%d writers created one file", created)
	}
	s.noneIncoming()
}

// I12: a PUT whose folder is moved away while the body comes.
func TestI12PutWhileTheParentMoves(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "old")
	r, w := io.Pipe()
	done := make(chan answer)
	go func() { done <- s.send("PUT", "/d/f", r) }()
	if _, err := w.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	s.want(201, "MOVE", "/d", "", "Destination: /dav/e")
	w.Close()
	if a := <-done; a.status != 409 {
		t.Errorf("PUT into a folder that has gone: %d, want 409", a.status)
	}
	s.wantContent("e/f", "old")
	s.wantContent("d/f", "-")
}

// I7, I12: a precondition is judged again when the body has come.
func TestI7LostRace(t *testing.T) {
	s := newServer(t)
	r, w := io.Pipe()
	done := make(chan answer)
	go func() { done <- s.send("PUT", "/f", r, "If-None-Match: *") }()
	if _, err := w.Write([]byte("slow")); err != nil {
		t.Fatal(err)
	}
	s.awaitIncoming()
	s.want(201, "PUT", "/f", "quick")
	w.Close()
	if a := <-done; a.status != 412 {
		t.Errorf("the slower PUT: %d, want 412", a.status)
	}
	s.wantContent("f", "quick")
}

// awaitIncoming waits until a body is being received: then its conditions have been judged once.
func (s *server) awaitIncoming() {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if e, _ := os.ReadDir(s.data + "/incoming"); len(e) > 0 {
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("no body is being received")
		}
	}
}

func TestPutKeepsTheTimeThatTheClientSays(t *testing.T) {
	s := newServer(t)
	for header, want := range map[string]time.Time{"1000000000": time.Unix(1000000000, 0), "1000000000.25": time.Unix(1000000000, 250000000), "0": time.Unix(0, 0)} {
		a := s.do("PUT", "/f", "x", "X-OC-Mtime: "+header)
		info, err := os.Stat(s.file("f"))
		if err != nil || !info.ModTime().Equal(want) || a.head.Get("X-OC-MTime") != "accepted" {
			t.Errorf("X-OC-Mtime: %s: %v, %q, %v", header, info.ModTime(), a.head.Get("X-OC-MTime"), err)
		}
	}
}

// A body of any size takes the same memory.
func TestPutIsFlatInMemory(t *testing.T) {
	s := newServer(t)
	const size = 256 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	body := io.LimitReader(zeros{}, size)
	if a := s.send("PUT", "/big", body, "X-Expected-Entity-Length: "+fmt.Sprint(size)); a.status != 201 {
		t.Fatalf("PUT: %d", a.status)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("a body of %d MiB allocated %d MiB", size>>20, used>>20)
	}
	if info, err := os.Stat(s.file("big")); err != nil || info.Size() != size {
		t.Errorf("stored: %v, %v", info, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Writing over a file keeps its mode, as writing into it would.
func TestPutKeepsTheMode(t *testing.T) {
	s := newServer(t)
	s.want(201, "PUT", "/f", "x")
	for _, mode := range []os.FileMode{0o600, 0o755, 0o644} {
		if err := os.Chmod(s.file("f"), mode); err != nil {
			t.Fatal(err)
		}
		s.want(204, "PUT", "/f", "y")
		if info, err := os.Stat(s.file("f")); err != nil || info.Mode() != mode {
			t.Errorf("mode %v, want %v (%v)", info.Mode(), mode, err)
		}
	}
}
