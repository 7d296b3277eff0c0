//go:build linux

package dav_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// small is a data folder on a file system of a few MiB.
func small(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	mount(t, dir, size)
	return dir
}

// mount puts a file system of that size over a folder.
func mount(t *testing.T, dir, size string) {
	t.Helper()
	if err := unix.Mount("thorpe-test", dir, "tmpfs", 0, "size="+size); err != nil {
		if os.Getenv("THORPE_TEST_REQUIRE") == "1" {
			t.Fatalf("mounting a small file system: %v", err)
		}
		t.Skipf("mounting a small file system needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// What cannot be removed from kept/ (here: something is mounted in it) stays with its row, and holds up nothing else, on no drive.
func TestPruneGoesOnPastWhatItCannotRemove(t *testing.T) {
	s := newServer(t)
	id := func(drive, number string) string { return "20260101T000000Z-0000000000000" + drive + number }
	for _, number := range []string{"1", "2", "3"} {
		for _, drive := range []string{"aa", "bb"} {
			dir := filepath.Join(s.data, "kept", drive, id(drive, number)+"-d", "d")
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if _, err := s.db.Exec(`INSERT INTO kept (drive, id, path, at, door, folder, size) VALUES (?, ?, 'd', 1, '/dav', 1, 0)`, ann.ID[:], id(drive, number)); err != nil {
				t.Fatal(err)
			}
		}
	}
	mount(t, filepath.Join(s.data, "kept", "aa", id("aa", "2")+"-d", "d"), "1m")
	state := func() string {
		rows, err := s.db.Query("SELECT id FROM kept ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		all := "rows"
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				t.Fatal(err)
			}
			all += " " + id
		}
		all += ", folders"
		folders, err := filepath.Glob(filepath.Join(s.data, "kept", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders {
			all += " " + filepath.Base(f)
		}
		return all
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() { s.handler.Run(ctx); close(done) }()
	defer func() { cancel(); <-done }()
	want := "rows " + id("aa", "2") + ", folders " + id("aa", "2") + "-d"
	for end := time.Now().Add(5 * time.Second); state() != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s, want %s", state(), want)
		}
	}
}

// I11, H10: a full disk is 507. What was there stays, and nothing is left half written.
func TestI11FullDisk(t *testing.T) {
	s := newServerAt(t, small(t, "16m"), 0)
	old := strings.Repeat("old.", 1<<20) // 4 MiB
	s.want(201, "PUT", "/f", old)
	s.want(201, "MKCOL", "/d", "")
	s.want(201, "PUT", "/d/g", old)
	for name, head := range map[string][]string{"with its length": nil, "in chunks": {"X-Expected-Entity-Length: 33554432"}} {
		for _, path := range []string{"/f", "/new"} {
			var body io.Reader = bytes.NewReader(make([]byte, 32<<20))
			if head != nil {
				body = io.MultiReader(body)
			}
			if a := s.send("PUT", path, body, head...); a.status != 507 {
				t.Errorf("PUT %s %s: %d, want 507", path, name, a.status)
			}
			s.noneIncoming()
		}
	}
	for range 3 {
		s.do("COPY", "/d", "", "Destination: /dav/e")
	}
	if a := s.do("COPY", "/d", "", "Destination: /dav/e2"); a.status != 507 {
		t.Errorf("COPY: %d, want 507", a.status)
	}
	s.noneIncoming()
	s.wantContent("e2/g", "-")
	s.wantContent("f", old)
	s.wantContent("d/g", old)

	// Full to the last byte, database included: whatever is answered, what is there stays, and what was acknowledged is there.
	filler, err := os.Create(s.data + "/filler")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := filler.Write(make([]byte, 4096)); errors.Is(err, unix.ENOSPC) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	filler.Close()
	for _, method := range []string{"PUT", "PROPPATCH", "LOCK", "MKCOL", "DELETE", "MOVE", "COPY"} {
		body := map[string]string{"PUT": "x", "PROPPATCH": patchBody, "LOCK": lockBody}[method]
		path := map[string]string{"MKCOL": "/newd", "DELETE": "/d/g", "LOCK": "/newl"}[method]
		if path == "" {
			path = "/f"
		}
		a := s.do(method, path, body, "Destination: /dav/newf")
		if a.status >= 500 && a.status != 507 {
			t.Errorf("%s on a full disk: %d", method, a.status)
		}
		switch {
		case method == "MOVE" && a.status < 300:
			s.wantContent("newf", old)
			s.want(201, "MOVE", "/newf", "", "Destination: /dav/f")
		case method == "DELETE" && a.status < 300:
			s.wantContent("d/g", "-")
		case method == "DELETE":
			s.wantContent("d/g", old)
		}
		if method == "PUT" && a.status < 300 {
			s.wantContent("f", "x")
			old = "x"
		}
		s.wantContent("f", old)
		s.noneIncoming()
	}
	os.Remove(s.data + "/filler")
	s.want(204, "PUT", "/f", "new")
}

// H14: what needs rows is refused while the database cannot be written, and changes nothing. What only moves files goes on, and what it keeps has its rows as soon as they
// can be written: their entries said all the while what they are.
func TestH14ReadOnlyDatabase(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"/f", "/d", "/e", "/g"} {
		s.want(201, "PUT", name, "old "+name)
	}
	s.db.SetMaxOpenConns(1)
	readOnly := func(is int) {
		t.Helper()
		for _, db := range []*sql.DB{s.db, s.relaxed} {
			if _, err := db.Exec(fmt.Sprint("PRAGMA query_only = ", is)); err != nil {
				t.Fatal(err)
			}
		}
	}
	readOnly(1)
	before := s.tree()
	for _, test := range [][]string{{"PROPPATCH", "/f", patchBody}, {"LOCK", "/f", lockBody}, {"LOCK", "/new", lockBody}} {
		if a := s.do(test[0], test[1], test[2]); a.status != 503 {
			t.Errorf("%s %s: %d, want 503", test[0], test[1], a.status)
		}
		s.wantTree(test[0]+" without a database", before)
		s.noneIncoming()
	}
	s.want(204, "PUT", "/f", "new")
	s.want(204, "COPY", "/f", "", "Destination: /dav/d")
	s.want(204, "MOVE", "/f", "", "Destination: /dav/e")
	s.want(204, "DELETE", "/g", "")
	s.wantTree("changes without a database", "d=new e=new")
	s.noneIncoming()
	if err := s.handler.WriteKept(t.Context()); err == nil {
		t.Error("rows were written to a database that takes none")
	}
	readOnly(0)
	if ids, paths := s.kept(); len(ids) != 4 || !slices.Equal(paths, []string{"d", "e", "f", "g"}) {
		t.Errorf("kept: %v, rows %v", ids, paths)
	}
}

// As many rows as may wait are no more than that: then what would keep something is refused too.
func TestH14RowsThatWaitAreBounded(t *testing.T) {
	s := newServer(t)
	s.want(201, "PUT", "/f", "old")
	s.handler.FillUnwritten()
	s.db.SetMaxOpenConns(1)
	for _, db := range []*sql.DB{s.db, s.relaxed} {
		if _, err := db.Exec("PRAGMA query_only = 1"); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range [][]string{{"PUT", "/f", "new"}, {"DELETE", "/f", ""}} {
		if a := s.do(test[0], test[1], test[2]); a.status != 503 {
			t.Errorf("%s: %d, want 503", test[0], a.status)
		}
		s.wantTree(test[0]+" with too many rows waiting", "f=old")
		s.noneIncoming()
	}
	if e, _ := os.ReadDir(s.data + "/kept/ann"); len(e) != 0 {
		t.Errorf("left in kept: %v", e)
	}
}

// Nor does it keep anybody from reading, also where a lock's time is over and its row can't go; the lock holds no longer all the same.
func TestH14ReadOnlyDatabaseWithAnExpiredLock(t *testing.T) {
	s := newServer(t)
	s.want(201, "PUT", "/f", "old")
	s.lock(200, "/f", "Timeout: Second-100")
	s.lock(201, "/placeholder", "Timeout: Second-100")
	s.now.Add(101)
	s.db.SetMaxOpenConns(1)
	if _, err := s.db.Exec("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/f", "/placeholder"} {
		s.want(200, "GET", path, "")
		s.want(200, "HEAD", path, "")
		if a := s.want(207, "PROPFIND", path, "", "Depth: 0"); strings.Contains(a.body, "activelock") {
			t.Errorf("the lock is over: %s", a.body)
		}
	}
	s.want(207, "PROPFIND", "/", "", "Depth: 1")
	s.want(200, "OPTIONS", "/f", "")
	s.want(503, "PUT", "/f", "new")
	s.wantContent("f", "old")
	if _, err := s.db.Exec("PRAGMA query_only = 0"); err != nil {
		t.Fatal(err)
	}
	s.want(204, "PUT", "/f", "new")
	s.want(404, "GET", "/placeholder", "")
}

// I11: on a full disk what is kept gives way, of the writer's own drive first.
func TestI11KeptGivesWayOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount(t, dir, "24m")
	s := newServerAt(t, dir, 0)
	s.want(201, "PUT", "/old", strings.Repeat("o", 15<<20))
	s.want(204, "DELETE", "/old", "")
	if ids, _ := s.kept(); len(ids) != 1 {
		t.Fatalf("kept: %v", ids)
	}
	s.want(201, "PUT", "/new", strings.Repeat("n", 14<<20))
	if ids, paths := s.kept(); len(ids) != 0 || len(paths) != 0 {
		t.Errorf("kept: %v %v", ids, paths)
	}
	s.want(204, "DELETE", "/new", "")
	body := strings.NewReader(strings.Repeat("c", 13<<20))
	if a := s.send("PUT", "/chunked", struct{ io.Reader }{body}); a.status != 201 {
		t.Errorf("a body of unknown length: %d", a.status)
	}
	if info, err := os.Stat(s.file("chunked")); err != nil || info.Size() != 13<<20 {
		t.Errorf("chunked: %v %v", info, err)
	}
	s.want(204, "DELETE", "/chunked", "")
	s.want(201, "PUT", "/small", strings.Repeat("s", 8<<20))
	if e, _ := os.ReadDir(filepath.Join(dir, "kept", "ann")); len(e) == 0 {
		s.want(201, "PUT", "/small2", "s")
	}
	s.want(201, "COPY", "/small", "", "Destination: /dav/copy")
	s.want(507, "PUT", "/big", strings.Repeat("b", 20<<20))
	s.noneIncoming()
}
