package dav_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// What PROPFIND with Depth 1 costs, by how much is asked for and of how many files.
func BenchmarkList(b *testing.B) {
	s := newServer(b)
	for _, n := range []int{1000, 10000} {
		dir := fmt.Sprint("list", n)
		if err := os.MkdirAll(s.file(dir), 0o755); err != nil {
			b.Fatal(err)
		}
		for i := range n {
			if err := os.WriteFile(s.file(fmt.Sprintf("%s/doc-%05d.txt", dir, i)), []byte("x"), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		for _, ask := range []struct{ name, body string }{
			{"allprop", `<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>`},
			{"finder", `<D:propfind xmlns:D="DAV:"><D:prop><D:getlastmodified/><D:getcontentlength/><D:creationdate/><D:resourcetype/></D:prop></D:propfind>`},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, ask.name), func(b *testing.B) {
				b.ReportAllocs()
				var body bytes.Buffer
				for b.Loop() {
					r, err := http.NewRequest("PROPFIND", s.URL+"/dav/"+dir+"/", strings.NewReader(ask.body))
					if err != nil {
						b.Fatal(err)
					}
					r.Header.Set("Depth", "1")
					res, err := s.Client().Do(r)
					if err != nil {
						b.Fatal(err)
					}
					body.Reset()
					if _, err := body.ReadFrom(res.Body); err != nil || bytes.Count(body.Bytes(), []byte("<D:response>")) != n+1 {
						b.Fatalf("%d, %v", res.StatusCode, err)
					}
					res.Body.Close()
				}
			})
		}
	}
}

// What a GET of a small file costs.
func BenchmarkGetSmall(b *testing.B) {
	s := newServer(b)
	if err := os.MkdirAll(s.file("d"), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(s.file("d/f"), make([]byte, 4096), 0o644); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		res, err := s.Client().Get(s.URL + "/dav/d/f")
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, res.Body); err != nil || n != 4096 {
			b.Fatal(n, err)
		}
		res.Body.Close()
	}
}
