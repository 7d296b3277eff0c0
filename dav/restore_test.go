package dav_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"thorpe/dav"
)

// restore restores something, and fails the test unless it goes to that path.
func (s *server) restore(id, want string, into ...string) {
	s.t.Helper()
	var folder *string
	if len(into) > 0 {
		folder = &into[0]
	}
	if got, err := s.handler.Restore(s.t.Context(), *s.drive, id, folder); err != nil || got != want {
		s.t.Errorf("Restore: %q, %v, want %q", got, err, want)
	}
}

func (s *server) wantRefused(what string, want error, id string, into ...string) {
	s.t.Helper()
	var folder *string
	if len(into) > 0 {
		folder = &into[0]
	}
	before := s.tree()
	if got, err := s.handler.Restore(s.t.Context(), *s.drive, id, folder); !errors.Is(err, want) {
		s.t.Errorf("%s: %q, %v, want %v", what, got, err, want)
	}
	s.wantTree(what, before)
	if _, ids := s.trash(); len(ids) == 0 {
		s.t.Errorf("%s: it is in the trash no more", what)
	}
}

// What is restored is there again as it was, with its time, and can be deleted and restored over and over. It is in the trash no more.
func TestRestore(t *testing.T) {
	s := newServer(t)
	s.write("d/x/f", "12345")
	old := time.Unix(1_000_000_000, 0)
	if err := os.Chtimes(s.file("d/x/f"), old, old); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d/x/f", "d/x", "d"} {
		for range 2 {
			id := s.remove(name)
			s.wantContent("d/x/f", "-")
			s.restore(id, name)
			s.wantContent("d/x/f", "12345")
			s.wantTrash("after " + name + " was restored")
			s.wantKept("after "+name+" was restored", "")
			s.wantUsed(5)
			if _, err := s.handler.Restore(t.Context(), ann, id, nil); !errors.Is(err, dav.ErrNotKept) {
				t.Errorf("once more: %v", err)
			}
		}
	}
	if info, err := os.Stat(s.file("d/x/f")); err != nil || !info.ModTime().Equal(old) {
		t.Errorf("its time: %v, %v", info, err)
	}
}

// A restoration goes over nothing: it gets a name beside what is there, whatever that is.
func TestRestoreNeverGoesOverSomething(t *testing.T) {
	s := newServer(t)
	s.write("d/Lake.jpg", "old")
	lake := s.remove("d/Lake.jpg")
	s.write("Folder/f", "old")
	folder := s.remove("Folder")
	s.write("d/Lake.jpg", "new")
	if err := os.Symlink("nowhere", s.file("d/Lake (2).jpg")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.file("d/Lake (3).jpg"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write("Folder", "a file")
	s.restore(lake, "d/Lake (4).jpg")
	s.restore(folder, "Folder (2)")
	s.wantContent("d/Lake.jpg", "new")
	s.wantContent("d/Lake (4).jpg", "old")
	s.wantContent("Folder", "a file")
	s.wantContent("Folder (2)/f", "old")
	if to, err := os.Readlink(s.file("d/Lake (2).jpg")); err != nil || to != "nowhere" {
		t.Errorf("the link: %q, %v", to, err)
	}

	s.write("Lake.jpg", "mine")
	id := s.remove("d/Lake (4).jpg")
	s.restore(id, "Lake (4).jpg", "")
	id = s.remove("Lake (4).jpg")
	s.restore(id, "Folder (2)/Lake (4).jpg", "Folder (2)")
}

// A name is also taken by one that is written in other bytes for the same letters.
func TestRestoreBesideAnotherForm(t *testing.T) {
	s := newServer(t)
	s.write("\u00e9.txt", "old")
	s.remove("%C3%A9.txt")
	_, ids := s.trash()
	id := ids["\u00e9.txt"]
	s.write("e\u0301.txt", "new")
	s.restore(id, "\u00e9 (2).txt")
}

// Folders that are gone are made again, as deep as it takes. One that comes back later stands beside what was made in its name.
func TestRestoreMakesItsFolders(t *testing.T) {
	s := newServer(t)
	s.write("a/b/c/f", "f")
	s.write("a/b/g", "g")
	f := s.remove("a/b/c/f")
	a := s.remove("a")
	s.restore(f, "a/b/c/f")
	s.wantContent("a/b/c/f", "f")
	s.wantContent("a/b/g", "-")
	s.restore(a, "a (2)")
	s.wantContent("a (2)/b/g", "g")
	s.wantTrash("all is back")
}

// Where a folder cannot be had, or none may be made, nothing changes.
func TestRestoreThatIsRefused(t *testing.T) {
	s := newServer(t)
	s.write("a/b/f", "f")
	f := s.remove("a/b/f")
	s.remove("a")
	s.write("a", "a file")
	s.wantRefused("a file on the way", dav.ErrNoParent, f)
	os.Remove(s.file("a"))
	outside := t.TempDir()
	if err := os.Symlink(outside, s.file("a")); err != nil {
		t.Fatal(err)
	}
	into := "a"
	for _, into := range []*string{nil, &into} {
		if at, err := s.handler.Restore(t.Context(), ann, f, into); !errors.Is(err, dav.ErrNoParent) {
			t.Errorf("through a link: %q, %v", at, err)
		}
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("outside: %v, %v", left, err)
	}
	os.Remove(s.file("a"))
	s.wantRefused("into a folder that is not there", dav.ErrNoParent, f, "none")
	for _, into := range []string{"..", "x/..", "x//y", "/", "a\\b", "a\x00b", strings.Repeat("x/", 2048)} {
		s.wantRefused("into "+into[:min(len(into), 20)], dav.ErrInvalidName, f, into)
	}
	s.restore(f, "a/b/f")

	s.write("locked/f", "f")
	f = s.remove("locked/f")
	s.lock(200, "/locked", "Depth: infinity")
	s.wantRefused("into a folder that is locked", dav.ErrLocked, f)
	s.restore(f, "f", "")

	// Its name is known only from its entry, which anybody at the machine may have made.
	entry := filepath.Join(s.data, "kept", "ann", "20260101T000000Z-0000000000000000-files-..%2F..%2Fx")
	if err := os.WriteFile(entry, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.restart()
	s.want(207, "PROPFIND", "/", "", "Depth: 0")
	s.wantRefused("a path out of the drive", dav.ErrInvalidName, "20260101T000000Z-0000000000000000")
	s.restore("20260101T000000Z-0000000000000000", "x", "")
}

// What a rename to a drive's own folder would find in its way is the properties of something else.
func TestRestoreBringsNoPropertiesBack(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "f")
	s.want(207, "PROPPATCH", "/d/f", patchBody)
	id := s.remove("d/f")
	s.restore(id, "d/f")
	if a := s.want(207, "PROPFIND", "/d/f", "", "Depth: 0"); strings.Contains(a.body, "urn:x") {
		t.Errorf("properties came back: %s", a.body)
	}
}

// H10: what is restored counts against the quota again.
func TestRestoreCountsAgainstTheQuota(t *testing.T) {
	s := newServer(t)
	s.quotas(1000, 0)
	s.want(201, "MKCOL", "/d", "")
	s.want(201, "PUT", "/d/f", strings.Repeat("f", 600))
	id := s.remove("d")
	s.wantUsed(0)
	s.want(201, "PUT", "/g", strings.Repeat("g", 500))
	s.wantRefused("past the quota", dav.ErrNoSpace, id)
	s.wantUsed(500)
	if kept := s.space().Kept; kept != 600 {
		t.Errorf("kept: %d", kept)
	}
	s.want(204, "DELETE", "/g", "")
	s.restore(id, "d")
	s.wantUsed(600)
	if kept := s.space().Kept; kept != 500 {
		t.Errorf("kept: %d", kept)
	}

	// At once, before anybody has measured the folder.
	s.want(204, "DELETE", "/d", "")
	_, ids := s.trash()
	s.restore(ids["d"], "d")
	s.wantUsed(600)
}

// Of two who want the same thing one gets all of it, and the other none: never half a folder, never one twice.
func TestRestoreOfAFolderThatIsPruned(t *testing.T) {
	s := newServer(t)
	const files = 50
	for round := range 30 {
		for i := range files {
			s.write(fmt.Sprintf("d/%d/f", i), "x")
		}
		id := s.remove("d")
		ctx, cancel := context.WithCancel(t.Context())
		var run, wg sync.WaitGroup
		run.Go(func() { s.handler.Run(ctx) }) // which removes what is older
		s.now.Add(int64(dav.KeptFor/time.Second) + 1)
		var errs [3]error
		wg.Go(func() { _, errs[0] = s.handler.Restore(ctx, ann, id, nil) })
		wg.Go(func() { _, errs[1] = s.handler.Restore(ctx, ann, id, nil) })
		if round%2 == 0 {
			wg.Go(func() { errs[2] = s.handler.Discard(ctx, ann, id) })
		} else {
			wg.Go(func() { _, errs[2] = s.handler.Empty(ctx, ann, id) })
		}
		wg.Wait()
		s.eventually("one of them gets it", func() bool {
			kept, _ := s.kept()
			return len(kept) == 0
		})
		cancel()
		run.Wait()
		for i, err := range errs[:2] {
			if err != nil && !errors.Is(err, dav.ErrNotKept) {
				t.Fatalf("Restore %d: %v", i, err)
			}
		}
		back := 0
		for i := range files {
			if s.content(fmt.Sprintf("d/%d/f", i)) == "x" {
				back++
			}
		}
		if back != 0 && back != files {
			t.Fatalf("round %d: %d of %d files are back", round, back, files)
		}
		if (errs[0] == nil || errs[1] == nil) != (back == files) || errs[0] == nil && errs[1] == nil {
			t.Fatalf("round %d: %d files are back, Restore says %v and %v", round, back, errs[0], errs[1])
		}
		if _, err := os.Stat(s.file("d (2)")); err == nil {
			t.Fatal("it came back twice")
		}
		os.RemoveAll(s.file("d"))
		s.eventually("what was removed is gone", func() bool {
			s.restart()
			left, err := os.ReadDir(filepath.Join(s.data, "incoming"))
			return err == nil && len(left) == 0
		})
	}
}

// I9: a kill between the rename and its row leaves a row of nothing, which the next start forgets.
func TestI9KillWhileRestoring(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "f")
	id := s.remove("d")
	s.restore(id, "d")
	if _, err := s.db.Exec(`INSERT INTO kept (drive, id, path, at, door, folder, size) VALUES (?, ?, 'd', 1, '/dav', 1, 0)`, ann.ID[:], id); err != nil {
		t.Fatal(err)
	}
	s.restart()
	s.want(207, "PROPFIND", "/", "", "Depth: 0")
	s.wantTrash("after a kill")
	s.wantContent("d/f", "f")
}

// The web drive learns what its requests have put aside, so that it can offer to undo them; a mount is told nothing that is not WebDAV's.
func TestTheWebDriveIsToldWhatIsKept(t *testing.T) {
	s := newServer(t)
	for _, door := range []string{"/dav", "/files"} {
		ask := func(method, path string, head ...string) string {
			t.Helper()
			r, err := http.NewRequest(method, s.URL+door+path, strings.NewReader(map[string]string{"PUT": "new"}[method]))
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range head {
				name, value, _ := strings.Cut(h, ": ")
				r.Header.Set(name, door+value)
				if name != "Destination" {
					r.Header.Set(name, value)
				}
			}
			res, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode >= 300 {
				t.Errorf("%s %s: %d", method, path, res.StatusCode)
			}
			return res.Header.Get("Thorpe-Kept")
		}
		for _, name := range []string{"f", "g", "h", "d/x"} {
			s.write(name, name)
		}
		for what, id := range map[string]string{
			"PUT":    ask("PUT", "/f"),
			"MOVE":   ask("MOVE", "/g", "Destination: /f"),
			"COPY":   ask("COPY", "/h", "Destination: /f"),
			"DELETE": ask("DELETE", "/d"),
		} {
			s.writeKept()
			var n int
			if err := s.db.QueryRow("SELECT count(*) FROM kept WHERE id = ?", id).Scan(&n); err != nil || n != map[string]int{"/dav": 0, "/files": 1}[door] {
				t.Errorf("%s at %s: %q, of which there are %d rows (%v)", what, door, id, n, err)
			}
		}
		for what, id := range map[string]string{"PUT": ask("PUT", "/new"+door[1:]), "MOVE": ask("MOVE", "/h", "Destination: /i"+door[1:])} {
			if id != "" {
				t.Errorf("a %s that keeps nothing: %q", what, id)
			}
		}
	}
	_, ids := s.trash()
	s.restore(ids["d"], "d")
	s.wantContent("d/x", "d/x")
}
