package dav_test

import (
	"strings"
	"testing"
)

// RFC 9110, 14.2: Range is for GET alone.
func TestRangeIsForGetAlone(t *testing.T) {
	s := newServer(t)
	s.write("f", "12345")
	if a := s.want(200, "HEAD", "/f", "", "Range: bytes=1-2"); a.head.Get("Content-Length") != "5" {
		t.Errorf("HEAD with a range: %s bytes", a.head.Get("Content-Length"))
	}
	s.want(206, "GET", "/f", "", "Range: bytes=1-2")
}

// RFC 9110, 5.3: a list on several lines is one list.
func TestConditionsOnSeveralLines(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	tag := s.do("HEAD", "/f", "").head.Get("ETag")
	for _, method := range []string{"GET", "HEAD"} {
		s.want(200, method, "/f", "", `If-Match: "a"`, "If-Match: "+tag)
		s.want(412, method, "/f", "", `If-Match: "a"`, `If-Match: "b"`)
		s.want(304, method, "/f", "", `If-None-Match: "a"`, "If-None-Match: "+tag)
		s.want(200, method, "/f", "", `If-None-Match: "a"`, `If-None-Match: "b"`)
	}
	s.want(204, "PUT", "/f", "y", `If-Match: "a"`, "If-Match: "+tag)
}

// RFC 4918, 10.2: a Depth that is none, or two of them, is an error for every method.
func TestDepthIsReadOnce(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.write("d/f", "x")
	for _, depths := range [][]string{{"Depth: junk"}, {"Depth: 0", "Depth: infinity"}} {
		head := append(depths, "Destination: /dav/new")
		for _, method := range []string{"PROPFIND", "DELETE", "COPY", "MOVE", "LOCK"} {
			for _, path := range []string{"/f", "/d"} {
				s.want(400, method, path, map[string]string{"LOCK": lockBody}[method], head...)
			}
		}
	}
	s.wantContent("f", "x")
	s.wantContent("d/f", "x")
	s.wantContent("new", "-")
}

// J2: what a lock made, and nobody wrote to, does not outlive it when the folder around it moves.
func TestJ2PlaceholdersDoNotMoveAlong(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "x")
	token := s.lock(201, "/d/new")
	written := s.lock(201, "/d/written")
	s.want(204, "PUT", "/d/written", "", "If: (<"+written+">)")
	s.want(201, "MOVE", "/d", "", "Destination: /dav/e", "If: </dav/d/new> (<"+token+">) </dav/d/written> (<"+written+">)")
	s.wantContent("e/new", "-")
	s.wantContent("e/written", "")
	s.wantContent("e/f", "x")
}

// RFC 4918, 5.2: the root of a lock on a folder ends with a slash, wherever it is told.
func TestLockRootsOfFolders(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "x")
	a := s.want(200, "LOCK", "/d", lockBody)
	const root = "<D:lockroot><D:href>/dav/d/</D:href></D:lockroot>"
	if !strings.Contains(a.body, root) {
		t.Errorf("LOCK: %s", a.body)
	}
	for _, path := range []string{"/d", "/d/f"} {
		if a := s.want(207, "PROPFIND", path, "", "Depth: 0"); !strings.Contains(a.body, root) {
			t.Errorf("PROPFIND %s: %s", path, a.body)
		}
	}
}

// One PROPPATCH changes so many properties at most.
func TestProppatchIsBounded(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	body := func(n int) string {
		return `<propertyupdate xmlns="DAV:"><set><prop>` + strings.Repeat(`<a xmlns="u"/>`, n) + `</prop></set></propertyupdate>`
	}
	s.want(207, "PROPPATCH", "/f", body(256))
	s.want(413, "PROPPATCH", "/f", body(257))
}
