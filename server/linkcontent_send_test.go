package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// C7: when a link is deleted, a download of it that is under way ends, and does not look whole.
func TestDeletingALinkCutsItsDownloads(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(100*sealedChunk, nil) // more than the sockets between hold
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	got := r.fetch("GET", l, "content", "Thorpe-Ticket", ticket)
	if _, err := io.ReadFull(got.Body, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	ann.call(204, "DELETE", "/api/links/"+l.id, nil, nil)
	if n, err := io.Copy(io.Discard, got.Body); err == nil {
		t.Errorf("%d more bytes came, and a good end", n)
	}
	// Other requests on the way are not hit.
	wantCode(t, "content", r.fetch("GET", l, "content", "Thorpe-Ticket", ticket), 410, "gone")
}

func TestAConnectionIsGoodForMoreAfterADownload(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(1000, nil)
	w := ann.wire()
	for range 3 {
		fmt.Fprintf(w, "GET /api/links/%s/manifest HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", l.id, strings.TrimPrefix(r.URL, "http://"), l.token)
		answer, err := http.ReadResponse(w.answer, nil)
		must(t, err)
		wantBody(t, "manifest", answer, 200, l.manifest)
	}
}

// The kernel sends the file: nothing on the way hides it from sendfile.
func TestContentReachesTheConnectionAsAFile(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(5*sealedChunk, nil)
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	watched := &watchedListener{Listener: inner}
	web := &http.Server{Handler: r.Server}
	go web.Serve(watched)
	defer web.Close()
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+inner.Addr().String()+"/api/links/"+l.id+"/content", nil)
	must(t, err)
	request.Host = strings.TrimPrefix(r.URL, "http://")
	request.Header.Set("Authorization", "Bearer "+l.token)
	request.Header.Set("Thorpe-Ticket", ticket)
	got, err := http.DefaultClient.Do(request)
	must(t, err)
	defer got.Body.Close()
	wantBody(t, "content", got, 200, l.content)
	if n := watched.files.Load(); n < int64(len(l.content)-4096) {
		t.Errorf("%s of %d bytes came from a file", strconv.FormatInt(n, 10), len(l.content))
	}
}

// watchedListener counts the bytes that its connections are given as a part of a file.
type watchedListener struct {
	net.Listener
	files atomic.Int64
}

func (l *watchedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &watchedConn{c.(*net.TCPConn), l}, nil
}

type watchedConn struct {
	*net.TCPConn
	listener *watchedListener
}

func (c *watchedConn) ReadFrom(from io.Reader) (int64, error) {
	n, err := c.TCPConn.ReadFrom(from)
	if limited, ok := from.(*io.LimitedReader); ok {
		if _, ok := limited.R.(*os.File); ok {
			c.listener.files.Add(n)
		}
	}
	return n, err
}
