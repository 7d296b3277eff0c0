package browsertest

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// AskedAtLeaving does what leaves the page, waits for the browser's own question whether to leave, and answers it. A test that used [Browser.Reload] before has
// answered all such questions with yes.
func (b *Browser) AskedAtLeaving(leave func(), answer bool) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	asked := make(chan *page.EventJavascriptDialogOpening, 1)
	if err := chromedp.Listen(ctx, func(event any) {
		if e, asks := event.(*page.EventJavascriptDialogOpening); asks {
			select {
			case asked <- e:
			default:
			}
		}
	}); err != nil {
		b.t.Fatalf("listening for a question: %v", err)
	}
	leave()
	select {
	case e := <-asked:
		b.Do("answering", call(page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: answer}))
		if e.Type != page.DialogTypeBeforeunload {
			b.t.Errorf("the page asks by itself (%s): %s", e.Type, e.Message)
		}
	case <-time.After(Patience):
		b.t.Fatalf("nothing was asked at leaving; the page at %s says: %s", b.URL(), b.Text())
	}
}
