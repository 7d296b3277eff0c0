package dav_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// The clock that these tests set is short, but they do not depend on speed: what must be cut is never continued, and what must not be cut
// is continued as soon as the server has taken what came before.
const quick = 300 * time.Millisecond

// H8: a body that stops is given up; its connection too.
func TestH8StalledPut(t *testing.T) {
	s := newServerAt(t, t.TempDir(), quick)
	s.write("f", "old")
	for _, head := range []string{
		"PUT /dav/f HTTP/1.1\r\nContent-Length: 100000",
		"PUT /dav/f HTTP/1.1\r\nTransfer-Encoding: chunked",
		"PROPFIND /dav/f HTTP/1.1\r\nDepth: 0\r\nContent-Length: 1000",
		"LOCK /dav/f HTTP/1.1\r\nContent-Length: 1000",
		"PROPPATCH /dav/f HTTP/1.1\r\nContent-Length: 1000",
		"MKCOL /dav/new HTTP/1.1\r\nContent-Length: 1000",
		// Bodies that nobody asks for: net/http reads them before the next request.
		"PUT /dav/none/f HTTP/1.1\r\nContent-Length: 1000",
		"DELETE /dav/none HTTP/1.1\r\nTransfer-Encoding: chunked",
		"GET /dav/none HTTP/1.1\r\nContent-Length: 1000",
		"POST /dav/f HTTP/1.1\r\nContent-Length: 1000",
	} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s\r\nHost: %s\r\n\r\n", head, s.Listener.Addr())
		conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		if b, err := io.ReadAll(conn); err != nil {
			t.Errorf("%s: the connection is still open: %v", head, err)
		} else if !bytes.HasPrefix(b, []byte("HTTP/1.1 4")) && len(b) > 0 {
			t.Errorf("%s: %.60s", head, b)
		}
		conn.Close()
	}
	s.wantTree("bodies that stopped", "f=old")
	s.noneIncoming()
}

// H8: one that drips is no progress.
func TestH8DrippingPut(t *testing.T) {
	s := newServerAt(t, t.TempDir(), quick)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "PUT /dav/f HTTP/1.1\r\nHost: %s\r\nContent-Length: 100000\r\n\r\n", s.Listener.Addr())
	closed := make(chan bool)
	go func() {
		io.Copy(io.Discard, conn)
		close(closed)
	}()
	for end := time.Now().Add(30 * time.Second); ; {
		conn.Write([]byte("x"))
		select {
		case <-closed:
			s.wantContent("f", "-")
			return
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(end) {
			t.Fatal("a body of one byte every 10 ms lives on")
		}
	}
}

// H8: an answer that nobody reads is given up.
func TestH8UnreadGet(t *testing.T) {
	s := newServerAt(t, t.TempDir(), quick)
	s.write("big", string(make([]byte, 64<<20)))
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /dav/big HTTP/1.1\r\nHost: %s\r\n\r\n", s.Listener.Addr())
	done := make(chan bool)
	go func() { // waits for the handler to end
		s.Server.Config.SetKeepAlivesEnabled(false)
		s.Server.Close()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Error("the handler still waits for a client that does not read")
	}
}

// And a slow one that moves lives, much longer than the clock; the connection is good for another request afterwards.
func TestSlowBodiesLive(t *testing.T) {
	const clock = 4 * quick
	s := newServerAt(t, t.TempDir(), clock)
	r, w := io.Pipe()
	go func() {
		for range 8 {
			w.Write(make([]byte, 64<<10))
			time.Sleep(clock / 4) // twice the clock in all; each piece is well within it
		}
		w.Close()
	}()
	if a := s.send("PUT", "/f", r); a.status != 201 {
		t.Errorf("a slow PUT: %d", a.status)
	}
	s.want(200, "GET", "/f", "")
	time.Sleep(clock + quick) // a deadline that was left on the connection would break the next request
	s.want(204, "PUT", "/f", "x")
	s.want(207, "PROPFIND", "/", "", "Depth: 1")
	time.Sleep(clock + quick)
	s.want(204, "PUT", "/f", "x")
}
