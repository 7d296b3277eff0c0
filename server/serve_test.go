package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serve answers the rig's requests on a listener of its own, which stop ends as a signal does.
func (r *rig) serve() (addr string, stop context.CancelFunc, ended chan error) {
	r.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(r.t, err)
	ctx, stop := context.WithCancel(r.t.Context())
	ended = make(chan error, 1)
	go func() { ended <- r.Server.Serve(ctx, time.Minute, listener) }()
	return listener.Addr().String(), stop, ended
}

func (b *browser) wireTo(addr string) *wire {
	b.t.Helper()
	c, err := net.Dial("tcp", addr)
	must(b.t, err)
	b.t.Cleanup(func() { c.Close() })
	return &wire{c.(*net.TCPConn), b.t, bufio.NewReader(c)}
}

// has says whether there is a file of so many bytes below the data folder.
func (r *rig) has(size int64) (found bool) {
	filepath.WalkDir(r.Folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			info, err := entry.Info()
			found = found || err == nil && info.Size() == size
		}
		return nil
	})
	return found
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// An upload that can go on is cut where it is when the server stops, with what came acknowledged: and told so in a way after which all clients go on.
func TestStoppingCutsUploadsThatCanGoOn(t *testing.T) {
	content := random(3 * sealedChunk)
	for use, want := range map[string]int{"sealed": 2 * sealedChunk, "drive": 2*sealedChunk + 100} {
		r := newServer(t)
		ann := r.member("ann", 1)
		headers := []string{"Upload-Length", fmt.Sprint(len(content))}
		if use == "drive" {
			headers = append(headers, "Upload-Metadata", "path "+b64("a"))
		}
		at := ann.newUpload(use, headers...)
		addr, stop, ended := r.serve()
		w := ann.wireTo(addr)
		w.patch(ann, at, 0, content[:2*sealedChunk+100], fmt.Sprintf("Content-Length: %d", len(content)))
		waitFor(t, "the bytes have arrived", func() bool { return r.has(2*sealedChunk + 100) })
		stop()
		answer, err := http.ReadResponse(w.answer, nil)
		must(t, err)
		if answer.StatusCode != 503 || answer.Header.Get("Retry-After") != "1" || !answer.Close {
			t.Errorf("%s: answered %s %v, want 503, when to come again, and the connection's end", use, answer.Status, answer.Header)
		}
		must(t, <-ended)
		if got := ann.tus("HEAD", at, nil).Header.Get("Upload-Offset"); got != fmt.Sprint(want) {
			t.Errorf("%s: the upload stands at %s, want %d", use, got, want)
		}
		if strings.Contains(r.Log(), "level=ERROR") {
			t.Errorf("%s: the log calls it an error: %s", use, r.Log())
		}
	}
}

// A download that can go on is cut too, and does not look whole.
func TestStoppingCutsDownloadsThatCanGoOn(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(100*sealedChunk, nil) // more than the sockets between hold
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	addr, stop, ended := r.serve()
	w := r.newBrowser().wireTo(addr)
	fmt.Fprintf(w, "GET /api/links/%s/content HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nThorpe-Ticket: %s\r\n\r\n", l.id, strings.TrimPrefix(r.URL, "http://"), l.token, ticket)
	answer, err := http.ReadResponse(w.answer, nil)
	must(t, err)
	stop()
	must(t, <-ended) // though nobody has read it
	if n, err := io.Copy(io.Discard, answer.Body); err == nil {
		t.Errorf("%d bytes came, and a good end", n)
	}
	if strings.Contains(r.Log(), "cut requests that were still running") {
		t.Error("it was waited for as long as one that can't go on")
	}
}

// Whoever was let in before the server was told to stop is answered, also where the request comes after that; a connection that brings none is closed.
func TestStoppingAnswersWhoeverWasLetIn(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	addr, stop, ended := r.serve()
	late, silent, kept := ann.wireTo(addr), ann.wireTo(addr), ann.wireTo(addr)
	request := "GET /healthz HTTP/1.1\r\nHost: " + strings.TrimPrefix(r.URL, "http://") + "\r\n\r\n"
	fmt.Fprint(kept, request)
	if status := kept.status(); status != 200 { // by then all three are let in
		t.Fatalf("answered %d", status)
	}
	stop()
	waitFor(t, "nobody is let in any more", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	fmt.Fprint(late, request)
	answer, err := http.ReadResponse(late.answer, nil)
	must(t, err)
	if answer.StatusCode != 200 || !answer.Close {
		t.Errorf("a request after the end began: %s, the connection stays: %v", answer.Status, !answer.Close)
	}
	must(t, <-ended)
	if rest, _ := io.ReadAll(silent.answer); len(rest) > 0 {
		t.Errorf("the silent connection was told %q", rest)
	}
}
