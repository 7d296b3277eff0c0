// Package browsertest drives a real Chromium in tests: a fresh profile each, clicked and typed into as a person would.
//
// Start from [New]. Controls are found by what they are called (their text or accessible name), not by where they stand in the
// page, so that a test breaks when a person would be lost. Every wait is for something to happen and ends the test
// after [Patience]; nothing sleeps. An uncaught exception, a console.error or a violation of the page's policy fails the test.
package browsertest

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Patience is how long something that must happen may take; only a test that fails waits as long.
const Patience = 3 * time.Minute

// RequireVariable, set to 1, turns a skip for want of a program into a failure.
const RequireVariable = "THORPE_TEST_REQUIRE"

// Need returns the path of the first of the programs that is installed, or skips the test, saying which is missing.
func Need(t testing.TB, programs ...string) string {
	t.Helper()
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv(RequireVariable) == "1" {
		t.Fatalf("%s is not installed, and %s=1 says that it must be", programs[0], RequireVariable)
	}
	t.Skipf("%s is not installed", programs[0])
	return ""
}

// Browser is one browser with a profile of its own.
type Browser struct {
	Downloads string // folder that downloads land in

	t      testing.TB
	ctx    context.Context
	mu     sync.Mutex
	faults []string
	ended  map[string]string // state of each download that ended, by its guid
	begun  []download
	signal chan struct{} // closed and made anew whenever a download changes

	choosers chan cdp.BackendNodeID // fields whose dialog opened

	twiceX, twiceY float64 // where a double click has begun
}

type download struct{ guid, name, url string }

// Chromium with its own interface, and without it: the same engine for half of the time.
var (
	whole = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}
	shell = append([]string{"/usr/lib/chromium/chromium-headless-shell", "chrome-headless-shell"}, whole...)
)

// New starts a browser, or skips the test where there is none. It has no interface of its own where such a Chromium is installed; see [NewWhole].
func New(t testing.TB) *Browser {
	t.Helper()
	return chromium(t, Need(t, shell...))
}

// NewWhole starts, likewise, a browser as people have it, for what the one of [New] lacks: the reading of PDFs, the tree for screen readers, windows.
func NewWhole(t testing.TB) *Browser {
	t.Helper()
	return chromium(t, Need(t, whole...))
}

func chromium(t testing.TB, path string) *Browser {
	t.Helper()
	b := &Browser{Downloads: t.TempDir(), t: t, ended: map[string]string{}, signal: make(chan struct{}), choosers: make(chan cdp.BackendNodeID, 8)}
	options := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800)},
		chromedp.Env("TMPDIR="+newTemp(t)), chromedp.Flag("accept-lang", "en-US"), // the tests find controls by their English names
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		cancel() // waits for the process to end
		cancelAllocator()
	})
	b.ctx = ctx
	b.Do("starting", chromedp.Func(func(context.Context, *chromedp.Target) error {
		return errors.Join(chromedp.Listen(ctx, b.listen), chromedp.ListenBrowser(ctx, b.listen))
	}), call(log.Enable, cdp.Empty{}), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		events := true
		_, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: b.Downloads, EventsEnabled: &events,
		})
		return err
	}))
	t.Cleanup(func() {
		for _, fault := range b.Faults() {
			t.Errorf("in the browser: %s", fault)
		}
	})
	return b
}

// newTemp is a folder for what Chromium puts into the system's folder for temporary files and leaves there. Its path is short, for
// a socket lies in it, whose path may have about 100 bytes.
func newTemp(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "thorpe-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// Tab opens another tab of the same browser, with the same profile.
func (b *Browser) Tab() *Browser {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	tab := &Browser{Downloads: b.Downloads, t: b.t, ctx: ctx, ended: map[string]string{}, signal: make(chan struct{}), choosers: make(chan cdp.BackendNodeID, 8)}
	if err := errors.Join(chromedp.Do(ctx), chromedp.Listen(ctx, tab.listen)); err != nil {
		b.t.Fatalf("opening a tab: %v", err)
	}
	tab.Do("coming to the front", call(page.BringToFront, cdp.Empty{})) // a tab in the background may answer no clicks
	return tab
}

// Close closes the tab as a person does who asks for no last word: what it runs ends at once. Nothing can be done with it afterwards.
func (b *Browser) Close() {
	b.t.Helper()
	id := chromedp.FromContext(b.ctx).Target.TargetID
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	if _, err := chromedp.CallBrowser(ctx, target.CloseTarget, target.CloseTargetParams{TargetID: id}); err != nil && ctx.Err() == nil {
		b.t.Fatalf("closing a tab: %v", err)
	}
}

// call is a protocol command as an action.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, command, params)
		return err
	})
}

func (b *Browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, describe(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			b.faults = append(b.faults, "console.error: "+words(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceSecurity || strings.Contains(e.Entry.Text, "Content Security Policy") {
			b.faults = append(b.faults, e.Entry.Text)
		}
	case *page.EventFileChooserOpened:
		b.choosers <- e.BackendNodeID
	case *browser.EventDownloadWillBegin:
		b.begun = append(b.begun, download{e.GUID, e.SuggestedFilename, e.URL})
		b.changed()
	case *browser.EventDownloadProgress:
		if e.State != browser.DownloadProgressStateInProgress {
			b.ended[e.GUID] = string(e.State)
			b.changed()
		}
	}
}

func describe(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

// words is what was given to a function of the console.
func words(args []*runtime.RemoteObject) string {
	var said []string
	for _, arg := range args {
		said = append(said, cmp.Or(arg.Description, string(arg.Value)))
	}
	return strings.Join(said, " ")
}

func (b *Browser) changed() {
	close(b.signal)
	b.signal = make(chan struct{})
}

// Faults returns the exceptions, errors told to the console and policy violations so far, and forgets them: for a test that expects some.
func (b *Browser) Faults() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	faults := b.faults
	b.faults = nil
	return faults
}

// Do runs actions; a failure, or no end within Patience, fails the test and says what was tried.
func (b *Browser) Do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if chromedp.FromContext(b.ctx).Browser == nil { // the first call starts the browser and must not end it
		if err := chromedp.Do(b.ctx); err != nil {
			b.t.Fatalf("starting Chromium: %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v\nthe page at %s says: %s", what, err, b.URL(), b.Text())
	}
}

// PID is the process id of the browser.
func (b *Browser) PID() int { return chromedp.FromContext(b.ctx).Browser.Process().Pid }
