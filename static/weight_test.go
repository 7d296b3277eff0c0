package static_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"thorpe/static"
	"thorpe/static/browsertest"
)

// weight is what a visit was answered: bodies as they were sent, compressed, without their headers.
type weight struct {
	mu       sync.Mutex
	bytes    int64
	requests int
	twice    map[string]int
	parts    []string
}

// weighed is a body's bytes on their way.
type weighed struct {
	http.ResponseWriter
	sent int64
}

func (w *weighed) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}

func (w *weighed) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// weigh counts what the server answers from now on.
func weigh(s *site) *weight {
	all := &weight{twice: map[string]int{}}
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		counted := &weighed{ResponseWriter: w}
		s.real.ServeHTTP(counted, r)
		all.mu.Lock()
		defer all.mu.Unlock()
		all.bytes += counted.sent
		all.requests++
		all.twice[r.Method+" "+r.URL.Path]++
		all.parts = append(all.parts, fmt.Sprintf("%7d %s", counted.sent, r.URL.Path))
		return true
	})
	return all
}

// is fails the test where a visit was heavier, asked for more, or for anything twice.
func (w *weight) is(t *testing.T, what string, bytes int64, requests int) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	t.Logf("%s: %d bytes, %d requests", what, w.bytes, w.requests)
	if w.bytes > bytes || w.requests > requests {
		t.Errorf("%s: %d bytes in %d requests, and may have %d in %d:\n%s", what, w.bytes, w.requests, bytes, requests, strings.Join(w.parts, "\n"))
	}
	for asked, times := range w.twice {
		if times > 1 {
			t.Errorf("%s: %d times %s", what, times, asked)
		}
	}
}

// A first visit is light: all that is answered until the files stand there. What is needed later comes later.
func TestTheFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 20 {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("file %d.txt", i)), "content")
	}
	b.Open("about:blank")
	b.ClearCache()
	drive := weigh(s)
	b.Open(s.URL + "/")
	b.Wait("the list", names+`.length === 20`)
	b.Wait("the space", `!document.getElementById("space").hidden`)
	drive.is(t, "the drive", 150_000, 80)
	s.breakWith(nil)

	_, link := share(s, b, "Light")
	recipient := browsertest.New(t)
	for _, lang := range []string{"en", "de"} {
		recipient.Open("about:blank")
		recipient.ClearCache()
		first := weigh(s)
		recipient.Open(link)
		recipient.WaitText("a.txt")
		first.is(t, "the link page, "+lang, 80_000, 55)
		recipient.Eval(`document.cookie = "language=de; path=/"`, nil)
	}
}

// The link page's own catalog has every text that it can come to show: those of its modules, also of the ones that are loaded later, whole.
func TestALightPageHasItsTexts(t *testing.T) {
	t.Parallel()
	tree, err := static.New()
	must(t, err)
	for _, lang := range []string{"en", "de"} {
		var whole, own map[string]string
		for name, into := range map[string]*map[string]string{"texts/" + lang + ".js": &whole, "texts/" + lang + ".link.js": &own} {
			content, ok := tree.File(name)
			if !ok {
				t.Fatalf("there is no %s", name)
			}
			_, catalog, _ := strings.Cut(strings.TrimSuffix(string(content), ");\n"), "take(")
			must(t, json.Unmarshal([]byte(catalog), into))
		}
		for _, key := range []string{
			"link.opening", "error.slow_down", "link.password", "report.action", "drive.download.fault.no_space", "view.fault.pdf_password", "link.count.one",
			"link.count.other", "link.folder.renamed.other", "view.page",
		} {
			if whole[key] == "" {
				t.Fatalf("%s has no text %q; choose another for this test", lang, key)
			}
			if own[key] != whole[key] {
				t.Errorf("%s: %q is %q on the link page, in the catalog %q", lang, key, own[key], whole[key])
			}
		}
		if len(own)*2 > len(whole) {
			t.Errorf("%s: the link page has %d of %d texts", lang, len(own), len(whole))
		}
	}
}
