package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Installable returns what keeps the browser from installing the page as an app, by its own account: nothing, where it can be. Errors in the manifest are among it.
func (b *Browser) Installable() (faults []string) {
	b.t.Helper()
	b.Do("asking whether it can be installed", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		manifest, err := chromedp.Call(ctx, page.GetAppManifest, page.GetAppManifestParams{})
		if err != nil {
			return err
		}
		for _, e := range manifest.Errors {
			faults = append(faults, fmt.Sprintf("%s:%d: %s", manifest.URL, e.Line, e.Message))
		}
		if manifest.Data == "" {
			faults = append(faults, "there is no manifest")
		}
		found, err := chromedp.Call(ctx, page.GetInstallabilityErrors, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, e := range found.InstallabilityErrors {
			faults = append(faults, e.ErrorID)
		}
		return nil
	}))
	return faults
}
