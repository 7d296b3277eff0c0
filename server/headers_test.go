package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// B1: a link whose # was rewritten reaches the page, and no log.
func TestRewrittenFragmentsAreNotLogged(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for _, path := range []string{"/s/%23AQAsecretsecretsecret", "/s/%2523AQAsecretsecretsecret", "/s/x?key=AQAsecretsecretsecret", "/nowhere/AQAsecretsecretsecret"} {
		got := b.request("GET", path, nil, nil)
		page, err := io.ReadAll(got.Body)
		must(t, err)
		if strings.Contains(string(page), "secretsecret") {
			t.Errorf("GET %s: the page repeats the key", path)
		}
		if strings.HasPrefix(path, "/s/") {
			wantStatus(t, path, got, 200)
		}
	}
	if strings.Contains(r.Log(), "secretsecret") {
		t.Errorf("the key stands in the log: %s", r.Log())
	}
	if !strings.Contains(r.Log(), "route=/s/*") {
		t.Errorf("the log has no line for the page: %s", r.Log())
	}
}

// B6: without JavaScript the page of a link sends nothing: it has no form, and nothing but this server's own files.
func TestTheLinkPageHasNothingThatSends(t *testing.T) {
	r := newServer(t)
	page, err := io.ReadAll(r.newBrowser().request("GET", "/s/", nil, nil).Body)
	must(t, err)
	for _, tag := range []string{"<form", "<iframe", "<img", "ping=", "http-equiv"} {
		if strings.Contains(string(page), tag) {
			t.Errorf("the page of a link has %s", tag)
		}
	}
	for _, found := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
		if to := found[1]; !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "#") {
			t.Errorf("the page of a link leads to %s", to)
		}
	}
	if !strings.Contains(string(page), "<noscript>") {
		t.Error("the page of a link says nothing without JavaScript")
	}
}

// The page of a link comes compressed, as the files that it loads do; a page that tells of somebody's account does not.
func TestTheLinkPageComesCompressed(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for path, coded := range map[string]string{"/s/": "gzip", "/": ""} {
		got := b.request("GET", path, nil, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
		wantStatus(t, path, got, 200)
		if got.Header.Get("Content-Encoding") != coded {
			t.Errorf("%s is coded as %q, want %q", path, got.Header.Get("Content-Encoding"), coded)
		}
		var page io.Reader = got.Body
		if coded != "" {
			short, err := gzip.NewReader(page)
			must(t, err)
			page = short
		}
		text, err := io.ReadAll(page)
		must(t, err)
		if !strings.HasSuffix(strings.TrimSpace(string(text)), "</html>") {
			t.Errorf("%s does not end as a page: %q", path, text)
		}
	}
}

// B4, B5, B10: the pages' headers, by the names that the standards give them.
func TestEveryAnswerHasStrictHeaders(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for _, path := range []string{"/", "/s/", "/s/worker.js", "/share/", "/share/worker.js", "/connect", "/setup", "/invite", "/recover", "/about", "/notices", "/nowhere", "/api/nowhere", "/api/session"} {
		got := b.request("GET", path, nil, nil)
		for name, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.Header.Get(name) != want {
				t.Errorf("GET %s: %s: %q; want %q", path, name, got.Header.Get(name), want)
			}
		}
		policy := got.Header.Get("Content-Security-Policy")
		for _, directive := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(policy, directive) {
				t.Errorf("GET %s: Content-Security-Policy without %s: %s", path, directive, policy)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("GET %s: Content-Security-Policy: %s", path, policy)
		}
	}
}

// F8: redirects stay here.
func TestRedirectsStayHere(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for _, path := range []string{"//evil.example%2f..", "/%5cevil.example", "/s", "/s?next=//evil.example", "/?next=//evil.example"} {
		got := b.request("GET", path, nil, nil)
		if to := got.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`)) {
			t.Errorf("GET %s leads to %s", path, to)
		}
	}
	got := b.request("GET", "/s", nil, nil)
	if got.StatusCode != 301 || got.Header.Get("Location") != "/s/" {
		t.Errorf("GET /s: %d %s", got.StatusCode, got.Header.Get("Location"))
	}
}

// G5, B5: the answer to a wrong Host is one that a browser may be shown too.
func TestAWrongHostIsAnsweredWithStrictHeaders(t *testing.T) {
	got := newServer(t).newBrowser().request("GET", "/", nil, func(r *http.Request) { r.Host = "evil.example" })
	wantStatus(t, "a wrong host", got, 421)
	for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		if !strings.Contains(got.Header.Get(name), want) {
			t.Errorf("%s: %q", name, got.Header.Get(name))
		}
	}
}
