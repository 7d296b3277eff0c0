package dav_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/dav"
)

// find answers the paths that a search finds, in order.
func (s *server) find(in, text string) (paths []string, end dav.Search) {
	s.t.Helper()
	end, err := s.handler.Find(s.t.Context(), *s.drive, in, text, func(f dav.Found) error {
		paths = append(paths, f.Path)
		return nil
	})
	if err != nil {
		s.t.Errorf("Find(%q, %q): %v", in, text, err)
	}
	slices.Sort(paths)
	return paths, end
}

func (s *server) wantFound(in, text string, want ...string) {
	s.t.Helper()
	if got, end := s.find(in, text); !slices.Equal(got, want) || !end.Complete {
		s.t.Errorf("Find(%q, %q): %q, want %q; %+v", in, text, got, want, end)
	}
}

// A search finds files and folders by words of their names, in any case and however letters are composed, below the folder that it begins in.
func TestFind(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"Lake Como.jpg", "Trips/lake/como trip.txt", "Trips/Lake Garda.JPG", "Trips/stra\u00dfe.txt", "caf\u00e9.txt", "x/cafe\u0301 menu.txt", "._lake como", "Thumbs.db", "\u0130stanbul.txt"} {
		s.write(name, "12345")
	}
	s.wantFound("", "lake", "Lake Como.jpg", "Trips/Lake Garda.JPG", "Trips/lake")
	s.wantFound("", "  COMO   lake ", "Lake Como.jpg")
	s.wantFound("", "como", "Lake Como.jpg", "Trips/lake/como trip.txt")
	s.wantFound("Trips", "lake", "Trips/Lake Garda.JPG", "Trips/lake")
	s.wantFound("Trips/lake", "lake")
	s.wantFound("", "STRASSE", "Trips/stra\u00dfe.txt")
	s.wantFound("", "STRA\u1e9eE", "Trips/stra\u00dfe.txt")
	s.wantFound("", "CAF\u00c9", "caf\u00e9.txt", "x/cafe\u0301 menu.txt")
	s.wantFound("", "cafe\u0301", "caf\u00e9.txt", "x/cafe\u0301 menu.txt")
	s.wantFound("", ".*")
	s.wantFound("", "thumbs")
	s.wantFound("", "Trips/", []string{}...)

	var found dav.Found
	if _, err := s.handler.Find(t.Context(), ann, "", "garda", func(f dav.Found) error { found = f; return nil }); err != nil {
		t.Fatal(err)
	}
	a := s.want(200, "HEAD", "/Trips/Lake%20Garda.JPG", "")
	if modified := found.Modified.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"); found.Size != 5 || found.Folder || found.ETag != a.head.Get("ETag") || modified != a.head.Get("Last-Modified") {
		t.Errorf("%+v, HEAD says %v", found, a.head)
	}
	for in, want := range map[string]error{"none": dav.ErrNoParent, "caf\u00e9.txt": dav.ErrNoParent, "..": dav.ErrInvalidName, "Trips/../x": dav.ErrInvalidName, "/": dav.ErrInvalidName} {
		if _, err := s.handler.Find(t.Context(), ann, in, "x", nil); !errors.Is(err, want) {
			t.Errorf("in %q: %v, want %v", in, err, want)
		}
	}
	for _, text := range []string{"", "  ", strings.Repeat("x", 257), "a b c d e f g h i"} {
		if _, err := s.handler.Find(t.Context(), ann, "", text, nil); !errors.Is(err, dav.ErrInvalidName) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// E2: no walk follows a link, or shows one, or what has a name that WebDAV does not show.
func TestFindFollowsNoLinks(t *testing.T) {
	s := newServer(t)
	outside := t.TempDir()
	for _, name := range []string{outside + "/secret x", s.file("x\\y"), s.file("x\ny/x"), s.file("x")} {
		os.MkdirAll(name[:strings.LastIndexByte(name, '/')], 0o755)
		if err := os.WriteFile(name, []byte("secret"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link x": outside, "link to x": outside + "/secret x", "loop x": "."} {
		if err := os.Symlink(to, s.file(name)); err != nil {
			t.Fatal(err)
		}
	}
	s.wantFound("", "x", "x")
	if recent, complete, err := s.handler.Recent(t.Context(), ann); err != nil || !complete || len(recent) != 1 || recent[0].Path != "x" {
		t.Errorf("recent: %+v, %v, %v", recent, complete, err)
	}
	if _, err := s.handler.Find(t.Context(), ann, "link x", "secret", nil); !errors.Is(err, dav.ErrNoParent) {
		t.Errorf("in a link: %v", err)
	}
	if sizes, err := s.handler.SizeOf(t.Context(), ann, ""); err != nil || sizes.Bytes != 18 || sizes.Files != 3 || sizes.Folders != 1 {
		t.Errorf("sizes: %+v, %v", sizes, err)
	}
}

// A search has an end: of what it finds, of what it looks at, and when nobody waits for it any more. Then it says that it is not complete.
func TestFindIsBounded(t *testing.T) {
	s := newServer(t)
	for i := range 30 {
		for j := range 20 {
			s.write(fmt.Sprintf("d%d/f%d", i, j), "x")
		}
	}
	if got, end := s.find("", "f"); len(got) != dav.MaxFound || end.Complete {
		t.Errorf("%d found, %+v", len(got), end)
	}
	if got, end := s.find("", "f1"); len(got) != 30*11 || !end.Complete || end.Seen != 630 {
		t.Errorf("%d found, %+v", len(got), end)
	}
	broken := errors.New("broken")
	calls := 0
	if _, err := s.handler.Find(t.Context(), ann, "", "f", func(dav.Found) error { calls++; return broken }); !errors.Is(err, broken) || calls != 1 {
		t.Errorf("a client that left: %v after %d", err, calls)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.handler.Find(ctx, ann, "", "nothing", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that left: %v", err)
	}

	s.handler.BoundWalks(100)
	if got, end := s.find("", "f"); len(got) > 100 || end.Complete {
		t.Errorf("bounded: %d found, %+v", len(got), end)
	}
	if recent, complete, err := s.handler.Recent(t.Context(), ann); err != nil || complete || len(recent) > 100 {
		t.Errorf("bounded: %d recent, %v, %v", len(recent), complete, err)
	}
	if sizes, err := s.handler.SizeOf(t.Context(), ann, ""); err != nil || sizes.Complete || sizes.Files+sizes.Folders > 100 {
		t.Errorf("bounded: %+v, %v", sizes, err)
	}
}

// What was added or changed last comes first, also an old photo that was uploaded now; no more than a hundred files are told.
func TestRecent(t *testing.T) {
	s := newServer(t)
	for i := range dav.MaxRecent + 20 {
		s.write(fmt.Sprintf("d/%03d", i), "x")
	}
	s.write("._x", "x")
	s.want(201, "PUT", "/photo.jpg", "photo", "X-OC-Mtime: 1000000000")
	s.eventually("the clock of the disk moves on", func() bool { // many writes lie in one tick of it
		s.want(204, "PUT", "/photo.jpg", "photo", "X-OC-Mtime: 1000000000")
		recent, complete, err := s.handler.Recent(t.Context(), ann)
		if err != nil || !complete || len(recent) != dav.MaxRecent {
			t.Fatal(len(recent), complete, err)
		}
		return recent[0].Path == "photo.jpg" && recent[0].Changed.After(recent[1].Changed) && recent[0].Modified.Equal(time.Unix(1_000_000_000, 0))
	})
	recent, _, err := s.handler.Recent(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range recent[1:] {
		if f.Changed.After(recent[i].Changed) {
			t.Errorf("%s is newer than %s before it", f.Path, recent[i].Path)
		}
		if strings.HasPrefix(f.Path, "._") {
			t.Errorf("%s is hidden", f.Path)
		}
	}
}

// A move, another name and a restoration make no file recent; what was written or copied is.
func TestRecentIsOfContents(t *testing.T) {
	s := newServer(t)
	if !dav.KnowsBirth(t, s.data) {
		t.Skip("the file system does not know when a file came to be")
	}
	at := func(path string) time.Time {
		t.Helper()
		recent, _, err := s.handler.Recent(t.Context(), ann)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range recent {
			if f.Path == path {
				return f.Changed
			}
		}
		t.Fatalf("%s is not among them", path)
		return time.Time{}
	}
	s.want(201, "PUT", "/a.jpg", "photo", "X-OC-Mtime: 1000000000")
	s.want(201, "MKCOL", "/d", "")
	added := at("a.jpg")
	if added.Before(time.Now().Add(-time.Hour)) {
		t.Errorf("added at %v", added)
	}
	s.eventually("the clock of the disk moves on", func() bool {
		s.write("later", "x")
		return at("later").After(added)
	})
	s.want(201, "MOVE", "/a.jpg", "", "Destination: /dav/d/b.jpg")
	if got := at("d/b.jpg"); !got.Equal(added) {
		t.Errorf("moved: %v, want %v", got, added)
	}
	s.restore(s.remove("d/b.jpg"), "d/b.jpg")
	if got := at("d/b.jpg"); !got.Equal(added) {
		t.Errorf("restored: %v, want %v", got, added)
	}
	s.want(201, "COPY", "/d/b.jpg", "", "Destination: /dav/copy.jpg")
	if got := at("copy.jpg"); !got.After(added) {
		t.Errorf("copied: %v, not after %v", got, added)
	}
	if err := os.WriteFile(s.file("d/b.jpg"), []byte("changed from outside"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := at("d/b.jpg"); !got.After(added) {
		t.Errorf("written: %v, not after %v", got, added)
	}
	ahead := time.Now().Add(24 * time.Hour)
	if err := os.Chtimes(s.file("copy.jpg"), ahead, ahead); err != nil {
		t.Fatal(err)
	}
	if got := at("copy.jpg"); got.After(time.Now().Add(time.Hour)) {
		t.Errorf("a time in the future counts: %v", got)
	}
}

func TestSizeOf(t *testing.T) {
	s := newServer(t)
	s.write("a/b/f", "12345")
	s.write("a/g", "123")
	s.write("h", "1")
	for in, want := range map[string]dav.Sizes{"": {9, 3, 2, true}, "a": {8, 2, 1, true}, "a/b": {5, 1, 0, true}} {
		if got, err := s.handler.SizeOf(t.Context(), ann, in); err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", in, got, err, want)
		}
	}
	if _, err := s.handler.SizeOf(t.Context(), ann, "h"); !errors.Is(err, dav.ErrNoParent) {
		t.Errorf("of a file: %v", err)
	}
}
