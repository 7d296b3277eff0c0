package dav_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// raw sends a request exactly as written, head and body, and answers the status and the rest.
func (s *server) raw(request string) answer {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		s.t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		s.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return answer{body: err.Error()}
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(b)}
}

// E4, E6: the path is decoded once, part by part, and refused if a part could mean another place.
func TestE4E6PathsThatAreRefused(t *testing.T) {
	s := newServer(t)
	s.write("x", "mine")
	if err := os.MkdirAll(s.data+"/drive/bob", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.data+"/drive/bob/x", []byte("bob's"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/dav/..", "/dav/../bob/x", "/dav/%2e%2e/bob/x", "/dav/..%2fbob/x", "/dav/%2e%2e%2fbob%2fx", "/dav/..%5cbob%5cx", "/dav/.%2e/bob/x",
		"/dav/a%2f..%2f..%2fbob/x", "/dav%2fbob/x", "/dav/./x", "/dav/%2e/x", "/dav/.", "/dav//x", "/dav//", "/dav/d//", "/dav/d/.", "/dav/x%00", "/dav/x%00.txt", "/dav/a%0ab", "/dav/%ff", "/dav/%c0%ae%c0%ae/bob/x",
		"/dav/a%5cb", "/dav/" + strings.Repeat("a", 256), "/davx/x", "/da", "/", "/dav/%252e%252e/bob/x", "/dav/..;/bob/x",
	} {
		for _, method := range []string{"GET", "PUT", "DELETE", "PROPFIND", "MKCOL", "LOCK"} {
			a := s.raw(fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nDepth: 0\r\nConnection: close\r\n\r\n", method, path, s.Listener.Addr()))
			if a.status < 400 || a.status >= 500 {
				t.Errorf("%s %s: %d, want 4xx", method, path, a.status)
			}
		}
		a := s.do("COPY", "/x", "", "Destination: "+path)
		if a.status < 400 || a.status >= 600 || a.status == 500 {
			t.Errorf("COPY to %s: %d, want 4xx or 502", path, a.status)
		}
		a = s.do("PUT", "/new", "content", "If: <"+path+`> (Not <DAV:no-lock> ["x"])`)
		if a.status < 400 || a.status >= 500 {
			t.Errorf("PUT If: <%s>: %d, want 4xx", path, a.status)
		}
	}
	if b, err := os.ReadFile(s.data + "/drive/bob/x"); err != nil || string(b) != "bob's" {
		t.Errorf("another drive was reached: %q, %v", b, err)
	}
	s.wantContent("x", "mine")
	if entries, _ := os.ReadDir(s.file("")); len(entries) != 1 {
		t.Errorf("something was written: %v", entries)
	}
}

func TestPathsThatAreNames(t *testing.T) {
	s := newServer(t)
	for escaped, name := range map[string]string{"/%2e%2e%2e": "...", "/a%20b": "a b", "/%252e%252e": "%2e%2e", "/a+b": "a+b", "/%61": "a", "/a%23b%3fc": "a#b?c", "/..a": "..a", "/~": "~"} {
		s.want(201, "PUT", escaped, "x")
		s.wantContent(name, "x")
		s.want(204, "DELETE", escaped, "")
		s.wantContent(name, "-")
	}
}

// E4: a question mark that a client did not escape ends the name early, and what it means to change is another file. To ask is another matter: caches are kept off with a
// query.
func TestE4AQuestionMarkEndsNoName(t *testing.T) {
	s := newServer(t)
	for _, bare := range []string{"?", "?.txt", "?a=b"} {
		os.RemoveAll(s.file(""))
		s.write("Why", "another file")
		s.write("d/f", "in a folder")
		s.write("g", "g")
		for _, c := range []struct {
			method, path, to string
		}{
			{"PUT", "/Why" + bare, ""}, {"DELETE", "/Why" + bare, ""}, {"DELETE", "/d" + bare, ""}, {"MKCOL", "/new" + bare, ""},
			{"MOVE", "/Why" + bare, "/dav/h"}, {"COPY", "/Why" + bare, "/dav/h"}, {"MOVE", "/g", "/dav/Why" + bare}, {"COPY", "/g", "BASE/dav/Why" + bare},
		} {
			a := s.want(400, c.method, c.path, map[string]string{"PUT": "new"}[c.method], "Destination: "+c.to)
			s.wantSentence(c.method+" "+c.path, a, "question mark", "%3F")
		}
		s.wantContent("Why", "another file")
		s.wantContent("d/f", "in a folder")
		s.wantContent("g", "g")
		for _, name := range []string{"new", "h"} {
			if _, err := os.Lstat(s.file(name)); err == nil {
				t.Errorf("with %q there is a %s", bare, name)
			}
		}
		if a := s.want(200, "GET", "/Why"+bare, ""); a.body != "another file" {
			t.Errorf("GET with %q: %s", bare, a.body)
		}
		s.want(207, "PROPFIND", "/Why"+bare, "", "Depth: 0")
	}
	s.want(201, "PUT", "/Why%3F", "this file")
	s.want(201, "COPY", "/Why%3F", "", "Destination: /dav/Why%3F.txt")
	s.wantContent("Why?", "this file")
	s.wantContent("Why?.txt", "this file")
}

// E5, J12: a Destination is on this server, below this door, and nowhere else.
func TestE5J12Destination(t *testing.T) {
	s := newServer(t)
	host := s.Listener.Addr().String()
	for _, test := range []struct {
		destination string
		status      int
	}{
		{"BASE/dav/to", 201},
		{"/dav/to", 201},
		{"https://" + host + "/dav/to", 201}, // behind a proxy that ends TLS
		{"http://" + strings.ToUpper(host) + "/dav/to", 201},
		{"https://drive.example/dav/to", 201}, // the configured URL
		{"https://DRIVE.example:443/dav/to", 201},
		{"http://drive.example:80/dav/to", 201},
		{"https://drive.example:8443/dav/to", 502},
		{"http://evil/dav/to", 502},
		{"//evil/dav/to", 502},
		{"ftp://" + host + "/dav/to", 502},
		{"http://evil.drive.example/dav/to", 502},
		{"BASE/to", 502},
		{"/to", 502},
		{"/", 502},
		{"BASE", 400},
		{"/da", 502},
		{"/davto", 502},
		{"/files/to", 502},                             // the other door
		{"http://ann:secret@" + host + "/dav/to", 201}, // KDE sends the address as it was typed
		{"http://" + host + "@evil/dav/to", 502},
		{"http://ann:" + host + "@evil/dav/to", 502},
		{"http://" + host + "/dav/to?x=1", 400},
		{"http://" + host + "/dav/to#x", 400},
		{"to", 400},
		{"http:/dav/to", 502},
		{"mailto:x", 400},
		{"http://" + host + "/dav/%zz", 400},
		{"/dav/../to", 400},
		{"/dav/%2e%2e/to", 400},
		{"/dav/a%2fto", 400},
		{"/dav/none/to", 409},
		{"/dav", 403},
		{"/dav/", 403},
	} {
		for _, method := range []string{"COPY", "MOVE"} {
			os.RemoveAll(s.file(""))
			s.write("from", "x")
			s.want(test.status, method, "/from", "", "Destination: "+test.destination)
			want := "-"
			if test.status == 201 {
				want = "x"
			}
			s.wantContent("to", want)
			if test.status != 201 || method == "COPY" {
				s.wantContent("from", "x")
			}
		}
	}
	s.want(400, "COPY", "/from", "")
	s.want(400, "COPY", "/from", "", "Destination: /dav/a", "Destination: /dav/b")
}

// E7: both normal forms of a name are one file, and its bytes on the disk stay.
func TestE7NormalForms(t *testing.T) {
	const nfc, nfd = "caf\u00e9.txt", "cafe\u0301.txt"
	const nfcURL, nfdURL = "/caf%C3%A9.txt", "/cafe%CC%81.txt"
	for _, form := range []struct{ disk, other, diskURL, otherURL string }{{nfc, nfd, nfcURL, nfdURL}, {nfd, nfc, nfdURL, nfcURL}} {
		s := newServer(t)
		s.want(201, "PUT", form.diskURL, "one")
		if a := s.want(200, "GET", form.otherURL, ""); a.body != "one" {
			t.Errorf("GET in the other form: %q", a.body)
		}
		s.want(204, "PUT", form.otherURL, "two")
		s.wantContent(form.disk, "two")
		s.wantContent(form.other, "-")
		s.want(412, "PUT", form.otherURL, "three", "If-None-Match: *")
		if a := s.want(207, "PROPFIND", "/", "", "Depth: 1"); strings.Count(a.body, "<D:response>") != 2 {
			t.Errorf("twins are listed: %s", a.body)
		}
		s.want(403, "MOVE", form.diskURL, "", "Destination: /dav"+form.otherURL)
		s.want(201, "MOVE", form.otherURL, "", "Destination: /dav/b")
		s.wantContent("b", "two")
		// Folders on the way, too.
		s.want(201, "MKCOL", "/d"+form.diskURL[1:], "")
		s.want(201, "PUT", "/d"+form.otherURL[1:]+"/f", "x")
		s.wantContent("d"+form.disk+"/f", "x")
	}
}

// E8: a name is stored, and listed as well-formed XML, or refused.
func TestE8HostileNames(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{
		`"`, `<img src=x onerror=alert(1)>`, "]]>", "&amp;", "a&b", "'", "\u202egpj.exe", "CON", "aux.txt", "nul", "dot.", "space ", " ", "-rf", "a;b", "%41", "%", "#", "?", "*", ":", "|", "~$x",
		strings.Repeat("a", 255), strings.Repeat("\u00e9", 127), "\U0001F600", ".hidden", ".DS_Store", "._x", "...", "\u00a0", "\ufeff", "\ufffd",
	} {
		escaped := "/" + percent(name)
		s.want(201, "PUT", escaped, name)
		s.wantContent(name, name)
		if a := s.want(200, "GET", escaped, ""); a.body != name {
			t.Errorf("GET %q: %q", name, a.body)
		}
	}
	for _, name := range []string{"a\nb", "a\x00", "\x7f", "\t", "\u0085", "\xff", "a\\b", "\ufffe", "\uffff", strings.Repeat("a", 256), strings.Repeat("\u00e9", 128)} {
		if a := s.do("PUT", "/"+percent(name), "x"); a.status != 400 {
			t.Errorf("PUT %q: %d, want 400", name, a.status)
		}
		if len(name) < 256 && !strings.ContainsRune(name, 0) { // from outside it can still come: it is left out, and the rest is whole
			s.write(name, "x")
		}
	}
	if a := s.do("PUT", strings.Repeat("/d", 4096), "x"); a.status != 414 {
		t.Errorf("PUT 4096 deep: %d, want 414", a.status)
	}
	a := s.want(207, "PROPFIND", "/", "", "Depth: 1")
	names := listed(t, a.body)
	if len(names) != 34 {
		t.Errorf("%d entries are listed, want 33 and the folder", len(names))
	}
	for _, href := range names {
		name := strings.TrimPrefix(href, "/dav/")
		if name != "" {
			s.want(200, "HEAD", "/"+name, "")
		}
	}
}

// E10: nothing of ours can be named from within a drive.
func TestE10InternalFiles(t *testing.T) {
	s := newServer(t)
	s.write("x", "x")
	for _, name := range []string{"thorpe.db", "incoming", "kept", "drive", "sealed", "../thorpe.db", "..%2fthorpe.db"} {
		for _, method := range []string{"GET", "PROPFIND", "DELETE"} {
			if a := s.do(method, "/"+name, "", "Depth: 0"); a.status != 404 && a.status != 400 {
				t.Errorf("%s /%s: %d", method, name, a.status)
			}
		}
	}
	s.want(400, "COPY", "/x", "", "Destination: /dav/../../thorpe.db")
	s.want(400, "MOVE", "/x", "", "Destination: /dav/..%2f..%2fincoming%2fx")
}

func percent(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		fmt.Fprintf(&b, "%%%02X", name[i])
	}
	return b.String()
}
