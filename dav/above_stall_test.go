package dav

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// G: what is left of the body of a refused PROPFIND on "/" is waited for no longer than Config.Stall.
func TestAboveWaitsForNoBody(t *testing.T) {
	h, _, _, _ := newInside(t)
	h.stall = 200 * time.Millisecond
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.Above(w, r, "", "/dav") }))
	defer front.Close()
	c, err := net.Dial("tcp", front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "PROPFIND / HTTP/1.1\r\nHost: x\r\nDepth: infinity\r\nContent-Length: 100\r\n\r\n")
	c.SetReadDeadline(time.Now().Add(3 * time.Second))
	r := bufio.NewReader(c)
	for {
		if _, err := r.ReadByte(); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				t.Error("the connection is still open")
			}
			return
		}
	}
}
