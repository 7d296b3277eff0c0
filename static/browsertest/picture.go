package browsertest

import (
	"context"
	"os"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Look has the page shown light or dark, in a window of a size in CSS pixels, with nothing moving, and waits until that is drawn.
func (b *Browser) Look(dark bool, width, height int64) {
	b.t.Helper()
	b.Do("choosing a look", call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: map[bool]string{true: "dark", false: "light"}[dark]},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}))
	b.Size(width, height)
	b.Eval(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))`, nil)
}

// WebP writes what the page shows to path, of a quality from 0 to 100.
func (b *Browser) WebP(path string, quality int64) {
	b.t.Helper()
	b.Do("taking a picture", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		taken, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality})
		if err != nil {
			return err
		}
		return os.WriteFile(path, taken.Data, 0o600)
	}))
}
