package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strconv"
	"testing"

	"thorpe/static"
)

// A file comes compressed to whoever takes gzip, and as it is to everybody else.
func TestFilesComeCompressed(t *testing.T) {
	t.Parallel()
	tree, err := static.New()
	must(t, err)
	for _, name := range []string{"pages/drive.js", "vendor/pdf.worker.js", "texts/en.js"} {
		want, ok := tree.File(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		for accepted, coded := range map[string]bool{
			"gzip, deflate, br": true, "br;q=1.0, GZIP;q=0.5": true, "": false, "gzip;q=0": false, "gzip; q=0.000, br": false, "deflate": false, "x-gzip2": false,
		} {
			r := httptest.NewRequest("GET", tree.Path()+"/"+name, nil)
			r.Header.Set("Accept-Encoding", accepted)
			w := httptest.NewRecorder()
			tree.ServeHTTP(w, r)
			body, header := w.Body.Bytes(), w.Header()
			if header.Get("Content-Length") != strconv.Itoa(len(body)) || header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s for %q: Content-Length %q of %d, Vary %q", name, accepted, header.Get("Content-Length"), len(body), header.Get("Vary"))
			}
			if got := header.Get("Content-Encoding") == "gzip"; got != coded {
				t.Errorf("%s for %q: compressed %v, want %v", name, accepted, got, coded)
				continue
			}
			if coded {
				if len(body) > len(want)*2/3 {
					t.Errorf("%s takes %d of %d bytes when it is compressed", name, len(body), len(want))
				}
				reader, err := gzip.NewReader(bytes.NewReader(body))
				must(t, err)
				body, err = io.ReadAll(reader)
				must(t, err)
			}
			if !bytes.Equal(body, want) {
				t.Errorf("%s for %q is another file", name, accepted)
			}
		}
	}
}
