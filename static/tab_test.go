package static_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

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
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile), chromedp.Env("TMPDIR="+profile),
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
