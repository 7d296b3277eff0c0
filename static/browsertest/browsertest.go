// Package browsertest drives a real Chromium in tests: a fresh profile each, clicked and typed into as a person would.
//
// Start from [New]. Controls are found by what they are called (their text or accessible name), not by where they stand in the
// page, so that a test breaks when a person would be lost. Every wait is for something to happen and ends the test
// after [Patience]; nothing sleeps. An uncaught exception or a violation of the page's policy fails the test.
package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
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
}

type download struct{ guid, name, url string }

// New starts a browser, or skips the test where there is none.
func New(t testing.TB) *Browser {
	t.Helper()
	path := Need(t, "chromium", "chromium-browser", "google-chrome", "chrome")
	b := &Browser{Downloads: t.TempDir(), t: t, ended: map[string]string{}, signal: make(chan struct{}), choosers: make(chan cdp.BackendNodeID, 8)}
	options := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800)},
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

func (b *Browser) changed() {
	close(b.signal)
	b.signal = make(chan struct{})
}

// Faults returns the exceptions and policy violations so far, and forgets them: for a test that expects some.
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

// Open goes to url in the browser's one tab.
func (b *Browser) Open(url string) {
	b.t.Helper()
	b.Do("opening a page", chromedp.Navigate(url))
}

// URL is where the tab is.
func (b *Browser) URL() string { return b.ask("location.href") }

// Text is what the page shows.
func (b *Browser) Text() string { return b.ask("document.body.innerText") }

// ask evaluates an expression whose value is a text, for a message: a failure is part of it.
func (b *Browser) ask(expression string) string {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	return text
}

// Eval runs JavaScript, waits for its promise, and decodes the result into out, if it is not nil.
func (b *Browser) Eval(script string, out any) {
	b.t.Helper()
	var text string
	b.Do("running script", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) (err error) {
		text, err = chromedp.Run(ctx, chromedp.Evaluate[string]("(async () => JSON.stringify({value: await ("+script+")}))()", chromedp.EvalAwaitPromise))
		return err
	}))
	if out == nil {
		return
	}
	if err := json.Unmarshal([]byte(text), &struct{ Value any }{out}); err != nil {
		b.t.Fatalf("the script's result: %v: %s", err, text)
	}
}

// Wait waits until the JavaScript expression is true in the page, also across navigations.
func (b *Browser) Wait(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	var last error
	for {
		found, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err == nil && found {
			return
		}
		if err != nil {
			last = err
		}
		select {
		case <-time.After(25 * time.Millisecond): // between two looks; there is no event for "the page shows"
		case <-ctx.Done():
			b.t.Fatalf("waited in vain for %s (%v)\nthe page at %s says: %s", what, last, b.URL(), b.Text())
		}
	}
}

// WaitText waits until the page shows text.
func (b *Browser) WaitText(text string) {
	b.t.Helper()
	b.Wait(fmt.Sprintf("%q", text), "document.body && document.body.innerText.includes("+quote(text)+")")
}

// find is the JavaScript that finds what is visible, enabled, and called name: a control of that role, by its label or text.
const find = `(name => {
  const called = e => (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.value || e.getAttribute('placeholder') || '').trim();
  const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.closest('[inert]');
  const top = [...document.querySelectorAll('dialog[open]')].at(-1) || document;
  const all = [...top.querySelectorAll('button, a[href], input, select, textarea, summary, label, [role=button], [role=menuitem], [role=option], [role=row], [role=treeitem], [role=tab], [tabindex]')].filter(shown);
  return all.find(e => called(e) === name) || all.find(e => called(e).startsWith(name)) || null;
})`

// Click clicks, with the mouse, the control that is called name, once there is one.
func (b *Browser) Click(name string) {
	b.t.Helper()
	b.ClickAt(fmt.Sprintf("the control %q", name), find+"("+quote(name)+")")
}

// ClickAt clicks, with the mouse, in the middle of the element that the expression gives, once it gives one that stands still.
func (b *Browser) ClickAt(what, element string) {
	b.t.Helper()
	x, y := b.place(what, element)
	b.Do("clicking "+what, chromedp.MouseClickXY(x, y))
}

// place returns the middle of an element, after scrolling it into view and waiting until it is what a click there meets.
func (b *Browser) place(what, element string) (x, y float64) {
	b.t.Helper()
	b.Wait(what, `(() => {
		const e = `+element+`;
		if (!e) return false;
		e.scrollIntoView({block: 'nearest', inline: 'nearest'});
		const r = e.getBoundingClientRect();
		if (!r.width || !r.height) return false;
		const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
		return hit && (e === hit || e.contains(hit) || hit.contains(e));
	})()`)
	var middle [2]float64
	b.Eval("(r => [r.x + r.width / 2, r.y + r.height / 2])(("+element+").getBoundingClientRect())", &middle)
	return middle[0], middle[1]
}

// Fill types text into the field that is called name, in place of what is there.
func (b *Browser) Fill(name, text string) {
	b.t.Helper()
	b.Click(name)
	b.Eval("(e => e.select && e.select())(document.activeElement)", nil)
	b.Do("typing into "+name, chromedp.KeyEvent(text))
}

// Press presses a key, such as kb.Enter.
func (b *Browser) Press(key string, modifiers ...chromedp.KeyOption) {
	b.t.Helper()
	b.Do("pressing a key", chromedp.KeyEvent(key, modifiers...))
}

// Choose does what opens the browser's dialog for files, and chooses these files, or this one folder, in it.
func (b *Browser) Choose(open func(), paths ...string) {
	b.t.Helper()
	on := true
	b.Do("watching for the dialog", call(page.Enable, page.EnableParams{}), call(page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: on}))
	open()
	select {
	case field := <-b.choosers:
		b.Do("choosing files", call(dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: paths, BackendNodeID: field}))
	case <-time.After(Patience):
		b.t.Fatalf("no dialog for files opened; the page says: %s", b.Text())
	}
}

// Dark has the browser ask pages for their dark look, or for their light one.
func (b *Browser) Dark(dark bool) {
	b.t.Helper()
	b.Do("choosing a look", call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: map[bool]string{true: "dark", false: "light"}[dark]}},
	}))
}

// Size sets the size of the page, in CSS pixels.
func (b *Browser) Size(width, height int64) {
	b.t.Helper()
	b.Do("sizing", chromedp.EmulateViewport(width, height))
}

// Screenshot writes what the page shows to path, as PNG.
func (b *Browser) Screenshot(path string) {
	b.t.Helper()
	b.Do("taking a screenshot", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		return os.WriteFile(path, png, 0o600)
	}))
}

// Drop drops files and folders of this machine on the middle of the page, as from a file explorer.
func (b *Browser) Drop(paths ...string) {
	b.t.Helper()
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		b.Do("dropping files", call(input.DispatchDragEvent, input.DispatchDragEventParams{
			Type: kind, X: 640, Y: 400, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1},
		}))
	}
}

// Download does what begins a download, and waits for its end. It returns the file, and the state that the browser's own list
// shows: "completed" or "canceled".
func (b *Browser) Download(begin func()) (path, state string) {
	b.t.Helper()
	b.mu.Lock()
	count := len(b.begun)
	b.mu.Unlock()
	begin()
	timeout := time.After(Patience * 3)
	for {
		b.mu.Lock()
		signal := b.signal
		if len(b.begun) > count {
			if state, ok := b.ended[b.begun[count].guid]; ok {
				path := filepath.Join(b.Downloads, b.begun[count].name)
				b.mu.Unlock()
				return path, state
			}
		}
		b.mu.Unlock()
		select {
		case <-signal:
		case <-timeout:
			b.t.Fatalf("no download ended; the page says: %s", b.Text())
		}
	}
}

// PID is the process id of the browser.
func (b *Browser) PID() int { return chromedp.FromContext(b.ctx).Browser.Process().Pid }

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}
