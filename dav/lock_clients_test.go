package dav_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// J2: a LOCK on nothing makes an empty file, which goes with the lock unless it was written.
func TestJ2PlaceholderGoesWithItsLock(t *testing.T) {
	s := newServer(t)
	token := s.lock(201, "/new")
	s.wantContent("new", "")
	s.want(204, "UNLOCK", "/new", "", "Lock-Token: <"+token+">")
	s.wantContent("new", "-")

	for _, look := range []func(){ // whoever comes next, it is gone
		func() { s.want(404, "GET", "/new", "") },
		func() { s.want(404, "HEAD", "/new", "") },
		func() { s.want(404, "PROPFIND", "/new", "", "Depth: 0") },
		func() {
			if a := s.want(207, "PROPFIND", "/", "", "Depth: 1"); strings.Contains(a.body, "new") {
				t.Error("an expired placeholder is listed")
			}
		},
		func() { s.restart(); s.want(404, "GET", "/new", "") },
	} {
		s.lock(201, "/new", "Timeout: Second-60")
		s.now.Add(61)
		look()
		s.wantContent("new", "-")
	}

	for how, write := range map[string]func(string){
		"PUT":          func(token string) { s.want(204, "PUT", "/new", "x", "If: (<"+token+">)") },
		"an empty PUT": func(token string) { s.want(204, "PUT", "/new", "", "If: (<"+token+">)") },
		"from outside": func(string) { s.write("new", "x") },
		"another's MOVE": func(token string) {
			s.write("other", "x")
			s.want(204, "MOVE", "/other", "", "Destination: /dav/new", "If: </dav/new> (<"+token+">)")
		},
	} {
		token := s.lock(201, "/new")
		write(token)
		if a := s.do("UNLOCK", "/new", "", "Lock-Token: <"+token+">"); a.status != 204 {
			t.Errorf("UNLOCK after %s: %d", how, a.status)
		}
		if s.content("new") == "-" {
			t.Errorf("%s: the file went with the lock", how)
		}
		os.Remove(s.file("new"))
	}
	// A PUT that fails leaves no empty file behind.
	token = s.lock(201, "/new")
	s.raw(fmt.Sprintf("PUT /dav/new HTTP/1.1\r\nHost: %s\r\nIf: (<%s>)\r\nContent-Length: 10\r\n\r\nxx", s.Listener.Addr(), token))
	s.want(204, "UNLOCK", "/new", "", "Lock-Token: <"+token+">")
	s.wantContent("new", "-")
	s.wantKept("placeholders", "")
}

// J3, J4: MOVE and DELETE with the token go through, and end the lock.
func TestJ3J4LocksEndWithMoveAndDelete(t *testing.T) {
	s := newServer(t)
	s.write("a", "x")
	token := s.lock(200, "/a")
	s.want(201, "MOVE", "/a", "", "Destination: /dav/b", "If: <BASE/dav/a> (<"+token+">)")
	s.want(204, "PUT", "/b", "y")
	s.want(201, "PUT", "/a", "y")

	token = s.lock(200, "/a")
	s.want(204, "DELETE", "/a", "", "If: (<"+token+">)")
	s.want(201, "PUT", "/a", "y")

	s.write("d/f", "x")
	token = s.lock(200, "/d/f")
	s.want(204, "DELETE", "/d", "", "If: </dav/d/f> (<"+token+">)")
	s.write("d/f", "x")
	s.want(204, "PUT", "/d/f", "y")
	var rows int
	if err := s.db.QueryRow("SELECT count(*) FROM locks").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d locks are left (%v)", rows, err)
	}
}

// J6: Word's way to save. At each step the content is under one of the names, and an unchanged file keeps its ETag.
func TestJ6OfficeSave(t *testing.T) {
	s := newServer(t)
	s.want(201, "PUT", "/doc.docx", "old")
	tag := s.want(200, "HEAD", "/doc.docx", "").head.Get("ETag")
	token := s.lock(200, "/doc.docx")
	s.want(304, "GET", "/doc.docx", "", "If-None-Match: "+tag)
	s.want(201, "PUT", "/~WRD0001.tmp", "new")
	s.wantContent("doc.docx", "old")
	s.want(201, "MOVE", "/doc.docx", "", "Destination: BASE/dav/~WRL0002.tmp", "If: <BASE/dav/doc.docx> (<"+token+">)", "Overwrite: F")
	s.wantContent("~WRL0002.tmp", "old")
	s.want(201, "MOVE", "/~WRD0001.tmp", "", "Destination: BASE/dav/doc.docx", "Overwrite: F")
	s.wantContent("doc.docx", "new")
	s.want(204, "DELETE", "/~WRL0002.tmp", "")
	s.want(409, "UNLOCK", "/doc.docx", "", "Lock-Token: <"+token+">") // the lock went with what it locked
	s.want(204, "PUT", "/doc.docx", "newer")
	s.wantTree("a save", "doc.docx=newer")

	// And in place: LOCK, PUT over it, UNLOCK.
	token = s.lock(200, "/doc.docx")
	s.want(204, "PUT", "/doc.docx", "newest", "If: (<"+token+">)")
	s.want(204, "UNLOCK", "/doc.docx", "", "Lock-Token: <"+token+">")
}

// J9: two locks at once, as Finder takes them.
func TestJ9TwoLocks(t *testing.T) {
	s := newServer(t)
	f, under := s.lock(201, "/f"), s.lock(201, "/._f")
	s.want(204, "UNLOCK", "/._f", "", "Lock-Token: <"+under+">")
	s.want(204, "PUT", "/f", "x", "If: (<"+f+">)")
	s.want(204, "UNLOCK", "/f", "", "Lock-Token: <"+f+">")
	s.wantTree("Finder", "f=x")
}

// J8: the files that Finder makes beside the others are files.
func TestJ8FinderFiles(t *testing.T) {
	s := newServer(t)
	s.want(201, "MKCOL", "/d", "")
	for _, name := range []string{"/d/.DS_Store", "/d/._f", "/d/f"} {
		s.want(201, "PUT", name, "x")
	}
	s.want(201, "COPY", "/d", "", "Destination: /dav/e")
	s.wantTree("Finder", "d/ d/.DS_Store=x d/._f=x d/f=x e/ e/.DS_Store=x e/._f=x e/f=x")
}
