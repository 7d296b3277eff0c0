//go:build unix

package dav_test

import (
	"net"
	"os"
	"syscall"
	"testing"
)

// E9: FIFOs, sockets and devices are left out, and nothing waits for them.
func TestE9SpecialFiles(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "x")
	if err := syscall.Mkfifo(s.file("d/fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", s.file("d/socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, name := range []string{"/d/fifo", "/d/socket"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "PROPFIND", "PROPPATCH", "LOCK", "COPY", "MOVE"} {
			if a := s.do(method, name, map[string]string{"PUT": "x", "LOCK": lockBody, "PROPPATCH": patchBody}[method], "Depth: 0", "Destination: /dav/copy"); a.status != 403 {
				t.Errorf("%s %s: %d, want 403", method, name, a.status)
			}
		}
		s.want(403, "COPY", "/d/f", "", "Destination: /dav"+name)
	}
	if got := listed(t, s.want(207, "PROPFIND", "/d", "", "Depth: 1").body); len(got) != 2 {
		t.Errorf("listed: %v", got)
	}
	s.want(201, "COPY", "/d", "", "Destination: /dav/e")
	s.wantContent("e/f", "x")
	if e, _ := os.ReadDir(s.file("e")); len(e) != 1 {
		t.Errorf("copied: %v", e)
	}
	s.want(204, "DELETE", "/d/fifo", "")
	s.want(204, "DELETE", "/d", "")
}
