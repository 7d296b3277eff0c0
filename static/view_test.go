package static_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// counted is an answer whose bytes are counted.
type counted struct {
	http.ResponseWriter
	bytes *atomic.Int64
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}

func (c counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// An element plays a file of a link from any place: just the chunks around it are fetched and opened, also after the browser stopped the service
// worker; nobody but the element of that page gets to see the file (B8).
func TestAViewIsPlayedFromAnyPlace(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "view.js", "sendSound", 400)
	reader := newTab(t, sender.site)
	var served atomic.Int64
	reader.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") {
			return false
		}
		reader.site.real.ServeHTTP(counted{w, &served}, r)
		return true
	})
	defer reader.site.breakWith(nil)
	reader.open("/s/test")
	var view struct {
		URL      string
		Duration float64
	}
	reader.run(&view, "view.js", "show", made.Link, "sound.wav")
	if view.Duration != 400 {
		t.Errorf("the sound lasts %v s", view.Duration)
	}
	const size = 400 * 192_000
	for _, seconds := range []int64{320, 60} {
		var at float64
		reader.run(&at, "view.js", "playFrom", seconds)
		if at < float64(seconds) || at > float64(seconds)+5 {
			t.Errorf("asked for second %d it plays at %v", seconds, at)
		}
		if !slices.ContainsFunc(reader.site.asked("GET", "/api/links/"), func(r *http.Request) bool {
			var start int64
			n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &start)
			return n == 1 && start > seconds*192_000-2_000_000 && start < seconds*192_000+300_000
		}) {
			t.Errorf("no request begins near second %d", seconds)
		}
		_, err := chromedp.Call(reader.ctx, serviceworker.Enable, cdp.Empty{})
		must(t, err)
		_, err = chromedp.Call(reader.ctx, serviceworker.StopAllWorkers, cdp.Empty{})
		must(t, err)
	}
	if part := float64(served.Load()) / size; part > 0.3 {
		t.Errorf("%.0f %% of the file were fetched", part*100)
	}
	if visits := reader.site.asked("POST", "/api/links/"+made.ID+"/downloads"); len(visits) != 1 {
		t.Errorf("one look took %d visits", len(visits))
	}

	var status []int
	reader.run(&status, "view.js", "askOtherwise", view.URL)
	if !slices.Equal(status, []int{404, 404}) {
		t.Errorf("asked otherwise, the view answers %v", status)
	}
	var code int
	if reader.run(&code, "view.js", "playEnded"); code == 0 {
		t.Error("a view that has ended still plays")
	}
}
