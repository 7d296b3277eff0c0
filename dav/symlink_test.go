package dav_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// E1, E2, E3: symbolic links in a drive are refused, all of them. They are listed as absent and never followed, not even to what lies in the drive; DELETE
// removes the link only.
func TestE1E3Symlinks(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"to a folder outside": outside, "to a file outside": filepath.Join(outside, "secret"), "to a folder inside": "real", "to a file inside": "real/f",
		"dangling, outside": filepath.Join(outside, "new"), "dangling, inside": "new", "to itself": "l", "up and back": "../ann/real", "to another drive": "../bob",
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.write("real/f", "real")
			s.write("../bob/f", "bob's")
			s.write("src", "src")
			if err := os.Symlink(target, s.file("l")); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{"/l", "/l/", "/l/f", "/l/secret", "/l/."} {
				for _, method := range []string{"GET", "HEAD", "PROPFIND", "PROPPATCH", "PUT", "MKCOL", "LOCK", "MOVE", "COPY"} {
					a := s.do(method, path, map[string]string{"PUT": "x", "LOCK": lockBody, "PROPPATCH": patchBody}[method], "Depth: 0", "Destination: /dav/copy")
					if a.status < 400 || a.status >= 500 || strings.Contains(a.body, "secret") {
						t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
					}
					if want := map[string]int{"PUT": 403, "LOCK": 403, "MKCOL": 405}[method]; path == "/l" && a.status != cmp.Or(want, 404) {
						t.Errorf("%s %s: %d, want %d", method, path, a.status, cmp.Or(want, 404))
					}
				}
				for _, method := range []string{"COPY", "MOVE"} {
					if a := s.do(method, "/src", "", "Destination: /dav"+path); a.status < 400 || a.status >= 500 {
						t.Errorf("%s to %s: %d", method, path, a.status)
					}
				}
			}
			if a := s.want(207, "PROPFIND", "/", "", "Depth: 1"); strings.Contains(a.body, "<D:href>/dav/l") {
				t.Errorf("the link is listed: %s", a.body)
			}
			s.want(404, "DELETE", "/l/f", "")
			s.want(404, "DELETE", "/l/secret", "")

			// COPY of the folder around it leaves it out; MOVE takes it along, as a link.
			s.want(201, "MKCOL", "/d", "")
			if err := os.Rename(s.file("l"), s.file("d/l")); err != nil {
				t.Fatal(err)
			}
			s.want(201, "COPY", "/d", "", "Destination: /dav/e")
			if _, err := os.Lstat(s.file("e/l")); err == nil {
				t.Error("COPY made a link, or what it points to")
			}
			s.want(201, "MOVE", "/d", "", "Destination: /dav/m")
			s.want(204, "DELETE", "/m/l", "")
			if _, err := os.Lstat(s.file("m/l")); err == nil {
				t.Error("DELETE left the link")
			}
			s.wantContent("real/f", "real")
			s.wantContent("src", "src")
			s.wantContent("../bob/f", "bob's")
			if b, err := os.ReadFile(filepath.Join(outside, "secret")); err != nil || string(b) != "secret" {
				t.Errorf("outside was reached: %q %v", b, err)
			}
			if e, _ := os.ReadDir(outside); len(e) != 1 {
				t.Errorf("something was made outside: %v", e)
			}
			s.wantContent("new", "-")
		})
	}
}

// E3: a drive's own folder is no link either.
func TestE3ALinkForADrive(t *testing.T) {
	s := newServer(t)
	if err := os.MkdirAll(s.data+"/drive/bob", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("bob", s.data+"/drive/ann"); err != nil {
		t.Fatal(err)
	}
	s.want(500, "PROPFIND", "/", "", "Depth: 0")
}
