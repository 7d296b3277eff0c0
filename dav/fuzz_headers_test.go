package dav

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Destination that is taken is a name in the drive, at this server, below the request's own door; and it is the name that the header says.
func FuzzDestination(f *testing.F) {
	for _, s := range []string{
		"/dav/a", "/dav/", "http://drive.example/dav/a%20b/", "https://DRIVE.example:443/dav/a", "https://other.example/dav/a", "//drive.example/dav/a", "http://evil/dav/a",
		"http://drive.example@evil/dav/a", "http://ann:secret@drive.example/dav/a", "/files/a", "/davx", "/dav/..", "/dav/%2e%2e/a", "/dav/a%2fb", "/dav/a?b", "/dav/a#b", "mailto:a", "http:/dav/a", "/dav/\u00e9", "/dav/a b", "/dav//a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := httptest.NewRequest("MOVE", "http://drive.example/dav/from", nil)
		r.Header["Destination"] = []string{s}
		x := &exchange{h: &Handler{hosts: []string{"other.example:8443"}}, r: r, prefix: "/dav"}
		name, err := x.destination()
		if err != nil {
			if code := asFailure(err).status; code != 400 && code != 502 && code != 414 {
				t.Fatalf("%q: %d", s, code)
			}
			return
		}
		for _, p := range name {
			if !validPart(p) {
				t.Fatalf("%q has part %q", s, p)
			}
		}
		u, err := url.Parse(s)
		if err != nil {
			t.Fatalf("%q was taken: %v", s, err)
		}
		host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		at := host + ":" + u.Port()
		if u.Host != "" && at != "drive.example:" && at != "drive.example:80" && at != "drive.example:443" && at != "other.example:8443" {
			t.Fatalf("%q is taken for ours", s)
		}
		if want := strings.TrimSuffix("/dav/"+strings.Join(name, "/"), "/"); strings.TrimSuffix(u.Path, "/") != want {
			t.Fatalf("%q became %q", s, want)
		}
	})
}

// A Depth is one of three, whatever its case; what it means depends on nothing else.
func FuzzDepth(f *testing.F) {
	for _, s := range []string{"0", "1", "infinity", "Infinity", "", "2", "00", "0,1", " 0", "every", "1,noroot"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, absent := range []depth{depthZero, depthOne, depthInfinity} {
			d, err := readDepth(http.Header{"Depth": {s}}, absent)
			want, known := map[string]depth{"0": depthZero, "1": depthOne, "infinity": depthInfinity}[strings.ToLower(s)]
			if known != (err == nil) || known && d != want || !known && asFailure(err).status != 400 {
				t.Fatalf("%q: %d, %v", s, d, err)
			}
			if _, err := readDepth(http.Header{"Depth": {s, "0"}}, absent); err == nil {
				t.Fatalf("%q beside another is taken", s)
			}
			if d, err := readDepth(http.Header{}, absent); d != absent || err != nil {
				t.Fatalf("none: %d, %v", d, err)
			}
		}
	})
}

// A lock's time lies between a second and the most there is, and is what was asked for where that lies between them too.
func FuzzTimeout(f *testing.F) {
	for _, s := range []string{"", "Infinite", "Second-60", "Second-0", "Second-4294967295", "Second-99999999999999999999", "second-5, Infinite", "Infinite,Second-5", "Second--1", "Second-+1", "Extended-1,\tSecond-7"} {
		f.Add(s)
	}
	asked := regexp.MustCompile(`^(?i:second)-([0-9]{1,4})$`)
	f.Fuzz(func(t *testing.T, s string) {
		d := lockTime(s)
		if d < time.Second || d > maxLockTime {
			t.Fatalf("%q: %s", s, d)
		}
		if m := asked.FindStringSubmatch(s); m != nil {
			if n, _ := strconv.Atoi(m[1]); n >= 1 && n <= 3600 && d != time.Duration(n)*time.Second {
				t.Fatalf("%q: %s", s, d)
			}
		}
	})
}

// Whatever Range asks for, the answer is the content, or the parts of it that its own headers name, in bounds.
func FuzzRange(f *testing.F) {
	for _, s := range []string{
		"bytes=0-0", "bytes=0-", "bytes=-1", "bytes=-0", "bytes=999-", "bytes=1000-", "bytes=5-2", "bytes=0-1,3-4", "bytes=0-,0-,0-", "bytes=0-1,1000-", "bytes= 0-1 ,\t3-4", "bytes=,0-1", "bytes=a-b",
		"bytes=18446744073709551616-", "bytes=0-99999999999999999999", "Bytes=0-1", "lines=0-1", "bytes=0-1,", "bytes=\u00a00-1", strings.Repeat("bytes=0-0,", 40),
	} {
		f.Add(s)
	}
	content := make([]byte, 1000)
	for i := range content {
		content[i] = byte(i * 7 >> 2)
	}
	wellFormed := regexp.MustCompile(`^bytes=[0-9, \t-]+$`)
	f.Fuzz(func(t *testing.T, s string) {
		r := httptest.NewRequest("GET", "/f", nil)
		if understoodRange(s) {
			if !wellFormed.MatchString(s) {
				t.Fatalf("%q is understood", s)
			}
			r.Header["Range"] = []string{s}
		}
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "text/plain")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		body := w.Body.Bytes()
		if length := w.Header().Get("Content-Length"); w.Code != 416 && length != strconv.Itoa(len(body)) {
			t.Fatalf("%q: Content-Length %s for %d bytes", s, length, len(body))
		}
		if len(body) > len(content)+maxRanges*256 {
			t.Fatalf("%q: %d bytes", s, len(body))
		}
		part := func(head http.Header, b []byte) {
			t.Helper()
			var first, last, size int
			if n, err := fmt.Sscanf(head.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size); n != 3 || size != 1000 || first < 0 || last < first || last >= size {
				t.Fatalf("%q: Content-Range %q, %v", s, head.Get("Content-Range"), err)
			}
			if !bytes.Equal(b, content[first:last+1]) {
				t.Fatalf("%q: other bytes than %d-%d", s, first, last)
			}
		}
		kind, params, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
		switch {
		case w.Code == 200:
			if !bytes.Equal(body, content) {
				t.Fatalf("%q: 200 with other content", s)
			}
		case w.Code == 206 && err == nil && kind == "multipart/byteranges":
			parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
			for n := 0; ; n++ {
				p, err := parts.NextRawPart()
				if err == io.EOF && n > 0 {
					break
				}
				if err != nil {
					t.Fatalf("%q: part %d: %v", s, n, err)
				}
				b, err := io.ReadAll(p)
				if err != nil {
					t.Fatalf("%q: part %d: %v", s, n, err)
				}
				part(http.Header(p.Header), b)
			}
		case w.Code == 206:
			part(w.Header(), body)
		case w.Code == 416:
			if w.Header().Get("Content-Range") != "bytes */1000" || slices.ContainsFunc(strings.Split(s, ","), func(r string) bool { return strings.HasSuffix(strings.TrimSpace(r), "=0-") }) {
				t.Fatalf("%q: 416 with Content-Range %q", s, w.Header().Get("Content-Range"))
			}
		default:
			t.Fatalf("%q: %d", s, w.Code)
		}
	})
}
