package dav_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"thorpe/dav"
	"thorpe/server/database"
	"thorpe/server/database/databasetest"
)

// server is a drive behind a real HTTP server, on real files.
type server struct {
	*httptest.Server
	t       testing.TB
	handler *dav.Handler
	db      *sql.DB
	relaxed *sql.DB
	data    string // the data folder
	now     atomic.Int64
	stall   time.Duration
	drive   *dav.Drive   // whose requests these are; ann's
	other   atomic.Int64 // bytes of the account that lie elsewhere
}

var ann = dav.Drive{ID: [16]byte{1}, Name: "ann"}

func newServer(t testing.TB) *server {
	t.Helper()
	return newServerAt(t, t.TempDir(), 0)
}

func newServerAt(t testing.TB, data string, stall time.Duration) *server {
	t.Helper()
	s := &server{t: t, data: data, stall: stall}
	s.now.Store(time.Now().Unix())
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *server) start() {
	s.t.Helper()
	db := databasetest.Open(s.t, filepath.Join(s.data, "thorpe.db"))
	root, err := os.OpenRoot(s.data)
	if err != nil {
		s.t.Fatal(err)
	}
	s.db = db
	if s.relaxed, err = database.OpenRelaxed(filepath.Join(s.data, "thorpe.db")); err != nil {
		s.t.Fatal(err)
	}
	if s.drive == nil {
		s.drive = &ann
	}
	s.handler, err = dav.New(dav.Config{DB: db, Relaxed: s.relaxed, Data: root, Hosts: []string{"drive.example"},
		Log:       slog.New(slog.NewTextHandler(s.t.Output(), nil)),
		Elsewhere: func(context.Context, dav.Drive) (int64, error) { return s.other.Load(), nil },
		Stall:     s.stall, Now: func() time.Time { return time.Unix(s.now.Load(), 0) }})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prefix := "/dav"
		if strings.HasPrefix(r.URL.Path, "/files") {
			prefix = "/files"
		}
		s.handler.Serve(w, r, prefix, *s.drive)
	}))
}

func (s *server) stop() {
	s.Server.Close()
	s.relaxed.Close()
	s.db.Close()
}

// restart is what a new process sees.
func (s *server) restart() {
	s.stop()
	s.start()
}

// file is a path on the disk, in ann's drive.
func (s *server) file(name string) string { return filepath.Join(s.data, "drive", "ann", name) }

// write puts a file on the disk, from outside.
func (s *server) write(name, content string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.file(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.file(name), []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// content is what lies on the disk, or "-" if nothing does.
func (s *server) content(name string) string {
	s.t.Helper()
	b, err := os.ReadFile(s.file(name))
	if os.IsNotExist(err) {
		return "-"
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

type answer struct {
	status int
	head   http.Header
	body   string
}

// do sends a request to /dav + path; head is "Name: value" lines. "BASE" in a value is the server's URL.
func (s *server) do(method, path, body string, head ...string) answer {
	s.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	return s.send(method, path, reader, head...)
}

func (s *server) send(method, path string, body io.Reader, head ...string) answer {
	s.t.Helper()
	r, err := http.NewRequest(method, s.URL+"/dav"+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, h := range head {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, strings.ReplaceAll(value, "BASE", s.URL))
	}
	res, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

// want sends a request and fails the test unless it is answered with this status.
func (s *server) want(status int, method, path, body string, head ...string) answer {
	s.t.Helper()
	a := s.do(method, path, body, head...)
	if a.status != status {
		s.t.Errorf("%s %s %v: %d, want %d\n%s", method, path, head, a.status, status, a.body)
	}
	return a
}

// wantContent fails the test unless this lies on the disk; "-" is nothing.
func (s *server) wantContent(name, want string) {
	s.t.Helper()
	if got := s.content(name); got != want {
		s.t.Errorf("%s holds %.60q, want %.60q", name, got, want)
	}
}
