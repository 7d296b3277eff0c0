package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"thorpe/dav"
	"thorpe/server"
	"thorpe/server/accounts"
	"thorpe/server/database/databasetest"
	"thorpe/server/history"
	"thorpe/shares"
)

// rig is a server on a real port, over a real data folder, with a clock that the test moves and a log that it reads.
type rig struct {
	t        *testing.T
	URL      string
	Folder   string
	outside  bool // URL is that of the host, and the server lives below a path of it: docs/openapi.yaml says nothing of what else is there
	Server   *server.Server
	Accounts *accounts.Store
	Shares   *shares.Store
	History  *history.Store

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
	return newServerIn(t, t.TempDir())
}

func newServerIn(t *testing.T, folder string) *rig {
	t.Helper()
	return newServerBelow(t, folder, "")
}

// newServerBelow is a server that lives below a base path, such as "/cloud".
func newServerBelow(t *testing.T, folder, base string) *rig {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	r := &rig{t: t, URL: "http://" + listener.Addr().String() + base, Folder: folder, now: time.Now()}
	root, err := os.OpenRoot(r.Folder)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	db := databasetest.Open(t, filepath.Join(r.Folder, "thorpe.db"))
	t.Cleanup(func() { db.Close() })
	r.Accounts, err = accounts.New(t.Context(), db, r.Now, slog.New(slog.NewTextHandler(r, nil)))
	must(t, err)
	t.Cleanup(func() { r.Accounts.Close() })
	r.History, err = history.Open(t.Context(), db, r.Now)
	must(t, err)
	log := slog.New(server.WatchFailures(slog.NewTextHandler(r, nil), r.History))
	drive, links, err := server.OpenStores(dav.Config{DB: db, Data: root, Log: log}, shares.Config{DB: db, Data: root, Log: log, Now: r.Now})
	must(t, err)
	t.Cleanup(func() { links.Close() })
	r.Shares = links
	address, err := url.Parse(r.URL)
	must(t, err)
	r.Server, err = server.New(server.Config{
		URL: address, Port: address.Port(), Accounts: r.Accounts, Drive: drive, Shares: r.Shares, Log: log, Version: "test",
		Source: fstest.MapFS{"main.go": {Data: []byte("package main")}}, Now: r.Now, History: r.History, Data: r.Folder,
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

// request sends one request with the browser's cookies, and holds it and its answer against docs/openapi.yaml. change may set what a test needs.
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
	if !b.outside {
		file, err := promised()
		must(b.t, err)
		file.check(b.t, r, answer)
	}
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
