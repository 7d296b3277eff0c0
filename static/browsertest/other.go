package browsertest

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Other is a browser that is not Chromium: one window, driven as far as its driver goes. Start from [NewFirefox] or [NewWebKit].
//
// It clicks and types as [Browser] does, and finds controls by the same names. A violation of the page's policy fails the test where the driver tells of it (Firefox).
type Other struct {
	Name      string // "Firefox" or "WebKitGTK", with its version
	Downloads string // folder that downloads land in; empty where the driver does not say where that is

	t      testing.TB
	driver driver
}

// driver is what a browser's remote protocol must do. Scripts run in the page.
type driver interface {
	open(ctx context.Context, url string) error
	// eval runs the body of an async function that returns a string.
	eval(ctx context.Context, body string) (string, error)
	click(ctx context.Context, x, y float64) error
	keys(ctx context.Context, text string) error
	// choose gives files to the input element that an expression names.
	choose(ctx context.Context, element string, paths []string) error
	screenshot(ctx context.Context) (png []byte, err error)
}

func (o *Other) with(what string, do func(ctx context.Context) error) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if err := do(ctx); err != nil {
		o.t.Fatalf("%s: %s: %v\nthe page at %s says: %s", o.Name, what, err, o.URL(), o.Text())
	}
}

// Open goes to url in the window.
func (o *Other) Open(url string) {
	o.t.Helper()
	o.with("opening a page", func(ctx context.Context) error { return o.driver.open(ctx, url) })
}

// URL is where the window is.
func (o *Other) URL() string { return o.ask("location.href") }

// Text is what the page shows.
func (o *Other) Text() string { return o.ask("document.body.innerText") }

func (o *Other) ask(expression string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	text, err := o.driver.eval(ctx, "return String("+expression+")")
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	return text
}

// Eval runs JavaScript, waits for its promise, and decodes the result into out, if it is not nil.
func (o *Other) Eval(script string, out any) {
	o.t.Helper()
	o.with("running script", func(ctx context.Context) error {
		text, err := o.driver.eval(ctx, "return JSON.stringify({value: await ("+script+")})")
		if err != nil || out == nil {
			return err
		}
		return json.Unmarshal([]byte(text), &struct{ Value any }{out})
	})
}

// Wait waits until the JavaScript expression is true in the page, also across navigations.
func (o *Other) Wait(what, expression string) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for {
		found, err := o.driver.eval(ctx, "return String(Boolean("+expression+"))")
		if err == nil && found == "true" {
			return
		}
		select {
		case <-time.After(50 * time.Millisecond): // between two looks; there is no event for "the page shows"
		case <-ctx.Done():
			o.t.Fatalf("%s: waited in vain for %s (%v)\nthe page at %s says: %s", o.Name, what, err, o.URL(), o.Text())
		}
	}
}

// WaitText waits until the page shows text.
func (o *Other) WaitText(text string) {
	o.t.Helper()
	o.Wait(fmt.Sprintf("%q", text), "document.body && document.body.innerText.includes("+quote(text)+")")
}

// Click clicks, with the mouse, the control that is called name, once there is one.
func (o *Other) Click(name string) {
	o.t.Helper()
	element := find + "(" + quote(name) + ")"
	o.Wait(fmt.Sprintf("the control %q", name), reachable(element))
	var middle [2]float64
	o.Eval(middleOf(element), &middle)
	o.with("clicking "+name, func(ctx context.Context) error { return o.driver.click(ctx, middle[0], middle[1]) })
}

// Fill types text into the field that is called name, in place of what is there.
func (o *Other) Fill(name, text string) {
	o.t.Helper()
	o.Click(name)
	o.Eval("(e => e.select && e.select())(document.activeElement)", nil)
	o.with("typing into "+name, func(ctx context.Context) error { return o.driver.keys(ctx, text) })
}

// Choose gives files of this machine to the input element that a JavaScript expression names, as choosing them in the browser's dialog does.
func (o *Other) Choose(element string, paths ...string) {
	o.t.Helper()
	o.with("choosing files", func(ctx context.Context) error { return o.driver.choose(ctx, element, paths) })
}

// Screenshot writes what the window shows to path, as PNG.
func (o *Other) Screenshot(path string) {
	o.t.Helper()
	o.with("taking a screenshot", func(ctx context.Context) error {
		png, err := o.driver.screenshot(ctx)
		if err != nil {
			return err
		}
		return os.WriteFile(path, png, 0o600)
	})
}

// Saved waits until a file of that name and size lies among the downloads, and returns its path.
func (o *Other) Saved(name string, size int64) string {
	o.t.Helper()
	return o.saved(name, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() == size
	})
}

// SavedWhole is Saved for a zip, whose size is not known before: it waits until the archive can be read.
func (o *Other) SavedWhole(name string) string {
	o.t.Helper()
	return o.saved(name, func(path string) bool {
		archive, err := zip.OpenReader(path)
		if err == nil {
			archive.Close()
		}
		return err == nil
	})
}

func (o *Other) saved(name string, whole func(path string) bool) string {
	o.t.Helper()
	path := filepath.Join(o.Downloads, name)
	for end := time.Now().Add(Patience); ; time.Sleep(50 * time.Millisecond) {
		if whole(path) {
			return path
		}
		if time.Now().After(end) {
			entries, _ := os.ReadDir(o.Downloads)
			o.t.Fatalf("%s: %s was not saved; there is %v\nthe page says: %s", o.Name, name, entries, o.Text())
		}
	}
}
