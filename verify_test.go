package main

import (
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// meddler stands in front of a server, and does with its answers what a test wants.
type meddler struct {
	URL    string
	Host   string // URL without its path
	Server *process

	mu     sync.Mutex
	to     *url.URL // the server
	change func(*http.Response)
	mangle func(path, answer string) string // on the wire
}

// newMeddler starts both; path is where the server stands, empty or such as "/cloud".
func newMeddler(t *testing.T, secure bool, path string, flags ...string) *meddler {
	t.Helper()
	m := &meddler{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			m.mu.Lock()
			defer m.mu.Unlock()
			r.SetURL(m.to)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(answer *http.Response) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.change != nil {
				m.change(answer)
			}
			return nil
		},
	}
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		mangle := m.mangle
		m.mu.Unlock()
		if mangle == nil {
			proxy.ServeHTTP(w, r)
			return
		}
		answer, wire := httptest.NewRecorder(), bytes.Buffer{}
		proxy.ServeHTTP(answer, r)
		_ = answer.Result().Write(&wire)
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = io.WriteString(conn, mangle(r.URL.Path, wire.String()))
			conn.Close()
		}
	}))
	if secure {
		web.StartTLS()
		file := filepath.Join(t.TempDir(), "authority.pem")
		must(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw}), 0o600))
		t.Setenv("SSL_CERT_FILE", file)
	} else {
		web.Start()
	}
	t.Cleanup(web.Close)
	m.Host, m.URL = web.URL, web.URL+path
	m.Server = startServer(t, t.TempDir(), append([]string{"--url", m.URL}, flags...)...)
	to, err := url.Parse("http://" + m.Server.Addr)
	must(t, err)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.to = to
	return m
}

// meddle sets what is done from now on.
func (m *meddler) meddle(change func(*http.Response)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.change = change
}

// rewrite changes the content of an answer.
func rewrite(answer *http.Response, old, new string) {
	content := contentOf(answer)
	setContent(answer, bytes.Replace(content, []byte(old), []byte(new), 1))
}

func setContent(answer *http.Response, content []byte) {
	answer.Body = io.NopCloser(bytes.NewReader(content))
	answer.ContentLength = int64(len(content))
	answer.Header.Set("Content-Length", fmt.Sprint(len(content)))
	answer.Header.Del("Content-Encoding")
}

// An honest server passes: by http and https, with an operator's address on the page of links, and behind a proxy that says who it is.
func TestAnHonestServerIsAsReleased(t *testing.T) {
	for name, m := range map[string]*meddler{
		"http":  newMeddler(t, false, "", "--contact", `Ann & Bob <"a@example.org">`),
		"https": newMeddler(t, true, "/our/cloud"),
	} {
		m.meddle(func(answer *http.Response) {
			answer.Header.Set("Server", "front/1.2")
			answer.Header.Set("Via", "1.1 front")
			answer.Header.Set("Alt-Svc", `h3=":443"; ma=2592000`)
		})
		out, stderr, status := run(t, "", "verify", m.URL+"/s/#AQDhere-stands-a-key")
		if status != exitDone || strings.Contains(out, "CHANGED") || !strings.Contains(out, "HTTP/3, by which nothing was compared") {
			t.Errorf("%s: status %d\n%s%s", name, status, out, stderr)
		}
		list, _, _ := run(t, "", "verify", "--print-list")
		_, shown := exchange(t, http.DefaultClient, "GET", "http://"+m.Server.Addr+strings.TrimPrefix(m.URL, m.Host)+"/about/hashes.json", nil)
		if string(shown) != list {
			t.Errorf("%s: the server shows another list than the program prints", name)
		}
	}
}

func contentOf(answer *http.Response) []byte {
	body := io.Reader(answer.Body)
	if answer.Header.Get("Content-Encoding") == "gzip" {
		body, _ = gzip.NewReader(body)
	}
	content, _ := io.ReadAll(body)
	answer.Body.Close()
	return content
}

// What a server may change to get at its visitors' keys, each by itself: it is found, and named.
func TestATamperedServerIsCaught(t *testing.T) {
	m := newMeddler(t, false, "")
	header := func(name, value string) func(*http.Response) {
		return func(answer *http.Response) { answer.Header.Set(name, value) }
	}
	replace := func(old, new string) func(*http.Response) {
		return func(answer *http.Response) { rewrite(answer, old, new) }
	}
	add := func(name, value string) func(*http.Response) {
		return func(answer *http.Response) { answer.Header.Add(name, value) }
	}
	// coded gives the honest content by gzip, with more in the header, or in a second member.
	coded := func(extra, behind []byte, codings ...string) func(*http.Response) {
		return func(answer *http.Response) {
			var body bytes.Buffer
			for content := contentOf(answer); content != nil; content, extra, behind = behind, nil, nil {
				w := gzip.NewWriter(&body)
				w.Extra = extra
				_, _ = w.Write(content)
				w.Close()
			}
			setContent(answer, body.Bytes())
			answer.Header["Content-Encoding"] = codings
		}
	}
	asked := false // changes are made one after the other
	tests := []struct {
		what   string
		path   string // or the end of that of a static file
		change func(*http.Response)
		want   string // of the line about it
	}{
		{"a byte in a module", "/open.js", replace("x", "y"), "its content is another"},
		{"a module loaded on demand", "/view/markdown.js", replace("(", "( "), "its content is another"},
		{"a vendored library", "/vendor/pdf.worker.js", replace("0", "1"), "its content is another"},
		{"a text", "/texts/de.link.js", replace("Link", "link"), "its content is another"},
		{"an icon", "/icons.svg", replace("<symbol", "<symbol x=\"\""), "its content is another"},
		{"a script in a page", "/s/", replace("</head>", `<script src="/x.js"></script></head>`), "its content is another"},
		{"an import map", "/setup", replace("<head>", `<head><script type="importmap">{"imports":{"/a":"/b"}}</script>`), "its content is another"},
		{"a script elsewhere", "/invite", replace(`src="/static/`, `src="//evil.example/static/`), "its content is another"},
		{"a mark of lists", "/invite", replace(`="/static/`, `="{base}/static/`), "it holds a mark"},
		{"a handler in the one free place", "/s/", replace(`data-page="link"`, `data-page="link" data-contact="a" onload="evil()"`), "its content is another"},
		{"a style", "/style.css", replace("{", "{ "), "its content is another"},
		{"the frame of PDFs", "/frames/pdf", replace("</body>", "<script></script></body>"), "its content is another"},
		{"a policy", "/s/", replaceHeader("Content-Security-Policy", "script-src 'self'", "script-src 'self' 'unsafe-inline'"), "the header Content-Security-Policy is"},
		{"the policy of a module", "/argon2-worker.js", header("Content-Security-Policy", ""), "the header Content-Security-Policy is"},
		{"no policy", "/recover", func(a *http.Response) { a.Header.Del("Content-Security-Policy") }, "the header Content-Security-Policy is missing"},
		{"another type", "/icons/180.png", header("Content-Type", "text/javascript"), "the header Content-Type is"},
		{"a worker", "/s/worker.js", func(a *http.Response) { setContent(a, []byte("onfetch = () => {}")) }, "its content is another"},
		{"the other worker", "/share/worker.js", replace("const", "var"), "its content is another"},
		{"a wider worker", "/s/worker.js", header("Service-Worker-Allowed", "/"), "a header was added, Service-Worker-Allowed"},
		{"Link", "/", header("Link", "</x.js>; rel=modulepreload"), "a header was added, Link"},
		{"Refresh", "/about", header("Refresh", "0;url=https://evil.example"), "a header was added, Refresh"},
		{"SourceMap", "/zip.js", header("SourceMap", "/x.map"), "a header was added, Sourcemap"},
		{"codings in two lines", "/setup", coded([]byte("<script>"), nil, "gzip", "none"), `its content cannot be read: it is coded as "gzip, none"`},
		{"two codings", "/recent", coded(nil, nil, "gzip", "br"), `its content cannot be read: it is coded as "gzip, br"`},
		{"content in the header of gzip", "/trash", coded([]byte("<script>"), nil, "gzip"), "its content cannot be read: browsers may read"},
		{"two members of gzip", "/people", coded(nil, []byte{}, "gzip"), "its content cannot be read: browsers may read"},
		{"two types", "/recover", add("Content-Type", "text/plain"), "the header Content-Type is"},
		{"two policies", "/drive", add("Content-Security-Policy", "default-src *"), "the header Content-Security-Policy is"},
		{"one header as two lines", "/links", func(a *http.Response) {
			a.Header["Permissions-Policy"] = strings.Split(a.Header.Get("Permissions-Policy"), ", ")
		}, "the header Permissions-Policy is"},
		{"a policy that only reports", "/links", header("Content-Security-Policy-Report-Only", "default-src 'self'; report-uri //evil.example"), "a header was added, Content-Security-Policy-Report-Only"},
		{"a cookie", "/search", header("Set-Cookie", "a=b"), "a header was added, Set-Cookie"},
		{"speculation", "/connect", header("Speculation-Rules", `"/x"`), "a header was added, Speculation-Rules"},
		{"a place that nothing leads to", "/settings", header("Location", "//evil.example/"), "a header was added, Location"},
		{"another place", "/s", header("Location", "//evil.example/s/"), "the header Location is"},
		{"a page of the operator's", "/operator/links", replace("</head>", "<script></script></head>"), "its content is another"},
		{"another source", "/source.tar.gz", add("Content-Disposition", "inline"), "the header Content-Disposition is"},
		{"whoever has a question mark", "/s/?x", replace("</head>", "<script></script></head>"), "its content is another"},
		{"another host", "/zip.js", header("Alt-Svc", `h3="evil.example:443"`), "a header was added, Alt-Svc"},
		{"a redirect", "/share/", func(a *http.Response) {
			a.StatusCode = http.StatusFound
			a.Header.Set("Location", "https://evil.example/")
		}, `it leads elsewhere, to "https://evil.example/"`},
		{"a file left out", "/sealed/keys.js", func(a *http.Response) { a.StatusCode = http.StatusNotFound }, "it is answered with the status 404"},
		{"an error page", "/no-such-page", replace("</head>", "<script></script></head>"), "its content is another"},
		{"no list", "/about/hashes.json", func(a *http.Response) { a.StatusCode = http.StatusNotFound }, "the server shows no list"},
		{"another list", "/about/hashes.json", replace(`"headers": [`, `"headers": [ `), "it is another list"},
		{"the hash of another list", "/about", replace("<code>", "<code>0"), "its content is another"},
		{"Germans alone", "/s/", func(a *http.Response) {
			if strings.HasPrefix(a.Request.Header.Get("Accept-Language"), "de") {
				rewrite(a, "</head>", "<script></script></head>")
			}
		}, "its content is another (in 6 of 18 visits)"},
		{"phones alone", "/open.js", func(a *http.Response) {
			if strings.Contains(a.Request.UserAgent(), "iPhone") {
				rewrite(a, "x", "y")
			}
		}, "its content is another (in 1 of 3 visits)"},
		{"whoever comes again", "/open.js", func(a *http.Response) {
			if asked {
				rewrite(a, "x", "y")
			}
			asked = true
		}, "its content is another (in 2 of 3 visits)"},
	}
	for len(tests) > 0 { // all that lie at different places at once
		now, later := tests[:0:0], tests[:0:0]
		changes := map[string]func(*http.Response){}
		for _, test := range tests {
			if changes[test.path] != nil {
				later = append(later, test)
				continue
			}
			changes[test.path] = test.change
			now = append(now, test)
		}
		tests = later
		m.meddle(func(answer *http.Response) {
			path := answer.Request.URL.RequestURI()
			for end, change := range changes {
				if path == end || strings.HasPrefix(path, "/static/") && strings.HasSuffix(path, end) && end != "/" {
					change(answer)
				}
			}
		})
		out, stderr, status := run(t, "", "verify", m.URL)
		if want := "does not give what the release gives: " + counted(len(now), "difference"); status != exitDamaged || !strings.Contains(stderr, want) {
			t.Errorf("status %d and %q, which is not %s:\n%s", status, stderr, want, out)
		}
		for _, test := range now {
			found := false
			for line := range strings.Lines(out) {
				path, what, _ := strings.Cut(strings.TrimPrefix(line, "CHANGED "), ": ")
				found = found || strings.HasPrefix(line, "CHANGED ") && strings.HasSuffix(path, test.path) && strings.HasPrefix(what, test.want)
			}
			if !found {
				t.Errorf("%s: nothing says of %s %q:\n%s", test.what, test.path, test.want, out)
			}
		}
	}
}

// What this program's HTTP reads otherwise than browsers do is a difference.
func TestAnAnswerThatBrowsersReadOtherwiseIsCaught(t *testing.T) {
	m := newMeddler(t, false, "")
	tests := []struct{ path, old, new, want string }{
		{"/invite", "HTTP/1.1", "HTTP/1.0", "it is answered by HTTP/1.0"},
		{"/recover", "200 OK", "200 OK\rLink: </x.js>", "its status has a second line"},
	}
	m.mu.Lock()
	m.mangle = func(path, answer string) string {
		for _, test := range tests {
			if path == test.path {
				return strings.Replace(answer, test.old, test.new, 1)
			}
		}
		return answer
	}
	m.mu.Unlock()
	out, stderr, status := run(t, "", "verify", m.URL)
	for _, test := range tests {
		if !strings.Contains(out, "CHANGED "+test.path+": "+test.want) {
			t.Errorf("nothing says of %s %q:\n%s", test.path, test.want, out)
		}
	}
	if status != exitDamaged || !strings.Contains(stderr, counted(len(tests), "difference")) {
		t.Errorf("status %d, %s\n%s", status, stderr, out)
	}
}

func replaceHeader(name, old, new string) func(*http.Response) {
	return func(answer *http.Response) {
		answer.Header.Set(name, strings.Replace(answer.Header.Get(name), old, new, 1))
	}
}

// Below a path, an address that leads out of it is another's.
func TestATamperedServerBelowAPathIsCaught(t *testing.T) {
	m := newMeddler(t, false, "/cloud")
	for _, out := range []string{`="/static/`, `="/other/static/`, `="/cloud/cloud/static/`} {
		m.meddle(func(answer *http.Response) {
			if answer.Request.URL.Path == "/cloud/s/" {
				rewrite(answer, `="/cloud/static/`, out)
			}
		})
		told, _, status := run(t, "", "verify", m.URL)
		if status != exitDamaged || !strings.Contains(told, "CHANGED /s/: its content is another") {
			t.Errorf("%s: status %d\n%s", out, status, told)
		}
	}
}

// A list of another version says nothing of a server, and a list can come from a file.
func TestVerifyTakesAnotherReleasesList(t *testing.T) {
	m := newMeddler(t, false, "")
	list, _, _ := run(t, "", "verify", "--print-list")
	file := filepath.Join(t.TempDir(), "hashes.json")
	must(t, os.WriteFile(file, []byte(list), 0o600))
	if out, stderr, status := run(t, "", "verify", m.URL, "--list", file); status != exitDone {
		t.Errorf("the same list from a file: %d %s%s", status, out, stderr)
	}
	other := strings.Replace(list, `"version": "`, `"version": "9.`, 1)
	must(t, os.WriteFile(file, []byte(other), 0o600))
	_, stderr, status := run(t, "", "verify", m.URL, "--list", file)
	wantSentence(t, "another version's list", stderr, status, "nothing was compared", "--list")
	must(t, os.WriteFile(file, []byte("{}"), 0o600))
	_, stderr, status = run(t, "", "verify", m.URL, "--list", file)
	wantSentence(t, "no list", stderr, status, "no list")

	// A header that a proxy is known to add is left alone, and only that.
	m.meddle(func(answer *http.Response) { answer.Header.Set("X-Cache", "MISS") })
	if out, _, status := run(t, "", "verify", m.URL); status != exitDamaged || !strings.Contains(out, "X-Cache") {
		t.Errorf("a header nobody knows: %d %s", status, out)
	}
	if out, stderr, status := run(t, "", "verify", m.URL, "--allow-header", "x-cache"); status != exitDone {
		t.Errorf("a header that is known: %d %s%s", status, out, stderr)
	}
	for _, words := range [][]string{{"verify"}, {"verify", "ftp://example.org"}, {"verify", "--print-list", m.URL}} {
		_, stderr, status := run(t, "", words...)
		wantUsage(t, strings.Join(words, " "), stderr, status)
	}
	m.Server.stop()
	m.meddle(nil)
	if _, stderr, status := run(t, "", "verify", "http://"+m.Server.Addr); status != exitUnreachable {
		t.Errorf("nobody there: %d %s", status, stderr)
	}
}

// An honest server passes behind real proxies, with the examples of docs/proxies.
func TestAnHonestServerIsAsReleasedBehindProxies(t *testing.T) {
	for name, start := range map[string]func() *realProxy{
		"nginx":                func() *realProxy { return newNginx(t, "nginx.conf", "127.0.0.1:0") },
		"Apache, below a path": func() *realProxy { return newApache(t, "apache-path.conf") },
	} {
		p := start()
		t.Setenv("SSL_CERT_FILE", p.files.Cert)
		if out, stderr, status := run(t, "", "verify", p.url()); status != exitDone {
			t.Errorf("%s: status %d\n%s%s", name, status, out, stderr)
		}
	}
}
