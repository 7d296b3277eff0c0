package dav

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

func TestForLog(t *testing.T) {
	path := &fs.PathError{Op: "openat", Path: "/data/secret", Err: syscall.EIO}
	link := &os.LinkError{Op: "rename", Old: "secret", New: "secret too", Err: syscall.EXDEV}
	for _, test := range []struct {
		err  error
		want string
	}{
		{errors.New("plain"), "plain"},
		{path, "openat: input/output error"},
		{link, "rename: invalid cross-device link"},
		{os.NewSyscallError("fsync", syscall.EIO), "fsync: input/output error"},
		{fmt.Errorf("opening a folder: %w", path), "opening a folder: openat: input/output error"},
		{fmt.Errorf("%w (and taking it back: %w)", path, link), "openat: input/output error (and taking it back: rename: invalid cross-device link)"},
		{errors.Join(path, errors.New("plain"), link), "openat: input/output error\nplain\nrename: invalid cross-device link"},
		{because(500, fmt.Errorf("doing: %w", path)), "status 500: doing: openat: input/output error"},
		{&fs.PathError{Op: "open", Path: "secret", Err: path}, "open: openat: input/output error"},
		{reworded{path}, "openat: input/output error"},
	} {
		if got := ForLog(test.err); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
}

// reworded tells of its cause in words of its own.
type reworded struct{ error }

func (r reworded) Error() string { return "the file secret is broken" }
func (r reworded) Unwrap() error { return r.error }

// No name in a drive comes to the log, whatever fails.
func TestNoNameInTheLog(t *testing.T) {
	h, tr, d, dir := newInside(t)
	var log bytes.Buffer
	h.log = slog.New(slog.NewTextHandler(&log, nil))
	put(t, filepath.Join(dir, "secret", "f"), "x")
	failing := func(t *testing.T, name string) *folder {
		s, err := tr.find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		dir, err := s.dir.sub(s.name)
		if err != nil {
			t.Fatal(err)
		}
		dir.close() // using it fails, as a disk would
		return dir
	}
	for name, do := range map[string]func(t *testing.T, x *exchange){
		"listing a folder": func(t *testing.T, x *exchange) {
			s, err := tr.find(x.name)
			if err != nil {
				t.Fatal(err)
			}
			l, err := x.newListing(s, &query{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if recover() != http.ErrAbortHandler {
					t.Error("a list that looks whole")
				}
			}()
			l.write(failing(t, "secret"))
		},
		"answering a request": func(t *testing.T, x *exchange) {
			_, err := failing(t, "secret").all()
			x.fail(fmt.Errorf("reading: %w", &fs.PathError{Op: "read", Path: "secret", Err: err}))
		},
	} {
		log.Reset()
		do(t, &exchange{h: h, w: httptest.NewRecorder(), r: httptest.NewRequest("PROPFIND", "/dav/secret", nil), prefix: "/dav", drive: d, name: []string{"secret"}, tree: tr})
		if !strings.Contains(log.String(), name) || strings.Contains(log.String(), "secret") {
			t.Errorf("%s: %s", name, &log)
		}
	}
}

// What the test above cannot make fail: each call of the log in this package takes its error through ForLog.
func TestEveryLoggedErrorGoesThroughForLog(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			if !regexp.MustCompile(`\.log\.(Error|Warn|Info|Debug)\(`).MatchString(line) {
				continue
			}
			calls++
			if !strings.Contains(line, `, "cause", ForLog(`) {
				t.Errorf("%s logs an error that may hold the name of a file: %s", file, strings.TrimSpace(line))
			}
		}
	}
	if calls < 4 {
		t.Errorf("%d calls of the log were found: this test looks in the wrong place", calls)
	}
}
