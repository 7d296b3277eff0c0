package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"thorpe/dav"
	"thorpe/server"
	"thorpe/server/accounts"
	"thorpe/server/database"
	"thorpe/shares"
)

// rig is a server on a real port, over a real data folder, with a clock that the test moves and a log that it reads.
type rig struct {
	t        *testing.T
	URL      string
	Folder   string
	Server   *server.Server
	Accounts *accounts.Store
	Shares   *shares.Store

	mu  sync.Mutex
	now time.Time
	log bytes.Buffer
}

// Now is the server's clock.
func (r *rig) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// Pass lets time pass.
func (r *rig) Pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// Write takes the server's log.
func (r *rig) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

// Log is what was logged so far.
func (r *rig) Log() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

func newServer(t *testing.T) *rig {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	r := &rig{t: t, URL: "http://" + listener.Addr().String(), Folder: t.TempDir(), now: time.Now()}
	root, err := os.OpenRoot(r.Folder)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	db, err := database.Open(t.Context(), filepath.Join(r.Folder, "thorpe.db"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	r.Accounts, err = accounts.New(t.Context(), db, r.Now)
	must(t, err)
	t.Cleanup(func() { r.Accounts.Close() })
	log := slog.New(slog.NewTextHandler(r, nil))
	drive, err := dav.New(dav.Config{DB: db, Data: root, Log: log})
	must(t, err)
	r.Shares, err = shares.Open(shares.Config{DB: db, Data: root, Log: log, Now: r.Now, Place: server.Placer(drive)})
	must(t, err)
	t.Cleanup(func() { r.Shares.Close() })
	base, err := url.Parse(r.URL)
	must(t, err)
	r.Server, err = server.New(server.Config{
		URL: base, Port: base.Port(), Accounts: r.Accounts, Drive: drive, Shares: r.Shares, Log: log, Version: "test",
		Source: fstest.MapFS{"main.go": {Data: []byte("package main")}}, Space: func() (int64, error) { return 1 << 30, nil }, Now: r.Now,
	})
	must(t, err)
	web := &http.Server{Handler: r.Server}
	go web.Serve(listener)
	t.Cleanup(func() { web.Close() })
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is somebody's browser: it keeps cookies and follows no redirects.
type browser struct {
	*rig
	cookies []*http.Cookie
	Name    string
	keys    accounts.Keys
}

func (r *rig) newBrowser() *browser { return &browser{rig: r} }

// member is a browser whose user has an account, made through a real setup or invite link.
func (r *rig) member(name string, seed byte) *browser {
	r.t.Helper()
	token, err := r.Accounts.NewSetup(r.t.Context())
	if err != nil {
		token, _, err = r.Accounts.NewInvite(r.t.Context(), name)
		must(r.t, err)
	}
	b := r.newBrowser()
	b.Name, b.keys = name, keys(seed)
	b.call(http.StatusCreated, "POST", "/api/accounts", b.newAccount(token, seed), nil)
	return b
}

func keys(seed byte) accounts.Keys {
	return accounts.Keys{Salt: [16]byte{seed}, Auth: [32]byte{seed, 1}, Wrap: [60]byte{seed, 2}, RecoveryAuth: [32]byte{seed, 3}, Recovery: [60]byte{seed, 4}}
}

func (b *browser) newAccount(token accounts.Token, seed byte) map[string]any {
	k := keys(seed)
	return map[string]any{
		"token": text(token[:]), "id": text(bytes.Repeat([]byte{seed}, 16)), "name": b.Name, "salt": text(k.Salt[:]), "auth": text(k.Auth[:]),
		"wrap": text(k.Wrap[:]), "recovery_auth": text(k.RecoveryAuth[:]), "recovery": text(k.Recovery[:]),
	}
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// request sends one request with the browser's cookies. change may set what a test needs.
func (b *browser) request(method, path string, body io.Reader, change func(*http.Request)) *http.Response {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.URL+path, body)
	must(b.t, err)
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	must(b.t, err)
	b.t.Cleanup(func() { answer.Body.Close() })
	if set := answer.Cookies(); len(set) > 0 {
		b.cookies = set
	}
	return answer
}

// call sends JSON and reads JSON into answer, if it is not nil. Another status than want fails the test.
func (b *browser) call(want int, method, path string, body, answer any) *http.Response {
	b.t.Helper()
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		must(b.t, err)
		sent = bytes.NewReader(encoded)
	}
	got := b.request(method, path, sent, func(r *http.Request) {
		if body != nil {
			r.Header.Set("Content-Type", "application/json")
		}
	})
	content, err := io.ReadAll(got.Body)
	must(b.t, err)
	if got.StatusCode != want {
		b.t.Fatalf("%s %s: %d %s; want %d", method, path, got.StatusCode, content, want)
	}
	if answer != nil {
		must(b.t, json.Unmarshal(content, answer))
	}
	return got
}

// refused is call for a failure: it checks status and code, and that nothing else is told.
func (b *browser) refused(want int, code, method, path string, body any) *http.Response {
	b.t.Helper()
	var answer map[string]string
	got := b.call(want, method, path, body, &answer)
	if answer["code"] != code || answer["message"] == "" || len(answer) != 2 {
		b.t.Errorf("%s %s: %v; want the code %s", method, path, answer, code)
	}
	return got
}

// appPassword makes an app password for the account.
func (b *browser) appPassword(label string) (id int, secret string) {
	b.t.Helper()
	var made struct {
		ID       int
		Password string
	}
	b.call(http.StatusCreated, "POST", "/api/app-passwords", map[string]string{"label": label}, &made)
	return made.ID, made.Password
}

// dav sends a request to the WebDAV door with Basic credentials.
func (r *rig) dav(method, path, name, password string, body io.Reader) *http.Response {
	r.t.Helper()
	return r.newBrowser().request(method, path, body, func(request *http.Request) {
		if name != "" {
			request.SetBasicAuth(name, password)
		}
	})
}

func wantStatus(t *testing.T, what string, got *http.Response, want int) {
	t.Helper()
	if got.StatusCode != want {
		t.Errorf("%s: %d; want %d", what, got.StatusCode, want)
	}
}

func TestAccountsFromSetupToSignOut(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	if c := ann.cookies[0]; c.Name != "thorpe" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure {
		t.Errorf("cookie on plain http: %+v", c)
	}
	var shown struct {
		Account struct {
			Name     string
			Operator bool
		}
		Wrap, Salt string
		Proved     bool
	}
	ann.call(200, "GET", "/api/session", nil, &shown)
	if shown.Account.Name != "ann" || !shown.Account.Operator || shown.Wrap != text(ann.keys.Wrap[:]) || !shown.Proved {
		t.Errorf("session: %+v", shown)
	}

	var invited struct{ Link string }
	ann.call(201, "POST", "/api/invites", map[string]string{"name": "Bob"}, &invited)
	token, err := base64.RawURLEncoding.DecodeString(invited.Link[strings.Index(invited.Link, "#")+1:])
	must(t, err)
	bob := r.newBrowser()
	bob.Name = "BOB"
	var invitation struct{ Name string }
	bob.call(200, "POST", "/api/invitation", map[string]string{"token": text(token)}, &invitation)
	if invitation.Name != "bob" || !strings.HasPrefix(invited.Link, r.URL+"/invite#") {
		t.Errorf("invited %q by %q", invitation.Name, invited.Link)
	}
	bob.call(201, "POST", "/api/accounts", bob.newAccount(accounts.Token(token), 2), nil)
	bob.refused(404, "bad_token", "POST", "/api/accounts", bob.newAccount(accounts.Token(token), 3))
	bob.refused(404, "not_found", "GET", "/api/people", nil) // not the operator

	bob.call(204, "DELETE", "/api/session", nil, nil)
	bob.refused(401, "not_signed_in", "GET", "/api/session", nil)
	k := keys(2)
	bob.refused(403, "wrong_password", "POST", "/api/session", map[string]string{"name": "bob", "auth": text(ann.keys.Auth[:])})
	bob.call(200, "POST", "/api/session", map[string]string{"name": "bob", "auth": text(k.Auth[:])}, nil)
	bob.call(200, "GET", "/api/session", nil, nil)

	var people struct{ People []struct{ Name string } }
	ann.call(200, "GET", "/api/people", nil, &people)
	if len(people.People) != 2 {
		t.Errorf("people: %+v", people)
	}
}

// C7: what a change of password and a recovery end is ended for requests that carry the old cookie or app password.
func TestPasswordChangeAndRecoveryEndWhatTheyMust(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("laptop")
	other := r.newBrowser()
	k, changed := keys(1), keys(7)
	other.call(200, "POST", "/api/session", map[string]string{"name": "ann", "auth": text(k.Auth[:])}, nil)
	ann.refused(403, "wrong_password", "PUT", "/api/password", map[string]string{"auth": text(changed.Auth[:]), "salt": text(changed.Salt[:]), "new_auth": text(changed.Auth[:]), "wrap": text(changed.Wrap[:])})
	ann.call(204, "PUT", "/api/password", map[string]string{"auth": text(k.Auth[:]), "salt": text(changed.Salt[:]), "new_auth": text(changed.Auth[:]), "wrap": text(changed.Wrap[:])}, nil)
	other.refused(401, "not_signed_in", "GET", "/api/session", nil)
	ann.call(200, "GET", "/api/session", nil, nil)
	wantStatus(t, "an app password after a change of password", r.dav("PROPFIND", "/dav/", "ann", secret, nil), 403) // no Depth: WebDAV answers

	lost := r.newBrowser()
	lost.refused(403, "wrong_recovery_key", "POST", "/api/recovery", map[string]string{"name": "nobody", "recovery_auth": text(k.RecoveryAuth[:])})
	var box struct{ Recovery string }
	lost.call(200, "POST", "/api/recovery", map[string]string{"name": "ann", "recovery_auth": text(k.RecoveryAuth[:])}, &box)
	if box.Recovery != text(k.Recovery[:]) {
		t.Errorf("recovery box: %q", box.Recovery)
	}
	fresh := keys(9)
	lost.call(200, "PUT", "/api/recovery", map[string]string{
		"name": "ann", "recovery_auth": text(k.RecoveryAuth[:]), "salt": text(fresh.Salt[:]), "auth": text(fresh.Auth[:]), "wrap": text(fresh.Wrap[:]),
		"new_recovery_auth": text(fresh.RecoveryAuth[:]), "new_recovery": text(fresh.Recovery[:]),
	}, nil)
	lost.call(200, "GET", "/api/session", nil, nil)
	ann.refused(401, "not_signed_in", "GET", "/api/session", nil)
	wantStatus(t, "an app password after recovery", r.dav("PROPFIND", "/dav/", "ann", secret, nil), 401)
	lost.refused(403, "wrong_recovery_key", "POST", "/api/recovery", map[string]string{"name": "ann", "recovery_auth": text(k.RecoveryAuth[:])})
}

func TestWhatNeedsProofAsksForItAfterTenMinutes(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	r.Pass(accounts.ProofLife)
	ann.refused(403, "proof_needed", "POST", "/api/app-passwords", map[string]string{"label": "x"})
	ann.refused(403, "proof_needed", "POST", "/api/invites", map[string]string{"name": ""})
	ann.refused(403, "proof_needed", "PUT", "/api/recovery-key", map[string]string{"recovery_auth": text(ann.keys.RecoveryAuth[:]), "recovery": text(ann.keys.Recovery[:])})
	ann.refused(403, "wrong_password", "POST", "/api/proof", map[string]string{"auth": text(ann.keys.RecoveryAuth[:])})
	ann.call(201, "POST", "/api/app-passwords", map[string]string{"label": "x", "auth": text(ann.keys.Auth[:])}, nil)
	ann.call(201, "POST", "/api/app-passwords", map[string]string{"label": "y"}, nil)
}

// C1: a name that nobody has is answered like any other.
func TestUnknownNamesLookLikeKnownOnes(t *testing.T) {
	r := newServer(t)
	r.member("ann", 1)
	b := r.newBrowser()
	var salts [3]struct{ Salt string }
	for i, name := range []string{"ann", "nobody", "nobody"} {
		b.call(200, "POST", "/api/salt", map[string]string{"name": name}, &salts[i])
	}
	if len(salts[0].Salt) != len(salts[1].Salt) || salts[1] != salts[2] {
		t.Errorf("salts: %v", salts)
	}
	answers := map[string]bool{}
	for _, name := range []string{"ann", "nobody"} {
		answer := b.refused(403, "wrong_password", "POST", "/api/session", map[string]string{"name": name, "auth": text(make([]byte, 32))})
		answer.Header.Del("Date")
		answers[fmt.Sprint(answer.Header)] = true
	}
	if len(answers) != 1 {
		t.Errorf("headers tell a known name from an unknown one: %v", answers)
	}
}

// C2, C3: wrong keys are counted per name and network, whatever a request says of where it comes from.
func TestGuessingIsSlowedDown(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	b := r.newBrowser()
	guess := func(auth [32]byte, from string) *http.Response {
		body, _ := json.Marshal(map[string]string{"name": "ann", "auth": text(auth[:])})
		return b.request("POST", "/api/session", bytes.NewReader(body), func(request *http.Request) {
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("X-Forwarded-For", from)
			request.Header.Set("X-Real-IP", from)
		})
	}
	for i := range 10 {
		wantStatus(t, "a wrong key", guess([32]byte{9}, fmt.Sprintf("10.0.0.%d", i)), 403)
	}
	refused := guess(ann.keys.Auth, "10.0.0.99")
	wantStatus(t, "even the right key after ten wrong ones", refused, 429)
	if refused.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	r.Pass(time.Minute)
	wantStatus(t, "the right key a minute later", guess(ann.keys.Auth, ""), 200)

	_, secret := ann.appPassword("laptop")
	slowed := false
	for range 100 {
		slowed = slowed || r.dav("GET", "/dav/", "ann", "wrong", nil).StatusCode == 429
	}
	if !slowed {
		t.Error("a hundred wrong app passwords were all answered 401")
	}
	if got := r.dav("GET", "/dav/", "ann", secret, nil).StatusCode; got == 401 || got == 429 {
		t.Errorf("the right app password meanwhile: %d", got)
	}
}

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

// H14: a database that others hold is no fault of the request's, and nothing is half done.
func TestABusyDatabaseIsUnavailable(t *testing.T) {
	t.Parallel() // it waits as long as the server does
	r := newServer(t)
	ann := r.member("ann", 1)
	db, err := database.Open(t.Context(), filepath.Join(r.Folder, "thorpe.db"))
	must(t, err)
	defer db.Close()
	held, err := db.BeginTx(t.Context(), nil) // takes the write lock
	must(t, err)
	defer held.Rollback()
	ann.refused(503, "unavailable", "POST", "/api/app-passwords", map[string]string{"label": "x"})
	must(t, held.Rollback())
	ann.call(201, "POST", "/api/app-passwords", map[string]string{"label": "x"}, nil)
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

// B4, B5, B10: the pages' headers, by the names that the standards give them.
func TestEveryAnswerHasStrictHeaders(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for _, path := range []string{"/", "/s/", "/s/worker.js", "/setup", "/invite", "/recover", "/about", "/notices", "/nowhere", "/api/nowhere", "/api/session"} {
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

func TestRequestsAreBounded(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for what, c := range map[string]struct {
		body string
		want int
	}{
		"a large body":           {`{"name": "` + strings.Repeat("a", 70<<10) + `"}`, 413},
		"no JSON":                {`name`, 400},
		"two values":             {`{"name": "ann"} {}`, 400},
		"an unknown member":      {`{"name": "ann", "x": 1}`, 400},
		"a short key":            {`{"name": "ann", "auth": "AAAA"}`, 400},
		"padding":                {`{"name": "ann", "auth": "` + text(make([]byte, 32)) + `="}`, 400},
		"spare bits":             {`{"name": "ann", "auth": "` + strings.Repeat("A", 42) + `B"}`, 400},
		"base64 of another kind": {`{"name": "ann", "auth": "` + strings.Repeat("+", 43) + `"}`, 400},
	} {
		got := b.request("POST", "/api/session", strings.NewReader(c.body), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
		wantStatus(t, what, got, c.want)
	}
}
