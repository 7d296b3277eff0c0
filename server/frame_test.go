package server_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
)

// B5, B10, F2: the frame that draws a PDF has no origin wherever it is opened, reaches nothing but its own scripts, and stands in this server's own pages alone.
func TestTheFrameOfAPDFHasAPolicyOfItsOwn(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	got := b.request("GET", "/frames/pdf", nil, nil)
	wantStatus(t, "the frame", got, 200)
	page, err := io.ReadAll(got.Body)
	must(t, err)
	policy := got.Header.Get("Content-Security-Policy")
	for _, directive := range []string{
		"default-src 'none'", "frame-ancestors 'self'", "sandbox allow-scripts;", "require-trusted-types-for 'script'", "trusted-types 'none'", "base-uri 'none'", "form-action 'none'",
	} {
		if !strings.Contains(policy, directive) {
			t.Errorf("Content-Security-Policy without %s: %s", directive, policy)
		}
	}
	for _, no := range []string{"unsafe", "connect-src", "allow-same-origin", "frame-src"} {
		if strings.Contains(policy, no) {
			t.Errorf("Content-Security-Policy with %s: %s", no, policy)
		}
	}
	for name, want := range map[string]string{"X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q", name, got.Header.Get(name))
		}
	}
	if got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("the frame itself is opened to other origins")
	}
	loaded := regexp.MustCompile(`(?:src|href)="(/static/[^"]+)"`).FindAllStringSubmatch(string(page), -1)
	if len(loaded) != 2 {
		t.Errorf("the frame loads %v", loaded)
	}
	tree := strings.TrimSuffix(loaded[0][1], "frames/pdf.css")
	for path, want := range map[string]string{
		"frames/pdf.js": "*", "frames/pdf.css": "*", "vendor/pdf.js": "*", "vendor/pdf.worker.js": "*", "vendor/openjpeg_nowasm_fallback.js": "*", "vendor/jbig2_nowasm_fallback.js": "*",
		"open.js": "", "view/pdf.js": "", "vendor/tus.js": "", "texts/en.js": "",
	} {
		answer := b.request("GET", tree+path, nil, nil)
		wantStatus(t, path, answer, 200)
		if origin := answer.Header.Get("Access-Control-Allow-Origin"); origin != want {
			t.Errorf("%s is open to %q", path, origin)
		}
	}
}
