package dav_test

import (
	"encoding/xml"
	"strings"
	"testing"
)

// RFC 4918, 9.10.3: what stands against locking a folder with all in it is named in a 207, and nothing is locked.
func TestALockThatAMemberPreventsNamesIt(t *testing.T) {
	s := newServer(t)
	s.write("d/a & b", "x")
	s.write("e", "x")
	token := s.lock(200, "/d/a%20%26%20b")
	for path, root := range map[string]string{"/d": "/dav/d/", "/d/": "/dav/d/", "/": "/dav/"} {
		a := s.want(207, "LOCK", path, lockBody)
		var answer struct {
			XMLName   xml.Name `xml:"DAV: multistatus"`
			Responses []struct {
				Href   string `xml:"DAV: href"`
				Status string `xml:"DAV: status"`
				Error  struct {
					Conflicting []string `xml:"DAV: no-conflicting-lock>href"`
				} `xml:"DAV: error"`
			} `xml:"DAV: response"`
		}
		if err := xml.Unmarshal([]byte(a.body), &answer); err != nil {
			t.Fatalf("LOCK %s: %v\n%s", path, err, a.body)
		}
		got := answer.Responses
		if len(got) != 2 || got[0].Href != "/dav/d/a%20%26%20b" || got[0].Status != "HTTP/1.1 423 Locked" || len(got[0].Error.Conflicting) != 1 || got[0].Error.Conflicting[0] != got[0].Href ||
			got[1].Href != root || got[1].Status != "HTTP/1.1 424 Failed Dependency" {
			t.Errorf("LOCK %s: %s", path, a.body)
		}
		if a.head.Get("Lock-Token") != "" || strings.Contains(a.body, token) {
			t.Errorf("LOCK %s hands out a token: %v %s", path, a.head, a.body)
		}
	}
	s.want(204, "PUT", "/e", "y")
	s.want(201, "PUT", "/d/new", "y")
}

// RFC 9110, 13.1: a precondition that fails holds for locks too, and leaves them as they are.
func TestI7PreconditionsOfLocks(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	token := s.lock(200, "/f", "Timeout: Second-100")
	for _, head := range []string{`If-Match: "bad"`, "If-None-Match: *", "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT"} {
		s.want(412, "LOCK", "/f", lockBody, head)
		s.want(412, "LOCK", "/f", "", "If: (<"+token+">)", "Timeout: Second-1", head)
		s.want(412, "UNLOCK", "/f", "", "Lock-Token: <"+token+">", head)
	}
	s.now.Add(99)
	s.want(423, "PUT", "/f", "y")
	s.want(204, "UNLOCK", "/f", "", "Lock-Token: <"+token+">", "If-Match: *")
}
