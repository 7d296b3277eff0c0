package dav_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// F1, F3: whatever a file holds, a browser runs none of it.
func TestF1F3ContentHeaders(t *testing.T) {
	s := newServer(t)
	for name, want := range map[string]struct{ kind, disposition string }{
		"x.html": {"text/html; charset=utf-8", "attachment"}, "x.svg": {"image/svg+xml", "attachment"}, "x.SVGZ": {"image/svg+xml", "attachment"},
		"x.xhtml": {"application/xhtml+xml", "attachment"}, "x.xml": {"application/xml", "attachment"}, "x.pdf": {"application/pdf", "attachment"},
		"x.js": {"text/javascript; charset=utf-8", "attachment"}, "x.css": {"text/css; charset=utf-8", "attachment"}, "x": {"application/octet-stream", "attachment"},
		"x.unknown": {"application/octet-stream", "attachment"}, "x.txt": {"text/plain; charset=utf-8", "inline"}, "x.jpg": {"image/jpeg", "inline"},
		"x.JPG": {"image/jpeg", "inline"}, "x.mp4": {"video/mp4", "inline"}, "x.mp3": {"audio/mpeg", "inline"}, "x.html.png": {"image/png", "inline"},
	} {
		s.want(201, "PUT", "/"+name, "<html><script>alert(1)</script>", "Content-Type: text/html")
		for _, door := range []string{"/dav/", "/files/"} {
			for _, method := range []string{"GET", "HEAD"} {
				r, _ := http.NewRequest(method, s.URL+door+name+"?inline=true", nil)
				res, err := s.Client().Do(r)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				for header, want := range map[string]string{"Content-Type": want.kind, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"} {
					if got := res.Header.Get(header); got != want {
						t.Errorf("%s %s%s: %s: %q, want %q", method, door, name, header, got, want)
					}
				}
				if got, _, _ := mime.ParseMediaType(res.Header.Get("Content-Disposition")); got != want.disposition {
					t.Errorf("%s %s%s is %q, want %q", method, door, name, got, want.disposition)
				}
			}
		}
	}
}

// F4: one header with one name in it, the same that the file has.
func TestF4Disposition(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{`a.sh";x=.txt`, "plain.zip", "caf\u00e9.zip", "a b.zip", "a;b.zip", "filename*=UTF-8''evil.exe", "100%.zip", "'.zip", "\u202egpj.exe", `"`} {
		s.want(201, "PUT", "/"+percent(name), "x")
		values := s.want(200, "GET", "/"+percent(name), "").head.Values("Content-Disposition")
		if len(values) != 1 {
			t.Fatalf("%q: %q", name, values)
		}
		_, params, err := mime.ParseMediaType(values[0])
		if err != nil || params["filename"] != name {
			t.Errorf("%q came back as %q (%v): %s", name, params["filename"], err, values[0])
		}
	}
}

// RFC 9110, 13 and 14, as far as it is ours: ETag, conditions, ranges.
func TestGetConditionsAndRanges(t *testing.T) {
	s := newServer(t)
	s.want(201, "PUT", "/f", "0123456789")
	get := s.want(200, "GET", "/f", "")
	tag, modified := get.head.Get("ETag"), get.head.Get("Last-Modified")
	for _, test := range []struct {
		status int
		head   string
		body   string
	}{
		{304, "If-None-Match: " + tag, ""},
		{200, `If-None-Match: "x"`, "0123456789"},
		{304, "If-Modified-Since: " + modified, ""},
		{412, `If-Match: "x"`, "*"},
		{200, "If-Match: " + tag, "0123456789"},
		{206, "Range: bytes=2-4", "234"},
		{206, "Range: bytes=-3", "789"},
		{206, "Range: bytes=8-99", "89"},
		{416, "Range: bytes=10-", "*"},
		{200, "Range: bytes=-0", "0123456789"},
		{200, "Range: bytes=x", "0123456789"},
		{200, "Range: bytes=3-2", "0123456789"},
		{200, "Range: bytes=0-1,99999999999999999999-", "0123456789"},
		{200, "Range: lines=1-2", "*"},
		{200, "Range: bytes=" + strings.Repeat("0-0,", 2000) + "0-0", "0123456789"}, // H7
		{200, "Range: bytes=" + strings.Repeat("0-,", 2000) + "0-", "0123456789"},   // H7
	} {
		a := s.want(test.status, "GET", "/f", "", test.head)
		if test.body != "*" && a.body != test.body {
			t.Errorf("%.40s: %q, want %q", test.head, a.body, test.body)
		}
	}
	// H7: a few parts are sent as parts; many, however small, are the whole.
	s.want(201, "PUT", "/long", strings.Repeat("x", 1000))
	for n, status := range map[int]int{2: 206, 32: 206, 33: 200, 300: 200} {
		s.want(status, "GET", "/long", "", "Range: bytes="+strings.TrimSuffix(strings.Repeat("0-0,", n), ","))
	}
	if a := s.do("GET", "/f", "", "Range: bytes=2-4", `If-Range: "x"`); a.status != 200 {
		t.Errorf("If-Range with another ETag: %d, want 200", a.status)
	}
	if a := s.do("GET", "/f", "", "Range: bytes=2-4", "If-Range: "+tag); a.status != 206 {
		t.Errorf("If-Range with the ETag: %d, want 206", a.status)
	}
	if a := s.want(200, "HEAD", "/f", ""); a.head.Get("Content-Length") != "10" || a.head.Get("ETag") != tag {
		t.Errorf("HEAD: %v", a.head)
	}
}

// I15: the ETag changes with the content, whatever clock and size say.
func TestI15ETag(t *testing.T) {
	s := newServer(t)
	seen := map[string]string{}
	check := func(how string) {
		t.Helper()
		tag := s.want(200, "HEAD", "/f", "").head.Get("ETag")
		if other, dup := seen[tag]; dup {
			t.Errorf("after %s the ETag is the one after %s", how, other)
		}
		seen[tag] = how
		if a := s.want(207, "PROPFIND", "/f", "", "Depth: 0"); !strings.Contains(a.body, tag) {
			t.Errorf("PROPFIND has another ETag than %s", tag)
		}
	}
	for i := range 50 { // many in one tick of the clock, of one size, at one time
		a := s.do("PUT", "/f", fmt.Sprintf("%04d", i), "X-OC-Mtime: 1000000000")
		check(fmt.Sprint("PUT ", i))
		if tag := s.want(200, "HEAD", "/f", "").head.Get("ETag"); tag != a.head.Get("ETag") {
			t.Errorf("PUT answered %s, then it is %s", a.head.Get("ETag"), tag)
		}
	}
	// From outside, in place, and the time set back.
	if err := os.WriteFile(s.file("f"), []byte("abcd"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(s.file("f"), time.Unix(1000000000, 0), time.Unix(1000000000, 0)); err != nil {
		t.Fatal(err)
	}
	check("a change from outside")
	before := s.want(200, "HEAD", "/f", "").head.Get("ETag")
	s.restart()
	if after := s.want(200, "HEAD", "/f", "").head.Get("ETag"); after != before {
		t.Error("a restart changed the ETag")
	}
}

// G1, and RFC 4918, 9.4: POST does nothing, and a collection has no content.
func TestG1MethodsThatAreNotAllowed(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "x")
	for _, path := range []string{"/", "/d", "/d/", "/d/f", "/none"} {
		for _, method := range []string{"POST", "PATCH", "TRACE", "SEARCH", "get", "BREW"} {
			if a := s.want(405, method, path, "x"); !strings.Contains(a.head.Get("Allow"), "PROPFIND") {
				t.Errorf("%s %s: Allow: %q", method, path, a.head.Get("Allow"))
			}
		}
	}
	for _, path := range []string{"/", "/d", "/d/"} {
		s.want(405, "GET", path, "")
		s.want(405, "HEAD", path, "")
	}
	s.want(404, "GET", "/none", "")
	s.want(404, "GET", "/none/f", "")
	s.want(404, "GET", "/d/f/x", "")
}

// RFC 4918, 10.1 and 18; G4: OPTIONS needs no drive, and says nothing of one.
func TestOptions(t *testing.T) {
	s := newServer(t)
	for _, path := range []string{"/", "/none", "/../x"} {
		a := s.want(200, "OPTIONS", path, "", "Origin: https://evil.example", "Access-Control-Request-Method: PUT")
		for header, want := range map[string]string{"DAV": "1, 2, 3", "MS-Author-Via": "DAV", "Access-Control-Allow-Origin": "", "Content-Length": "0"} {
			if got := a.head.Get(header); got != want {
				t.Errorf("OPTIONS %s: %s: %q, want %q", path, header, got, want)
			}
		}
	}
	if _, err := os.Stat(s.file("")); err == nil {
		t.Error("OPTIONS made the drive")
	}
}

// wrapped is a ResponseWriter like Echo's: without ReadFrom, but with Unwrap.
type wrapped struct {
	w      http.ResponseWriter
	status int
}

func (w *wrapped) Header() http.Header         { return w.w.Header() }
func (w *wrapped) Write(p []byte) (int, error) { return w.w.Write(p) }
func (w *wrapped) WriteHeader(code int)        { w.status = code; w.w.WriteHeader(code) }
func (w *wrapped) Unwrap() http.ResponseWriter { return w.w }

// under stands for the server's own ResponseWriter and counts what comes by ReadFrom.
type under struct {
	http.ResponseWriter
	files, other int64
}

func (u *under) ReadFrom(r io.Reader) (int64, error) {
	n, err := u.ResponseWriter.(io.ReaderFrom).ReadFrom(r)
	if l, ok := r.(*io.LimitedReader); ok {
		if _, ok := l.R.(*os.File); ok { // what sendfile(2) takes
			u.files += n
			return n, err
		}
	}
	u.other += n
	return n, err
}
func (u *under) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// A body reaches the server's ReadFrom as a file, through a wrapper that hides it, and the wrapper still learns the status.
func TestGetReachesSendfile(t *testing.T) {
	s := newServer(t)
	big := bytes.Repeat([]byte("0123456789abcdef"), 200_000)
	s.write("big", string(big))
	for _, test := range []struct {
		head   string
		status int
		want   []byte
	}{{"X: y", 200, big}, {"Range: bytes=100-2000099", 206, big[100:2000100]}} {
		u, w := &under{}, &wrapped{}
		served := make(chan struct{})
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			defer close(served)
			u.ResponseWriter = rw
			w.w = u
			s.handler.Serve(w, r, "/dav", ann)
		}))
		r, _ := http.NewRequest("GET", front.URL+"/dav/big", nil)
		name, value, _ := strings.Cut(test.head, ": ")
		r.Header.Set(name, value)
		res, err := front.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || !bytes.Equal(got, test.want) || res.StatusCode != test.status {
			t.Errorf("%s: %d, %d bytes, %v", test.head, res.StatusCode, len(got), err)
		}
		<-served
		if u.files != int64(len(test.want)) || u.other != 0 {
			t.Errorf("%s: %d bytes came as a file and %d otherwise, of %d", test.head, u.files, u.other, len(test.want))
		}
		if w.status != test.status {
			t.Errorf("%s: the wrapper learnt status %d", test.head, w.status)
		}
		front.Close()
	}
}
