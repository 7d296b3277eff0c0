package dav_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/dav"
)

// trash answers the paths in the trash, newest first, and the ids of each.
func (s *server) trash() (paths []string, ids map[string]string) {
	s.t.Helper()
	list, err := s.handler.Trash(s.t.Context(), *s.drive, "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	ids = map[string]string{}
	for _, k := range list.Items {
		paths = append(paths, k.Path)
		ids[k.Path] = k.ID
	}
	return paths, ids
}

// wantTrash fails the test unless these are in the trash, newest first.
func (s *server) wantTrash(what string, want ...string) {
	s.t.Helper()
	if got, _ := s.trash(); !slices.Equal(got, want) {
		s.t.Errorf("%s: the trash holds %q, want %q", what, got, want)
	}
}

// remove deletes something a second after what was deleted before, and answers its id.
func (s *server) remove(path string) (id string) {
	s.t.Helper()
	s.now.Add(1)
	s.want(204, "DELETE", "/"+path, "")
	_, ids := s.trash()
	return ids[path]
}

// The trash lists what was deleted, with where, when, until when, by which door and device; what was overwritten is no part of it.
func TestTrash(t *testing.T) {
	s := newServer(t)
	d := ann
	d.Device = "laptop"
	s.drive = &d
	s.write("d/f", "12345")
	s.write("g", "g")
	s.write("e/x/y", "123")
	s.remove("d/f")
	s.want(204, "PUT", "/g", "new")
	s.remove("e")
	s.wantTrash("after two deletions", "e", "d/f")
	s.space() // measures
	list, err := s.handler.Trash(t.Context(), d, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(s.now.Load(), 0)
	want := []dav.Kept{
		{Path: "e", At: at, Until: at.Add(dav.KeptFor), Door: "/dav", Device: "laptop", Folder: true, Size: 3},
		{Path: "d/f", At: at.Add(-time.Second), Until: at.Add(dav.KeptFor - time.Second), Door: "/dav", Device: "laptop", Size: 5},
	}
	for i, k := range list.Items {
		want[i].ID = k.ID
		if k != want[i] || len(k.ID) != keptID {
			t.Errorf("%+v, want %+v", k, want[i])
		}
	}
	if list.Size != 8 || list.Next != "" || list.Newest != list.Items[0].ID {
		t.Errorf("%+v", list)
	}
	if got := s.space().Kept; got != 9 {
		t.Errorf("kept: %d bytes, want 9: with the version that was overwritten", got)
	}
	bob := dav.Drive{ID: [16]byte{2}, Name: "bob"}
	if other, err := s.handler.Trash(t.Context(), bob, "", 10); err != nil || len(other.Items) != 0 || other.Size != 0 {
		t.Errorf("another's trash: %+v, %v", other, err)
	}
	for name, do := range map[string]func() error{
		"Restore": func() error { _, err := s.handler.Restore(t.Context(), bob, list.Items[0].ID, nil); return err },
		"Discard": func() error { return s.handler.Discard(t.Context(), bob, list.Items[0].ID) },
	} {
		if err := do(); !errors.Is(err, dav.ErrNotKept) {
			t.Errorf("%s of another's: %v", name, err)
		}
	}
	if n, err := s.handler.Empty(t.Context(), bob, list.Newest); n != 0 || err != nil {
		t.Errorf("Empty of another's: %d, %v", n, err)
	}
	s.wantTrash("after somebody else's tries", "e", "d/f")
}

// A list that does not fit goes on where it ended.
func TestTrashGoesOn(t *testing.T) {
	s := newServer(t)
	var want []string
	for i := range 7 {
		name := fmt.Sprint("f", i)
		s.write(name, "x")
		s.remove(name)
		want = append([]string{name}, want...)
	}
	var got []string
	for after, pages := "", 0; ; pages++ {
		list, err := s.handler.Trash(t.Context(), ann, after, 3)
		if err != nil || len(list.Items) > 3 {
			t.Fatal(list, err)
		}
		for _, k := range list.Items {
			got = append(got, k.Path)
		}
		if after = list.Next; after == "" {
			if pages != 2 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is discarded goes for good, and its space comes free.
func TestDiscard(t *testing.T) {
	s := newServer(t)
	s.run()
	s.write("d/x/f", "12345")
	s.write("g", "123")
	d, g := s.remove("d"), s.remove("g")
	if err := s.handler.Discard(t.Context(), ann, d); err != nil {
		t.Fatal(err)
	}
	s.wantTrash("after d was discarded", "g")
	s.eventually("what was discarded goes", func() bool {
		left, err := os.ReadDir(filepath.Join(s.data, "incoming"))
		return err == nil && len(left) == 0
	})
	if space := s.space(); space.Kept != 3 || space.Used != 0 {
		t.Errorf("%+v", space)
	}
	if err := s.handler.Discard(t.Context(), ann, d); !errors.Is(err, dav.ErrNotKept) {
		t.Errorf("once more: %v", err)
	}
	for _, id := range []string{"", "x", "../x", g + "x", strings.Repeat("a", 300)} {
		if err := s.handler.Discard(t.Context(), ann, id); !errors.Is(err, dav.ErrNotKept) {
			t.Errorf("of %.40q: %v", id, err)
		}
	}
	s.wantTrash("after ids that are none", "g")
}

// Emptying the trash leaves what was deleted since somebody looked, and earlier versions of what is there. What is gone from outside holds nothing up.
func TestEmptyLeavesWhatCameSince(t *testing.T) {
	s := newServer(t)
	s.write("keep", "1")
	s.want(204, "PUT", "/keep", "2")
	for i := range 600 {
		s.write(fmt.Sprint("d", i, "/f"), "x")
	}
	for i := range 600 {
		s.want(204, "DELETE", fmt.Sprint("/d", i), "")
	}
	list, err := s.handler.Trash(t.Context(), ann, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	s.write("later", "123")
	s.remove("later")
	gone, err := filepath.Glob(filepath.Join(s.data, "kept", "ann", "*d7"))
	if err != nil || len(gone) != 1 {
		t.Fatal(gone, err)
	}
	if err := os.RemoveAll(gone[0]); err != nil {
		t.Fatal(err)
	}
	if n, err := s.handler.Empty(t.Context(), ann, list.Newest); err != nil || n < 599 || n > 600 {
		t.Errorf("Empty: %d, %v", n, err)
	}
	s.wantTrash("after it was emptied", "later")
	if _, paths := s.kept(); !slices.Equal(paths, []string{"keep", "later"}) {
		t.Errorf("kept: %q", paths)
	}
	s.restart() // also sweeps
	if left, err := os.ReadDir(filepath.Join(s.data, "incoming")); err != nil || len(left) != 0 {
		t.Errorf("left in incoming: %v, %v", left, err)
	}
	s.want(207, "PROPFIND", "/", "", "Depth: 0")
	s.wantTrash("after a restart", "later")
}

// J8: what macOS keeps beside a file stands in no list, comes back with the file, and goes with it.
func TestTrashHidesWhatMacOSKeepsBeside(t *testing.T) {
	s := newServer(t)
	lay := func() {
		for _, name := range []string{"d/f", "d/._f", ".DS_Store", "d/g", "d/._g"} {
			s.write(name, name)
		}
	}
	lay()
	s.remove(".DS_Store")
	s.remove("d/._f")
	f := s.remove("d/f")
	s.now.Add(1000)
	g := s.remove("d/g")
	s.wantTrash("hidden files", "d/g", "d/f")
	s.write("d/f", "another")
	if at, err := s.handler.Restore(t.Context(), ann, f, nil); err != nil || at != "d/f (2)" {
		t.Fatalf("Restore: %q, %v", at, err)
	}
	s.wantContent("d/f (2)", "d/f")
	s.wantContent("d/._f (2)", "d/._f")
	if err := s.handler.Discard(t.Context(), ann, g); err != nil {
		t.Fatal(err)
	}
	s.wantContent("d/._g", "d/._g")
	if _, paths := s.kept(); !slices.Equal(paths, []string{".DS_Store"}) {
		t.Errorf("kept: %q", paths)
	}

}
