package static_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// A4: whatever is wrong with what a link opens to, the server hears the same: one request for the manifest. Each of these manifests is sealed under the right key, but the
// first, so that only the browser can know what is wrong.
func TestTheServerCannotTellWhyALinkDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := browsertest.New(t)
	var usual []string
	for _, name := range []string{"manifest-ciphertext-changed", "json-array", "json-latin1", "file-null", "folder-dots", "key-long", "surrogate-note", "title-long"} {
		written, err := os.ReadFile("../shares/testdata/vectors/" + name + ".json")
		must(t, err)
		var vector struct{ Fragment, Manifest string }
		must(t, json.Unmarshal(written, &vector))
		manifest, err := base64.RawURLEncoding.DecodeString(vector.Manifest)
		must(t, err)
		s.breakWith(answerLinks(http.StatusOK, string(manifest)))
		b.Open("about:blank")
		s.forget()
		b.Open(s.URL + "/s/#" + vector.Fragment)
		b.WaitText("This is not what was sealed")
		b.Open("about:blank") // what the page would say as it goes is said now
		heard := slices.DeleteFunc(s.lines(), func(line string) bool { return !strings.Contains(line, "/api/") })
		if usual == nil {
			usual = heard
		}
		if len(heard) != 1 || !slices.Equal(heard, usual) {
			t.Errorf("%s: the server heard %q; of a bad tag it heard %q", name, heard, usual)
		}
	}
}

// forget makes the site ask nothing of what came before.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
	s.words.Reset()
}

// lines is each request so far by its method and address.
func (s *site) lines() (lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		lines = append(lines, r.Method+" "+r.RequestURI)
	}
	return lines
}

// stranger is a site of somebody else's, on another host, which notes all that it is asked.
func stranger(t *testing.T, page string) (address string, heard func() string) {
	t.Helper()
	s := &site{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.overhear(r)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1), s.heard
}

// B4: browsers carry a fragment along with a redirect. Ours lead to the same host alone, whatever the address asks for, and the link opens.
func TestTheFragmentStaysOnThisHost(t *testing.T) {
	t.Parallel()
	s, link, fragment := linkSite(t, map[string]any{"title": "Summer"})
	evil, heard := stranger(t, "<p>evil</p>")
	host := strings.TrimPrefix(evil, "http://")
	b := browsertest.New(t)
	for _, path := range []string{"/s", "/s?next=" + url.QueryEscape(evil), "/s/?next=//" + host} {
		b.Open("about:blank")
		b.Open(s.URL + path + "#" + fragment)
		b.WaitText("Summer")
		if got := b.URL(); !strings.HasPrefix(got, s.URL+"/s/") || !strings.HasSuffix(got, "#"+fragment) {
			t.Errorf("%s: the address is %s, want that of %s", path, got, link)
		}
	}
	for _, path := range []string{"//" + host + "/%2e%2e", "/%5c" + host, "/s//" + host, "//" + host} {
		b.Open(s.URL + path + "#" + fragment)
		if got := b.URL(); !strings.HasPrefix(got, s.URL+"/") {
			t.Errorf("%s leads to %s", path, got)
		}
	}
	if heard() != "" {
		t.Errorf("another host heard %s", heard())
	}
	if strings.Contains(s.heard(), fragment) {
		t.Error("the server heard the fragment")
	}
}

// B5: a page of another host can neither frame a link's page nor, having opened it, reach into it.
func TestAnotherSiteCannotReachIntoALink(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer"})
	evil, _ := stranger(t, `<!doctype html><button>Look</button><iframe></iframe><p></p><script>
		const link = `+fmt.Sprintf("%q", link)+`, said = document.querySelector('p');
		document.querySelector('iframe').onload = ({target}) => { if (target.src) said.append(' framed'); };
		document.querySelector('iframe').src = link;
		document.querySelector('button').onclick = () => {
			const opened = window.open(link);
			setInterval(() => { // until the browser has cut it off, nothing of it can be read either
				try { said.append(' READ ' + opened.location.href + opened.document.title); } catch {}
				opened.postMessage({type: 'offer'}, '*');
				if (opened.closed) said.append(' cut');
			}, 20);
		};</script>`)
	b := browsertest.New(t)
	b.Open(evil)
	b.WaitText("framed")
	if asked := s.asked("GET", "/api/links/"); len(asked) != 0 {
		t.Error("the page of the link ran in the frame of another site")
	}
	b.Click("Look")
	b.WaitText("cut")
	for end := time.Now().Add(patience); len(s.asked("GET", "/api/links/")) == 0; time.Sleep(5 * time.Millisecond) { // by the page of its own
		if time.Now().After(end) {
			t.Fatal("the link's own page did not open it: this test sees nothing")
		}
	}
	if text := b.Text(); strings.Contains(text, "READ http") {
		t.Errorf("the other site read %s", text)
	}
	for _, fault := range b.Faults() { // the frame that was refused
		if !strings.Contains(fault, "frame-ancestors") && !strings.Contains(fault, "X-Frame-Options") {
			t.Errorf("in the browser: %s", fault)
		}
	}
}

// B6: without scripts nothing of a link is sent in any other way.
func TestALinkWithoutScriptsSendsNothing(t *testing.T) {
	t.Parallel()
	s, link, fragment := linkSite(t, map[string]any{"title": "Summer"})
	s.forget()
	b := browsertest.New(t)
	b.Do("switching scripts off", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	b.Open(link)
	for _, line := range s.lines() {
		if !strings.HasPrefix(line, "GET /s/") && !strings.HasPrefix(line, "GET "+s.tree.Path()+"/") && line != "GET /favicon.ico" {
			t.Errorf("without scripts the server is asked %s", line)
		}
	}
	if heard := s.heard(); strings.Contains(heard, fragment) || strings.Contains(heard, fragment[3:20]) {
		t.Error("the server heard the fragment")
	}
	if len(s.asked("GET", "/s/")) == 0 {
		t.Error("the page was not asked for: this test sees nothing")
	}
}
