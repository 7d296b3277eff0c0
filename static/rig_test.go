package static_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"thorpe/dav"
	"thorpe/server"
	"thorpe/server/accounts"
	"thorpe/server/database/databasetest"
	"thorpe/server/history"
	"thorpe/shares"
	"thorpe/static"
)

// site is a whole server on a real port, with one page and the scripts of testdata besides, under the headers that every page has.
type site struct {
	t        *testing.T
	URL      string
	Folder   string
	Accounts *accounts.Store
	History  *history.Store
	tree     *static.Tree
	real     http.Handler

	// fault, where it is set, sees each request first, and answers it itself if it returns true.
	fault atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]

	mu       sync.Mutex
	requests []*http.Request
	words    bytes.Buffer // all that was heard
}

func newSite(t *testing.T) *site {
	t.Helper()
	tree, err := static.New()
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := &site{t: t, URL: "http://" + listener.Addr().String(), Folder: t.TempDir(), tree: tree}
	root, err := os.OpenRoot(s.Folder)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	db := databasetest.Open(t, filepath.Join(s.Folder, "thorpe.db"))
	t.Cleanup(func() { db.Close() })
	s.Accounts, err = accounts.New(t.Context(), db, time.Now, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { s.Accounts.Close() })
	s.History, err = history.Open(t.Context(), db, time.Now)
	must(t, err)
	log := slog.New(server.WatchFailures(slog.DiscardHandler, s.History))
	drive, links, err := server.OpenStores(dav.Config{DB: db, Data: root, Log: log}, shares.Config{DB: db, Data: root, Log: log, Now: time.Now})
	must(t, err)
	t.Cleanup(func() { links.Close() })
	base, err := url.Parse(s.URL)
	must(t, err)
	real, err := server.New(server.Config{
		URL: base, Port: base.Port(), Accounts: s.Accounts, Drive: drive, Shares: links, Log: log, Version: "test",
		Source: fstest.MapFS{"main.go": {Data: []byte("package main")}}, Now: time.Now, Contact: "abuse@example.org",
		History: s.History, Data: s.Folder,
	})
	must(t, err)
	s.real = real
	web := &http.Server{Handler: s.handler(real)}
	go web.Serve(listener)
	t.Cleanup(func() { web.Close() })
	return s
}

// handler answers for the test's page and scripts, and hands all else to the server.
func (s *site) handler(real http.Handler) http.Handler {
	mux := http.NewServeMux()
	scripts := s.tree.Path() + "/testdata/"
	mux.Handle(scripts, http.StripPrefix(scripts, http.FileServer(http.Dir("testdata"))))
	mux.Handle("/vectors/links/", http.StripPrefix("/vectors/links/", http.FileServer(http.Dir("../shares/testdata/vectors"))))
	mux.Handle("/vectors/accounts/", http.StripPrefix("/vectors/accounts/", http.FileServer(http.Dir("../shares/accountkeys/testdata/vectors"))))
	blank := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		page := httptest.NewRequest("GET", "/s/", nil)
		page.Host = r.Host
		real.ServeHTTP(recorded, page)
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>test</title><script type="module" src="%s/texts/en.js"></script><script type="module" src="%stest.js"></script><body></body></html>`, s.tree.Path(), scripts)
	})
	mux.Handle("/test/", blank)
	mux.Handle("/s/test", blank)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = s.overhear(r)
		if fault := s.fault.Load(); fault != nil && (*fault)(w, r) {
			return
		}
		// ServeMux cleans paths by redirecting, which WebDAV must not see.
		for _, prefix := range []string{scripts, "/vectors/", "/test/", "/s/test"} {
			if strings.HasPrefix(r.URL.Path, prefix) {
				mux.ServeHTTP(w, r)
				return
			}
		}
		real.ServeHTTP(w, r)
	})
}

// breakWith sets the fault; nil ends it.
func (s *site) breakWith(fault func(http.ResponseWriter, *http.Request) bool) {
	if fault == nil {
		s.fault.Store(nil)
		return
	}
	s.fault.Store(&fault)
}

// overhear notes a request with its URL and headers, and what is read of its body, of which it keeps the beginning.
func (s *site) overhear(r *http.Request) io.ReadCloser {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Clone(context.Background()))
	fmt.Fprintf(&s.words, "%s %s\n%v\n", r.Method, r.RequestURI, r.Header)
	return struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, writerFunc(func(p []byte) (int, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.words.Write(p[:min(len(p), 64<<10)])
		return len(p), nil
	})), r.Body}
}

// heard is all that reached the server.
func (s *site) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words.String()
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// answer is what the server itself says to a request.
func (s *site) answer(r *http.Request) *httptest.ResponseRecorder {
	recorded := httptest.NewRecorder()
	s.real.ServeHTTP(recorded, r)
	return recorded
}

// begin answers as the server itself does, but for the body, which it returns.
func (s *site) begin(w http.ResponseWriter, r *http.Request) (body []byte) {
	answer := s.answer(r)
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	return answer.Body.Bytes()
}

// drop ends the connection of a request without an answer, or in the middle of one.
func drop(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		connection.Close()
	}
}

// asked gives the requests whose path starts with prefix, in their order.
func (s *site) asked(method, prefix string) []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*http.Request
	for _, r := range s.requests {
		if r.Method == method && strings.HasPrefix(r.URL.Path, prefix) {
			found = append(found, r)
		}
	}
	return found
}

// setupToken is good for one account, in the form the browser knows.
func (s *site) setupToken() string {
	s.t.Helper()
	token, err := s.Accounts.NewSetup(s.t.Context())
	must(s.t, err)
	return base64.RawURLEncoding.EncodeToString(token[:])
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
