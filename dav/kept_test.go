package dav_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/dav"
)

// keptID is how long the id is with which the name of each kept thing begins.
const keptID = len("20060102T150405Z-0123456789abcdef")

// kept answers what lies in kept/, and the paths that the rows know, in order.
func (s *server) kept() (ids, paths []string) {
	s.t.Helper()
	entries, _ := os.ReadDir(filepath.Join(s.data, "kept", "ann"))
	for _, e := range entries {
		ids = append(ids, e.Name())
	}
	s.writeKept()
	rows, err := s.db.Query("SELECT path FROM kept ORDER BY path")
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			s.t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return ids, paths
}

// writeKept writes the rows of what was kept a moment ago, which would be written soon.
func (s *server) writeKept() {
	s.t.Helper()
	if err := s.handler.WriteKept(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func TestKeptIsPrunedAfterItsTime(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"/old", "/new"} {
		s.want(201, "PUT", name, "x")
		s.want(204, "DELETE", name, "")
		s.want(201, "MKCOL", name+"d", "")
		s.want(201, "PUT", name+"d/f", "x")
		s.want(204, "DELETE", name+"d", "")
		if name == "/old" {
			s.now.Add(int64(dav.KeptFor/time.Second) - 100)
		}
	}
	if ids, paths := s.kept(); len(ids) != 4 || !slices.Equal(paths, []string{"new", "newd", "old", "oldd"}) {
		t.Fatalf("kept: %v %v", ids, paths)
	}
	prune := func(want ...string) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan bool)
		go func() { s.handler.Run(ctx); close(done) }()
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if ids, paths := s.kept(); len(ids) == len(want) && slices.Equal(paths, want) {
				cancel()
				<-done
				return
			}
		}
		cancel()
		<-done
		ids, paths := s.kept()
		t.Errorf("kept %v %v, want %v", ids, paths, want)
	}
	s.now.Add(101)
	prune("new", "newd")
	s.now.Add(int64(dav.KeptFor / time.Second))
	prune()
}

// I9: after a kill, what was still coming in is gone, and rows and files agree.
func TestI9TidyAfterAKill(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.want(204, "DELETE", "/f", "")
	s.write("g", "x")
	s.want(204, "DELETE", "/g", "")
	s.write("p/q", "x")
	s.want(207, "PROPPATCH", "/p/q", patchBody)
	s.want(207, "PROPPATCH", "/p", patchBody)

	ids, _ := s.kept()
	kept := filepath.Join(s.data, "kept", "ann")
	if err := os.RemoveAll(filepath.Join(kept, ids[0])); err != nil { // a row without its thing
		t.Fatal(err)
	}
	var lost string
	if err := s.db.QueryRow("SELECT path FROM kept WHERE id = ?", ids[0][:keptID]).Scan(&lost); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{"20260101T000000Z-0000000000000000-files-a%2Forphan": "1234", "20260101T000000Z-0000000000000001-folder/x": "x", "another's/x": "x"} { // a thing without its row
		if err := os.MkdirAll(filepath.Join(kept, filepath.Dir(path)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(kept, path), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"dav-x", "dav-y/z/f", "another's"} {
		p := filepath.Join(s.data, "incoming", name)
		os.MkdirAll(filepath.Dir(p), 0o700)
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	os.RemoveAll(s.file("p")) // properties of nothing
	s.restart()
	if e, _ := os.ReadDir(filepath.Join(s.data, "incoming")); len(e) != 1 || e[0].Name() != "another's" {
		t.Errorf("incoming: %v", e)
	}
	s.write("p/q", "x")
	os.RemoveAll(s.file("p"))
	s.want(207, "PROPFIND", "/", "", "Depth: 0")
	want := []string{"a/orphan", "f", "folder", "g"}
	want = slices.DeleteFunc(want, func(p string) bool { return p == lost })
	ids, paths := s.kept()
	if len(ids) != 4 || !slices.Equal(paths, want) {
		t.Errorf("kept %v, rows %v, want %v", ids, paths, want)
	}
	var n int
	if err := s.db.QueryRow("SELECT count(*) FROM properties").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d properties of nothing are left (%v)", n, err)
	}
	var size, at int64
	var folder bool
	var door string
	if err := s.db.QueryRow("SELECT size, folder, at, door FROM kept WHERE path = 'a/orphan'").Scan(&size, &folder, &at, &door); err != nil || size != 4 || folder || at != 1767225600 || door != "/files" {
		t.Errorf("orphan: %d bytes, folder %v, at %d, door %s, %v", size, folder, at, door, err)
	}
}

// The row of what is kept is written soon, by itself.
func TestKeptRowsFollow(t *testing.T) {
	s := newServer(t)
	for range 2 { // again, when there is no more to write
		s.write("f", "x")
		s.want(204, "DELETE", "/f", "")
		s.eventually("the row", func() bool {
			var n int
			if err := s.db.QueryRow("SELECT count(*) FROM kept").Scan(&n); err != nil {
				t.Fatal(err)
			}
			entries, _ := os.ReadDir(filepath.Join(s.data, "kept", "ann"))
			return n == len(entries)
		})
	}
}

// Each write over a file keeps the one before it.
func TestEachVersionIsKept(t *testing.T) {
	s := newServer(t)
	for _, content := range []string{"1", "22", "", "333", "4444"} {
		s.do("PUT", "/f", content)
	}
	var all []string
	ids, paths := s.kept()
	for _, id := range ids {
		b, err := os.ReadFile(filepath.Join(s.data, "kept", "ann", id))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
	slices.Sort(all)
	if got := strings.Join(all, " "); got != "1 22 333" { // an empty file holds nothing that could come back
		t.Errorf("kept %q", got)
	}
	if len(paths) != 3 {
		t.Errorf("rows: %v", paths)
	}
	s.want(204, "DELETE", "/f", "")
	if _, paths := s.kept(); len(paths) != 4 {
		t.Errorf("rows: %v", paths)
	}
}
