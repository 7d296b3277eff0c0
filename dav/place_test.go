package dav_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/dav"
)

// upload puts a finished upload beside the drive, as the tus server does.
func (s *server) upload(name, content string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Join(s.data, "incoming", "up"), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.data, "incoming", "up", name), []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func TestPlace(t *testing.T) {
	s := newServer(t)
	root, err := os.OpenRoot(s.data)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	s.write("d/old", "old")
	s.write("locked", "x")
	s.lock(200, "/locked")
	s.lock(200, "/d", "Depth: 0") // its members can be written, none added
	if err := os.Symlink("d/old", s.file("link")); err != nil {
		t.Fatal(err)
	}
	s.want(207, "PROPPATCH", "/", patchBody)
	tag := s.do("HEAD", "/d/old", "").head.Get("ETag")
	for _, test := range []struct {
		name string
		cond dav.Condition
		want error
	}{
		{"new", dav.Condition{}, nil},
		{"/slash", dav.Condition{}, nil},
		{"a b&c", dav.Condition{}, nil},
		{"new", dav.Condition{IfNoneMatch: "*"}, dav.ErrPrecondition},
		{"new", dav.Condition{IfMatch: `"x"`}, dav.ErrPrecondition},
		{"none", dav.Condition{IfMatch: "*"}, dav.ErrPrecondition},
		{"d/old", dav.Condition{IfNoneMatch: tag}, dav.ErrPrecondition},
		{"d/old", dav.Condition{IfMatch: tag}, nil},
		{"none/new", dav.Condition{}, dav.ErrNoParent},
		{"new/new", dav.Condition{}, dav.ErrNoParent},
		{"locked", dav.Condition{}, dav.ErrLocked},
		{"d/new", dav.Condition{}, dav.ErrLocked},
		{"d", dav.Condition{}, dav.ErrIsCollection},
		{"", dav.Condition{}, dav.ErrInvalidName},
		{"/", dav.Condition{}, dav.ErrInvalidName},
		{"..", dav.Condition{}, dav.ErrInvalidName},
		{"d/../x", dav.Condition{}, dav.ErrInvalidName},
		{"d//x", dav.Condition{}, dav.ErrInvalidName},
		{"d/", dav.Condition{}, dav.ErrInvalidName},
		{"a\\b", dav.Condition{}, dav.ErrInvalidName},
		{"a\x00", dav.Condition{}, dav.ErrInvalidName},
		{"link", dav.Condition{}, dav.ErrInvalidName},
		{"link/x", dav.Condition{}, dav.ErrNoParent},
	} {
		s.upload("u", "content of "+test.name)
		before := s.tree()
		modified := time.Unix(1000000000, 5)
		got, err := s.handler.Place(t.Context(), ann, test.name, root, "incoming/up/u", test.cond, modified)
		if !errors.Is(err, test.want) {
			t.Errorf("Place(%q, %v): %v, want %v", test.name, test.cond, err, test.want)
		}
		left := true
		if _, err := os.Stat(filepath.Join(s.data, "incoming/up/u")); err != nil {
			left = false
		}
		if left != (test.want != nil) {
			t.Errorf("Place(%q): the upload is left: %v", test.name, left)
		}
		if test.want != nil {
			s.wantTree("Place "+test.name, before)
			continue
		}
		s.wantContent(test.name, "content of "+test.name)
		if a := s.want(200, "HEAD", (&url.URL{Path: "/" + strings.TrimPrefix(test.name, "/")}).EscapedPath(), ""); a.head.Get("ETag") != got {
			t.Errorf("Place(%q): ETag %s, then %s", test.name, got, a.head.Get("ETag"))
		}
		if info, err := os.Stat(s.file(test.name)); err != nil || !info.ModTime().Equal(modified) {
			t.Errorf("Place(%q): %v, %v", test.name, info, err)
		}
	}
	s.writeKept()
	var door, path string
	if err := s.db.QueryRow("SELECT door, path FROM kept").Scan(&door, &path); err != nil || door != "/api" || path != "d/old" {
		t.Errorf("kept: %q through %q, %v", path, door, err)
	}
	for _, file := range []string{"incoming/none", "incoming/up", "none/u"} {
		if _, err := s.handler.Place(t.Context(), ann, "x", root, file, dav.Condition{}, time.Time{}); err == nil {
			t.Errorf("Place of %s went through", file)
		}
	}
	if _, err := s.handler.Place(t.Context(), dav.Drive{Name: "../ann"}, "x", root, "incoming/up/u", dav.Condition{}, time.Time{}); err == nil {
		t.Error("Place on a drive called ../ann went through")
	}
}

// An upload lies with a mode of its own beside the drive. In the drive it has the mode that a PUT would have left there.
func TestPlaceSetsTheMode(t *testing.T) {
	s := newServer(t)
	root, err := os.OpenRoot(s.data)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	mode := func(name string) os.FileMode {
		info, err := os.Stat(s.file(name))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	place := func(name string) {
		s.upload("u", "new")
		if err := os.Chmod(filepath.Join(s.data, "incoming/up/u"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.handler.Place(t.Context(), ann, name, root, "incoming/up/u", dav.Condition{}, time.Time{}); err != nil {
			t.Fatal(err)
		}
		s.wantContent(name, "new")
	}
	s.want(201, "PUT", "/put", "x")
	place("new")
	if got, want := mode("new"), mode("put"); got != want {
		t.Errorf("a new file: %v, want %v as with PUT", got, want)
	}
	for _, want := range []os.FileMode{0o644, 0o755, 0o640, 0o600} {
		s.write("old", "old")
		if err := os.Chmod(s.file("old"), want); err != nil {
			t.Fatal(err)
		}
		place("old")
		if got := mode("old"); got != want {
			t.Errorf("over a file of %v: %v", want, got)
		}
	}
	if left, err := filepath.Glob(filepath.Join(s.data, "incoming", "dav-*")); err != nil || len(left) != 0 {
		t.Errorf("left in incoming: %v, %v", left, err)
	}
}
