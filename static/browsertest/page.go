package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Open goes to url in the browser's one tab.
func (b *Browser) Open(url string) {
	b.t.Helper()
	b.Do("opening a page", chromedp.Navigate(url))
}

// SetCookie gives the page's site a cookie that scripts cannot read.
func (b *Browser) SetCookie(name, value string) {
	b.t.Helper()
	httpOnly := true
	b.Do("setting a cookie", call(network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.URL(), HTTPOnly: &httpOnly, SameSite: network.CookieSameSiteLax}))
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
  const within = top => {
    const all = [...top.querySelectorAll('button, a[href], input, select, textarea, summary, label, [role=button], [role=menuitem], [role=option], [role=row], [role=treeitem], [role=tab], [tabindex]')].filter(shown);
    return all.find(e => called(e) === name) || all.find(e => called(e).startsWith(name)) || null;
  };
  const menu = document.querySelector('.menu:popover-open');
  return menu && within(menu) || within([...document.querySelectorAll('dialog[open]')].at(-1) || document);
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

// place returns the middle of an element, after scrolling it into view and waiting until it stands still and is what a click there meets.
func (b *Browser) place(what, element string) (x, y float64) {
	b.t.Helper()
	b.Wait(what, reachable(element))
	var middle [2]float64
	b.Eval(middleOf(element), &middle)
	return middle[0], middle[1]
}

var looks atomic.Int64

// reachable is the JavaScript that scrolls an element into view, and tells whether it is where it was when the same script looked before, and is what a click in its
// middle meets.
func reachable(element string) string {
	return `(() => {
		const e = ` + element + `;
		if (!e) return false;
		e.scrollIntoView({block: 'nearest', inline: 'nearest'});
		const r = e.getBoundingClientRect();
		if (!r.width || !r.height) return false;
		const at = [` + strconv.FormatInt(looks.Add(1), 10) + `, r.x, r.y, r.width, r.height].join();
		const still = globalThis.lastLook === at;
		globalThis.lastLook = at;
		const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
		return still && hit && (e === hit || e.contains(hit) || hit.contains(e));
	})()`
}

// middleOf is the JavaScript that gives [x, y] of the middle of an element, in CSS pixels of the window.
func middleOf(element string) string {
	return "(r => [r.x + r.width / 2, r.y + r.height / 2])((" + element + ").getBoundingClientRect())"
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

// PressLast presses a key that may end the frame which hears it. Such a frame answers no more, and nothing waits for it: wait for what the key does.
func (b *Browser) PressLast(key string) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		chromedp.Do(ctx, chromedp.KeyEvent(key))
	}()
	b.t.Cleanup(func() { cancel(); <-ended })
}

// Choose does what opens the browser's dialog for files, and chooses these files, or this one folder, in it. The page has to do with a field, as in browsers
// without the File System Access API: the protocol answers no other dialog.
func (b *Browser) Choose(open func(), paths ...string) {
	b.t.Helper()
	b.Eval("(delete globalThis.showOpenFilePicker, delete globalThis.showDirectoryPicker, null)", nil)
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

// ClearCache forgets what the browser keeps of answers, so that the next visit is as a first one.
func (b *Browser) ClearCache() {
	b.t.Helper()
	b.Do("clearing the cache", call(network.ClearBrowserCache, cdp.Empty{}))
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

// Reload loads the page again, as somebody who says yes where the browser asks whether to leave.
func (b *Browser) Reload() {
	b.t.Helper()
	b.Do("loading the page again", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		err := chromedp.Listen(ctx, func(event any) {
			if _, asks := event.(*page.EventJavascriptDialogOpening); asks {
				go chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}
		})
		return err
	}), chromedp.Reload())
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
	b.dropAt(640, 400, &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1})
}

// DropOn drops them on the element that a JavaScript expression names.
func (b *Browser) DropOn(what, element string, paths ...string) {
	b.t.Helper()
	x, y := b.place(what, element)
	b.dropAt(x, y, &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1})
}

// DropLink drops a link of another page on the middle of this one.
func (b *Browser) DropLink(address string) {
	b.t.Helper()
	b.dropAt(640, 400, &input.DragData{Items: []*input.DragDataItem{{MimeType: "text/uri-list", Data: address}, {MimeType: "text/plain", Data: address}}, DragOperationsMask: 1})
}

func (b *Browser) dropAt(x, y float64, data *input.DragData) {
	b.t.Helper()
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		b.Do("dropping", call(input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: x, Y: y, Data: data}))
	}
}

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}
