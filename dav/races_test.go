//go:build linux

package dav_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// E2: a folder that becomes a link to the outside, over and over, while it is read: nothing of the outside is ever shown or touched.
func TestE2FolderThatBecomesALink(t *testing.T) {
	s := newServer(t)
	outside := t.TempDir()
	for _, name := range []string{"secret", "f"} {
		if err := os.WriteFile(filepath.Join(outside, name), []byte("secret"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.write("d/f", "mine")
	if err := os.Symlink(outside, s.file("l")); err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				unix.Renameat2(unix.AT_FDCWD, s.file("d"), unix.AT_FDCWD, s.file("l"), unix.RENAME_EXCHANGE)
			}
		}
	}()
	for i := range 300 {
		for _, path := range []string{"/d", "/l"} {
			for _, a := range []answer{s.do("PROPFIND", path, "", "Depth: 1"), s.do("GET", path+"/f", ""), s.do("GET", path+"/secret", "")} {
				if strings.Contains(a.body, "secret") {
					t.Fatalf("the outside is shown: %s", a.body)
				}
			}
		}
		if i%10 == 0 {
			s.do("PUT", "/d/f", "mine")
			s.do("PROPPATCH", "/d/f", update(set("<D:getlastmodified>Thu, 02 Jan 2020 03:04:05 GMT</D:getlastmodified>")))
			s.do("COPY", "/d", "", "Destination: /dav/copy")
			if _, err := os.Stat(s.file("copy/secret")); err == nil {
				t.Fatal("the outside was copied")
			}
		}
	}
	close(stop)
	<-done
	for _, name := range []string{"secret", "f"} {
		b, err := os.ReadFile(filepath.Join(outside, name))
		if err != nil || string(b) != "secret" {
			t.Errorf("the outside was touched: %q %v", b, err)
		}
		if info, err := os.Stat(filepath.Join(outside, name)); err == nil && info.ModTime().Year() == 2020 {
			t.Error("the time of a file outside was set")
		}
	}
	if e, _ := os.ReadDir(outside); len(e) != 2 {
		t.Errorf("outside: %v", e)
	}
}

// I10: another file system mounted inside a drive can be read. Changes that would have to cross its border are refused, and lose nothing.
func TestI10AcrossDevices(t *testing.T) {
	s := newServer(t)
	s.write("f", "f")
	if err := os.Mkdir(s.file("m"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("thorpe-test", s.file("m"), "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("mounting needs root: %v", err)
	}
	defer unix.Unmount(s.file("m"), unix.MNT_DETACH)
	s.write("m/g", "g")
	s.write("m/d/h", "h")
	before := s.tree()
	for _, test := range [][]string{
		{"PUT", "/m/g", "new"}, {"PUT", "/m/new", "new"}, {"DELETE", "/m/g", ""}, {"DELETE", "/m/d", ""}, {"MOVE", "/f", "", "/m/f"}, {"MOVE", "/f", "", "/m/g"}, {"MOVE", "/m/g", "", "/g"}, {"MOVE", "/m/d", "", "/d"},
		{"MOVE", "/m/g", "", "/f"}, {"COPY", "/f", "", "/m/f"}, {"COPY", "/f", "", "/m/g"}, {"COPY", "/f", "", "/m/d"},
	} {
		head := []string{}
		if len(test) > 3 {
			head = append(head, "Destination: /dav"+test[3])
		}
		s.want(403, test[0], test[1], test[2], head...)
		s.wantTree(strings.Join(test, " "), before)
		s.wantKept(strings.Join(test, " "), "")
		s.noneIncoming()
	}
	s.want(200, "GET", "/m/g", "")
	s.want(201, "COPY", "/m/d", "", "Destination: /dav/d")
	s.wantContent("d/h", "h")
	s.want(201, "MOVE", "/m/g", "", "Destination: /dav/m/g2")
}

// I14: where the file system folds case, a change of case is a change of name.
func TestI14CaseOnlyRename(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("thorpe-test", dir, "tmpfs", 0, "size=8m,casefold"); err != nil {
		t.Skipf("no file system that folds case can be mounted: %v", err)
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	s := newServerAt(t, dir, 0)
	s.want(207, "PROPFIND", "/", "", "Depth: 0")
	if err := foldCase(s.file("")); err != nil {
		t.Skipf("this folder cannot be made to fold case: %v", err)
	}
	for _, overwrite := range []string{"T", "F"} {
		s.want(201, "PUT", "/test", "x")
		s.want(201, "MOVE", "/test", "", "Destination: /dav/Test", "Overwrite: "+overwrite)
		s.wantContent("test", "x")
		s.want(204, "DELETE", "/TEST", "")
	}
}

func foldCase(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	flags, err := unix.IoctlGetInt(int(f.Fd()), unix.FS_IOC_GETFLAGS)
	if err != nil {
		return err
	}
	return unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, flags|0x40000000) // FS_CASEFOLD_FL
}

// I14, elsewhere: two names of one file that differ in case only, as a file system that folds case shows them. No content is lost.
func TestI14TwoCasesOfOneFile(t *testing.T) {
	for _, overwrite := range []string{"T", "F"} {
		s := newServer(t)
		s.write("test", "x")
		if err := os.Link(s.file("test"), s.file("Test")); err != nil {
			t.Fatal(err)
		}
		s.want(201, "MOVE", "/test", "", "Destination: /dav/Test", "Overwrite: "+overwrite)
		s.wantContent("Test", "x")
		s.wantKept("a change of case", "")
		s.want(403, "COPY", "/Test", "", "Destination: /dav/test")
		if err := os.Link(s.file("Test"), s.file("other")); err != nil {
			t.Fatal(err)
		}
		s.want(403, "MOVE", "/Test", "", "Destination: /dav/other") // one file, two names: not the same name in another case
		s.wantContent("Test", "x")
	}
}
