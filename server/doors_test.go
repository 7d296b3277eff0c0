package server_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// C4: wrong app passwords are cheap to refuse, however many come at once, and nobody else waits for them.
func TestManyWrongAppPasswordsAtOnce(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("laptop")
	var wg sync.WaitGroup
	statuses := make(chan int, 500)
	for range 500 {
		wg.Go(func() {
			request, _ := http.NewRequest("PROPFIND", r.URL+"/dav/", nil)
			request.SetBasicAuth("ann", "wrong")
			if answer, err := http.DefaultTransport.RoundTrip(request); err == nil {
				answer.Body.Close()
				statuses <- answer.StatusCode
			}
		})
	}
	wg.Wait()
	close(statuses)
	for status := range statuses {
		if status != 401 && status != 429 {
			t.Errorf("a wrong app password: %d", status)
		}
	}
	wantStatus(t, "the right one after 500 wrong ones", r.dav("PUT", "/dav/a", "ann", secret, strings.NewReader("x")), 201)
}

// C5, C9, G3: the two doors take one credential each, and none in a URL.
func TestDoorsTakeOneCredentialEach(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	id, secret := ann.appPassword("laptop")
	put := func(b *browser, path string, change func(*http.Request)) int {
		return b.request("PUT", path, strings.NewReader("x"), change).StatusCode
	}
	nobody := r.newBrowser()
	basic := func(password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth("ann", password) }
	}
	for _, c := range []struct {
		what string
		got  int
		want int
	}{
		{"the session cookie at /dav/", put(ann, "/dav/a", nil), 401},
		{"the session as bearer at /dav/", put(nobody, "/dav/a", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+ann.cookies[0].Value) }), 401},
		{"the session as password at /dav/", put(nobody, "/dav/a", basic(ann.cookies[0].Value)), 401},
		{"the auth key as password at /dav/", put(nobody, "/dav/a", basic(text(ann.keys.Auth[:]))), 401},
		{"an app password at /dav/", put(nobody, "/dav/a", basic(secret)), 201},
		{"an app password at /files/", put(nobody, "/files/b", basic(secret)), 401},
		{"an app password in the query", put(nobody, "/dav/c?auth="+secret+"&token="+secret, nil), 401},
		{"the session cookie at /files/", put(ann, "/files/d", nil), 201},
		{"the session cookie at /files/ from another site", put(ann, "/files/e", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), 403},
		{"the session cookie at /files/ from a sibling site", put(ann, "/files/e", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }), 403},
		{"the session cookie at /files/ from another origin, by an old browser", put(ann, "/files/e", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }), 403},
		{"the session cookie at /files/ from this origin", put(ann, "/files/e", func(r *http.Request) { r.Header.Set("Origin", r.Header.Get("Origin")+"http://"+r.URL.Host) }), 201},
		{"an app password at the API", nobody.request("GET", "/api/session", nil, basic(secret)).StatusCode, 401},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d; want %d", c.what, c.got, c.want)
		}
	}
	ann.call(204, "DELETE", fmt.Sprintf("/api/app-passwords/%d", id), nil, nil)
	wantStatus(t, "a revoked app password", r.dav("PUT", "/dav/a", "ann", secret, nil), 401)
	for _, secret := range []string{secret, strings.ReplaceAll(secret, "-", ""), ann.cookies[0].Value} {
		if strings.Contains(r.Log(), secret) {
			t.Error("a credential stands in the log")
		}
	}
}

// C5: who tries the login password, as most do at first, is told what opens the door; and nobody learns whether a name is anybody's.
func TestAWrongAppPasswordIsToldWhatOpensADrive(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	id, secret := ann.appPassword("laptop")
	ann.call(204, "DELETE", fmt.Sprintf("/api/app-passwords/%d", id), nil, nil)
	for _, at := range []struct{ method, path string }{{"PROPFIND", "/dav/"}, {"GET", "/dav/a"}, {"PUT", "/dav/a"}, {"PROPFIND", "/"}} {
		said := func(change func(*http.Request)) string {
			got := r.newBrowser().request(at.method, at.path, nil, change)
			wantStatus(t, at.method+" "+at.path, got, 401)
			if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || got.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s: %v", at.method, at.path, got.Header)
			}
			body, err := io.ReadAll(got.Body)
			must(t, err)
			return string(body)
		}
		if got := said(nil); got != "Sign in first.\n" {
			t.Errorf("%s %s without a password: %q", at.method, at.path, got)
		}
		login := said(func(r *http.Request) { r.SetBasicAuth("ann", "my login password") })
		if !strings.Contains(login, "account's name and an app password") || !strings.Contains(login, "Settings") {
			t.Errorf("%s %s with the login password: %q", at.method, at.path, login)
		}
		for what, header := range map[string][2]string{
			"nobody's name": {"bob", "my login password"}, "a revoked app password": {"ann", secret}, "no name": {"", "x"}, "what is no name": {"a/b", "x"}, "no password": {"ann", ""},
		} {
			if got := said(func(r *http.Request) { r.SetBasicAuth(header[0], header[1]) }); got != login {
				t.Errorf("%s %s with %s: %q", at.method, at.path, what, got)
			}
		}
		if got := said(func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }); got != login {
			t.Errorf("%s %s with a bearer token: %q", at.method, at.path, got)
		}
	}
}

// Before they come to /dav/, Windows (https://github.com/nextcloud/server/pull/2986: "DavClnt" until the WebClient service runs, then the redirector) and
// gvfs 1.50.3 ask OPTIONS about the root, and the redirector and Office 2010 (https://github.com/danmunn/redmine_dmsf/issues/484) PROPFIND.
func TestClientsThatLookAtTheRootFirst(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("laptop")
	wantStatus(t, "PUT", r.dav("PUT", "/dav/private.txt", "ann", secret, strings.NewReader("x")), 201)
	nobody := r.newBrowser()
	for _, agent := range []string{"DavClnt", "Microsoft-WebDAV-MiniRedir/10.0.22631", "gvfs/1.50.3"} {
		got := nobody.request("OPTIONS", "/", nil, func(r *http.Request) {
			r.Header.Set("User-Agent", agent)
			r.Header.Set("translate", "f")
		})
		wantStatus(t, "OPTIONS / by "+agent, got, 200)
		if got.Header.Get("MS-Author-Via") != "DAV" || !strings.Contains(got.Header.Get("DAV"), "2") {
			t.Errorf("OPTIONS / by %s: MS-Author-Via %q, DAV %q", agent, got.Header.Get("MS-Author-Via"), got.Header.Get("DAV"))
		}
	}
	for _, depth := range []string{"0", "1", "infinity", ""} {
		look := func(change func(*http.Request)) *http.Response {
			return nobody.request("PROPFIND", "/", nil, func(r *http.Request) {
				r.Header.Set("translate", "f")
				if depth != "" {
					r.Header.Set("Depth", depth)
				}
				change(r)
			})
		}
		got := look(func(*http.Request) {})
		wantStatus(t, "PROPFIND / by nobody", got, 401)
		if !strings.HasPrefix(got.Header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("PROPFIND / asks for %q", got.Header.Get("WWW-Authenticate"))
		}
		wantStatus(t, "PROPFIND / with a session", look(func(r *http.Request) { r.AddCookie(ann.cookies[0]) }), 401)
		got = look(func(r *http.Request) { r.SetBasicAuth("ann", secret) })
		if depth != "0" && depth != "1" {
			wantStatus(t, "PROPFIND / with Depth "+depth, got, 403)
			continue
		}
		wantStatus(t, "PROPFIND / with an app password", got, 207)
		body, err := io.ReadAll(got.Body)
		if err != nil || !strings.Contains(string(body), "<D:href>/</D:href>") || !strings.Contains(string(body), "<D:collection/>") || strings.Contains(string(body), "private") {
			t.Errorf("PROPFIND / with Depth %s: %s (%v)", depth, body, err)
		}
	}
}

// What a client got wrong is nothing for the operator, whatever its status.
func TestADestinationElsewhereIsNoErrorInTheLog(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	wantStatus(t, "PUT", ann.request("PUT", "/files/a", strings.NewReader("x"), nil), 201)
	wantStatus(t, "MOVE to another server", ann.request("MOVE", "/files/a", nil, func(r *http.Request) { r.Header.Set("Destination", "https://elsewhere.example/a") }), 502)
	if strings.Contains(r.Log(), "level=ERROR") {
		t.Errorf("the log says: %s", r.Log())
	}
}

// A page of one account's does nothing in another's, which has signed in since under the same cookie.
func TestARequestMeantForAnotherAccountIsRefused(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	meant := func(id string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Thorpe-Account", id) }
	}
	id := func(seed byte) string { return text(bytes.Repeat([]byte{seed}, 16)) }
	wantStatus(t, "PUT meant for bob, in ann's session", ann.request("PUT", "/files/a", strings.NewReader("x"), meant(id(2))), 401)
	wantStatus(t, "PUT meant for ann, in ann's session", ann.request("PUT", "/files/a", strings.NewReader("x"), meant(id(1))), 201)
	wantStatus(t, "DELETE meant for ann, in bob's session", bob.request("DELETE", "/api/session", nil, meant(id(1))), 401)
	wantStatus(t, "GET by bob", bob.request("GET", "/api/session", nil, meant(id(2))), 200)
}

func TestDrivesAreApart(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	wantStatus(t, "PUT", ann.request("PUT", "/files/secret.txt", strings.NewReader("x"), nil), 201)
	for _, path := range []string{"/files/secret.txt", "/files/../ann/secret.txt", "/files/%2e%2e/ann/secret.txt", "/files/..%2fann%2fsecret.txt", "/files%2f..%2fann/secret.txt"} {
		if got := bob.request("GET", path, nil, func(request *http.Request) {
			request.URL.Opaque = "//" + request.URL.Host + path // as it is
		}); got.StatusCode < 400 {
			t.Errorf("bob's GET %s: %d", path, got.StatusCode)
		}
	}
}

// G2: another site's page cannot have a browser change anything.
func TestOtherSitesCannotUseTheAPI(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	for _, c := range []struct {
		what   string
		change func(*http.Request)
		want   int
	}{
		{"a form's text/plain", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		{"JSON from another site", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}, 403},
		{"JSON from the origin null", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Origin", "null")
		}, 403},
		{"JSON from a host that begins like this one", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Origin", "http://"+r.URL.Host+".evil.example")
		}, 403},
		{"JSON from here", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}, 201},
	} {
		got := ann.request("POST", "/api/app-passwords", strings.NewReader(`{"label": "x"}`), c.change)
		wantStatus(t, c.what, got, c.want)
	}
	got := ann.request("POST", "/api/session", nil, func(r *http.Request) {
		r.Header.Set("X-HTTP-Method-Override", "DELETE")
		r.Header.Set("Content-Type", "application/json")
	})
	wantStatus(t, "a method override", got, 400)
	ann.call(200, "GET", "/api/session", nil, nil)
}

// G4, G5: no origin is told that it may read, and a name that is not this server's gets nothing.
func TestOriginsAndHosts(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	for _, origin := range []string{"null", "https://evil.example", r.URL + ".evil.example"} {
		for _, path := range []string{"/", "/api/session", "/files/", "/dav/", "/s/"} {
			got := ann.request("GET", path, nil, func(r *http.Request) { r.Header.Set("Origin", origin) })
			for name := range got.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("GET %s from %s: %s: %s", path, origin, name, got.Header.Get(name))
				}
			}
		}
	}
	port := r.URL[strings.LastIndex(r.URL, ":"):]
	for host, want := range map[string]int{
		"evil.example": 421, "evil.example" + port: 421, "127.0.0.1": 421, "127.0.0.1" + port: 200, "localhost" + port: 200, "[::1]" + port: 200, "LOCALHOST" + port: 200, "localhost:1": 421,
	} {
		got := ann.request("GET", "/s/", nil, func(r *http.Request) {
			r.Host = host
			r.Header.Set("X-Forwarded-Host", "127.0.0.1"+port)
		})
		wantStatus(t, "Host: "+host, got, want)
	}
}
