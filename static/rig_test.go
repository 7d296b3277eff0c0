package static_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"thorpe/dav"
	"thorpe/server"
	"thorpe/server/accounts"
	"thorpe/server/database"
	"thorpe/shares"
	"thorpe/static"
)

// site is a whole server on a real port, with one page and the scripts of testdata besides, under the headers that every page has.
type site struct {
	t        *testing.T
	URL      string
	Folder   string
	Accounts *accounts.Store
	tree     *static.Tree
	real     http.Handler

	// fault, where it is set, sees each request first, and answers it itself if it returns true.
	fault atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]

	mu       sync.Mutex
	requests []*http.Request
	words    bytes.Buffer // all that was heard
}

func newSite(t *testing.T) *site {
	t.Helper()
	tree, err := static.New()
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := &site{t: t, URL: "http://" + listener.Addr().String(), Folder: t.TempDir(), tree: tree}
	root, err := os.OpenRoot(s.Folder)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	db, err := database.Open(t.Context(), filepath.Join(s.Folder, "thorpe.db"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	s.Accounts, err = accounts.New(t.Context(), db, time.Now)
	must(t, err)
	t.Cleanup(func() { s.Accounts.Close() })
	log := slog.New(slog.DiscardHandler)
	drive, err := dav.New(dav.Config{DB: db, Data: root, Log: log})
	must(t, err)
	if c, ok := any(drive).(interface{ Close() error }); ok {
		t.Cleanup(func() { c.Close() })
	}
	links, err := shares.Open(shares.Config{DB: db, Data: root, Log: log, Now: time.Now, Place: server.Placer(drive)})
	must(t, err)
	t.Cleanup(func() { links.Close() })
	base, err := url.Parse(s.URL)
	must(t, err)
	real, err := server.New(server.Config{
		URL: base, Port: base.Port(), Accounts: s.Accounts, Drive: drive, Shares: links, Log: log, Version: "test",
		Source: fstest.MapFS{"main.go": {Data: []byte("package main")}}, Space: func() (int64, error) { return 1 << 30, nil }, Now: time.Now,
	})
	must(t, err)
	s.real = real
	web := &http.Server{Handler: s.handler(real)}
	go web.Serve(listener)
	t.Cleanup(func() { web.Close() })
	return s
}

// handler answers for the test's page and scripts, and hands all else to the server.
func (s *site) handler(real http.Handler) http.Handler {
	mux := http.NewServeMux()
	scripts := s.tree.Path() + "/testdata/"
	mux.Handle(scripts, http.StripPrefix(scripts, http.FileServer(http.Dir("testdata"))))
	mux.Handle("/vectors/links/", http.StripPrefix("/vectors/links/", http.FileServer(http.Dir("../shares/testdata/vectors"))))
	mux.Handle("/vectors/accounts/", http.StripPrefix("/vectors/accounts/", http.FileServer(http.Dir("../server/accounts/testdata/vectors"))))
	blank := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		page := httptest.NewRequest("GET", "/s/", nil)
		page.Host = r.Host
		real.ServeHTTP(recorded, page)
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>test</title><script type="module" src="%stest.js"></script><body></body></html>`, scripts)
	})
	mux.Handle("/test/", blank)
	mux.Handle("/s/test", blank)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = s.overhear(r)
		if fault := s.fault.Load(); fault != nil && (*fault)(w, r) {
			return
		}
		// ServeMux cleans paths by redirecting, which WebDAV must not see.
		for _, prefix := range []string{scripts, "/vectors/", "/test/", "/s/test"} {
			if strings.HasPrefix(r.URL.Path, prefix) {
				mux.ServeHTTP(w, r)
				return
			}
		}
		real.ServeHTTP(w, r)
	})
}

// breakWith sets the fault; nil ends it.
func (s *site) breakWith(fault func(http.ResponseWriter, *http.Request) bool) {
	if fault == nil {
		s.fault.Store(nil)
		return
	}
	s.fault.Store(&fault)
}

// overhear notes a request with its URL and headers, and what is read of its body, of which it keeps the beginning.
func (s *site) overhear(r *http.Request) io.ReadCloser {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Clone(context.Background()))
	fmt.Fprintf(&s.words, "%s %s\n%v\n", r.Method, r.RequestURI, r.Header)
	return struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, writerFunc(func(p []byte) (int, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.words.Write(p[:min(len(p), 64<<10)])
		return len(p), nil
	})), r.Body}
}

// heard is all that reached the server.
func (s *site) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words.String()
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// answer is what the server itself says to a request.
func (s *site) answer(r *http.Request) *httptest.ResponseRecorder {
	recorded := httptest.NewRecorder()
	s.real.ServeHTTP(recorded, r)
	return recorded
}

// drop ends the connection of a request without an answer, or in the middle of one.
func drop(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		connection.Close()
	}
}

// asked gives the requests whose path starts with prefix, in their order.
func (s *site) asked(method, prefix string) []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*http.Request
	for _, r := range s.requests {
		if r.Method == method && strings.HasPrefix(r.URL.Path, prefix) {
			found = append(found, r)
		}
	}
	return found
}

// setupToken is good for one account, in the form the browser knows.
func (s *site) setupToken() string {
	s.t.Helper()
	token, err := s.Accounts.NewSetup(s.t.Context())
	must(s.t, err)
	return base64.RawURLEncoding.EncodeToString(token[:])
}

// patience is how long a test waits for what must happen; only a test that fails waits as long.
const patience = 2 * time.Minute

var chromium = sync.OnceValues(func() (context.Context, error) {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("no chromium on this machine")
	}
	profile, err := os.MkdirTemp("", "thorpe-chromium-")
	if err != nil {
		return nil, err
	}
	atEnd = append(atEnd, func() { os.RemoveAll(profile) })
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	atEnd = append([]func(){cancel, stop}, atEnd...)
	return ctx, chromedp.Do(ctx)
})

// atEnd is run after all tests.
var atEnd []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range atEnd {
		end()
	}
	os.Exit(code)
}

// tab is one page of a browser without a past: no cookies, no storage, no service worker.
type tab struct {
	t    *testing.T
	ctx  context.Context
	site *site
	// Downloads is where the browser puts what it downloads.
	Downloads string

	mu       sync.Mutex
	endings  map[string]chan string // state of each download by its guid
	begun    chan *browser.EventDownloadWillBegin
	problems []string
}

func newTab(t *testing.T, s *site) *tab {
	t.Helper()
	parent, err := chromium()
	if err != nil {
		if os.Getenv("THORPE_TEST_REQUIRE") != "" {
			t.Fatal(err)
		}
		t.Skip("needs chromium: ", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, site: s, Downloads: t.TempDir(), endings: map[string]chan string{}, begun: make(chan *browser.EventDownloadWillBegin, 16)}
	must(t, chromedp.Listen(ctx, b.hear))
	yes := true
	_, err = chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: b.Downloads, EventsEnabled: &yes,
		BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
	})
	must(t, err)
	b.open("/test/")
	return b
}

// open loads a page of the site, and waits for its script.
func (b *tab) open(path string) {
	b.t.Helper()
	must(b.t, chromedp.Do(b.ctx, chromedp.Navigate(b.site.URL+path), chromedp.Poll[chromedp.Void]("globalThis.ready")))
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch event := event.(type) {
	case *browser.EventDownloadWillBegin:
		b.begun <- event
	case *browser.EventDownloadProgress:
		if event.State == browser.DownloadProgressStateInProgress {
			return
		}
		b.ending(event.GUID) <- event.State.String()
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, fmt.Sprintf("%s %+v", event.ExceptionDetails.Text, event.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		var line []string
		for _, arg := range event.Args {
			line = append(line, string(arg.Value), arg.Description)
		}
		b.problems = append(b.problems, strings.Join(line, " "))
	}
}

// ending is where a download's end is told; b.mu is held.
func (b *tab) ending(guid string) chan string {
	if b.endings[guid] == nil {
		b.endings[guid] = make(chan string, 4)
	}
	return b.endings[guid]
}

// run calls an exported function of a script in testdata, waits for what it returns, and gives its JSON to result, which may be nil.
func (b *tab) run(result any, module, function string, args ...any) {
	b.t.Helper()
	if err := b.try(result, module, function, args...); err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.t.Fatalf("%s %s: %v\nconsole: %s", module, function, err, strings.Join(b.problems, "\n"))
	}
}

// try is run for a function that may fail.
func (b *tab) try(result any, module, function string, args ...any) error {
	b.t.Helper()
	given, err := json.Marshal(append([]any{}, args...))
	must(b.t, err)
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("run(%q, %q, %s)", module, function, given), chromedp.EvalAwaitPromise))
	if err != nil || result == nil {
		return err
	}
	return json.Unmarshal([]byte(answer), result)
}

// download is what became of the next download of the browser.
type download struct {
	Name  string // as the browser suggests it
	URL   string
	State string // completed or canceled
	File  string // where the bytes lie; of a canceled one there are none
}

// downloadBegins waits until the browser begins a download.
func (b *tab) downloadBegins() *browser.EventDownloadWillBegin {
	b.t.Helper()
	select {
	case begun := <-b.begun:
		return begun
	case <-time.After(patience):
		b.t.Fatal("no download begins")
		return nil
	}
}

// downloadEnds waits until a download that has begun ends.
func (b *tab) downloadEnds(begun *browser.EventDownloadWillBegin) download {
	b.t.Helper()
	b.mu.Lock()
	ended := b.ending(begun.GUID)
	b.mu.Unlock()
	select {
	case state := <-ended:
		return download{Name: begun.SuggestedFilename, URL: begun.URL, State: state, File: filepath.Join(b.Downloads, begun.GUID)}
	case <-time.After(patience):
		b.t.Fatal("the download does not end")
		return download{}
	}
}

// nextDownload waits until a download has begun and ended.
func (b *tab) nextDownload() download {
	b.t.Helper()
	return b.downloadEnds(b.downloadBegins())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
