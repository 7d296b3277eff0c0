package static_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// hold makes the server give the beginning of each content and then nothing more until the returned function is called.
func (s *site) hold(bytes int) (release func()) {
	wait := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") {
			return false
		}
		body := s.begin(w, r)
		if len(body) < bytes { // a refusal, such as for a request that was taken back
			w.Write(body)
			return true
		}
		w.Write(body[:bytes])
		http.NewResponseController(w).Flush()
		select {
		case <-wait:
			w.Write(body[bytes:])
		case <-r.Context().Done():
		}
		return true
	})
	return func() { close(wait) }
}

func newDownload(t *testing.T) (reader *tab, made sent) {
	t.Helper()
	sender := newSender(t)
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.bin", 12_000_000}})
	return newTab(t, sender.site), made
}

func TestAPersonStopsTheDownloadInTheBrowser(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	defer reader.site.hold(2_000_000)()
	reader.run(nil, "link.js", "beginSaving", made.Link)
	begun := reader.downloadBegins()
	_, err := chromedp.Call(reader.ctx, browser.CancelDownload, browser.CancelDownloadParams{GUID: begun.GUID, BrowserContextID: chromedp.FromContext(reader.ctx).BrowserContextID})
	must(t, err)
	var got saved
	reader.run(&got, "link.js", "endSaving")
	if got.Error != "stopped" {
		t.Errorf("download told %+v", got)
	}
	if end := reader.downloadEnds(begun); end.State != "canceled" {
		t.Errorf("the browser shows %s", end.State)
	}
}

func TestThePageStopsTheDownload(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	defer reader.site.hold(2_000_000)()
	reader.run(nil, "link.js", "beginSaving", made.Link)
	begun := reader.downloadBegins()
	var got saved
	reader.run(&got, "link.js", "stopSaving")
	if got.Error != "AbortError" {
		t.Errorf("download told %+v", got)
	}
	if end := reader.downloadEnds(begun); end.State != "canceled" {
		t.Errorf("the browser shows %s", end.State)
	}
}

// The page that opens the content is gone: what the browser has so far must not look like a file.
func TestThePageIsGone(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	defer reader.site.hold(2_000_000)()
	reader.run(nil, "link.js", "beginSaving", made.Link)
	begun := reader.downloadBegins()
	must(t, chromedp.Do(reader.ctx, chromedp.Navigate("about:blank")))
	if end := reader.downloadEnds(begun); end.State != "canceled" {
		t.Errorf("the browser shows %s", end.State)
	}
}

// Two downloads at once, of which one waits: each gets its own bytes (B8).
func TestTwoDownloadsAtOnce(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	release := reader.site.hold(2_000_000)
	reader.run(nil, "link.js", "beginSaving", made.Link)
	first := reader.downloadBegins()
	reader.site.breakWith(nil)
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{})
	second := reader.nextDownload()
	release()
	var held saved
	reader.run(&held, "link.js", "endSaving")
	one := reader.downloadEnds(first)
	if !got.OK || !held.OK || one.State != "completed" || second.State != "completed" || !strings.HasSuffix(second.Name, ".bin") {
		t.Fatalf("%+v %+v, the browser has %+v and %+v", got, held, one, second)
	}
	if sumOf(t, one.File) != sumOf(t, second.File) {
		t.Error("the two files are not the same")
	}
}

// No key, name or ticket is in the address that the service worker answers, and no file's name either; and nothing else is answered (B8).
func TestTheServiceWorkerAnswersOnlyOffers(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	reader.run(nil, "link.js", "save", made.Link, []string{})
	got := reader.nextDownload()
	if parts := strings.Split(strings.TrimPrefix(got.URL, reader.site.URL), "/"); len(parts) != 4 || parts[1] != "s" || parts[2] != "get" || len(parts[3]) != 36 {
		t.Errorf("the address is %s", got.URL)
	}
	var status []int
	reader.open("/s/test") // a page in the worker's scope
	reader.run(&status, "link.js", "askServiceWorker", strings.TrimPrefix(got.URL, reader.site.URL), "/s/get/", "/s/get/x/y", "/s/worker.js")
	if want := []int{404, 404, 404, 200}; !slices.Equal(status, want) {
		t.Errorf("it answers %v, want %v", status, want)
	}
}

// The browser may stop the service worker at any time; the page then says so, and no half file stays (B8).
func TestTheServiceWorkerIsStopped(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	defer reader.site.hold(2_000_000)()
	reader.run(nil, "link.js", "beginSaving", made.Link)
	begun := reader.downloadBegins()
	_, err := chromedp.Call(reader.ctx, serviceworker.Enable, cdp.Empty{})
	must(t, err)
	_, err = chromedp.Call(reader.ctx, serviceworker.StopAllWorkers, cdp.Empty{})
	must(t, err)
	var got saved
	reader.run(&got, "link.js", "endSaving")
	if got.Error != "worker_lost" {
		t.Errorf("download told %+v", got)
	}
	if end := reader.downloadEnds(begun); end.State != "canceled" {
		t.Errorf("the browser shows %s", end.State)
	}
}

// A file that is shorter or longer than was announced fails, and is never saved as if it were whole.
func TestADownloadOfAnotherLengthFails(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	reader.run(nil, "link.js", "save", made.Link, []string{})
	reader.nextDownload()
	reader.open("/s/test")
	for count, want := range map[int]bool{2: false, 3: true, 4: false} {
		var got bool
		if reader.run(&got, "link.js", "offeredBytes", count); got != want {
			t.Errorf("%d bytes of 3: comes whole is %v, want %v", count, got, want)
		}
	}
}

// Whatever a sender calls a file, it is saved and never shown, with headers that the service worker alone sets (F1-F4).
func TestTheHeadersOfADownload(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	reader.run(nil, "link.js", "save", made.Link, []string{})
	reader.nextDownload()
	reader.open("/s/test")
	for name, disposition := range map[string]string{
		"plain.txt":                       `attachment; filename="plain.txt"; filename*=UTF-8''plain.txt`,
		"evil.html\r\nX-Evil: 1":          `attachment; filename="evil.html__X-Evil: 1"; filename*=UTF-8''evil.html%0D%0AX-Evil%3A%201`,
		`a.sh";x=.txt`:                    `attachment; filename="a.sh_;x=.txt"; filename*=UTF-8''a.sh%22%3Bx%3D.txt`,
		"x'*().svg; filename*=UTF-8''y\\": `attachment; filename="x'*().svg; filename*=UTF-8''y_"; filename*=UTF-8''x%27%2A%28%29.svg%3B%20filename%2A%3DUTF-8%27%27y%5C`,
		"ä漢.pdf":                          `attachment; filename="__.pdf"; filename*=UTF-8''%C3%A4%E6%BC%A2.pdf`,
	} {
		var got struct {
			Headers map[string]string
			Body    []int
			Again   int
		}
		reader.run(&got, "link.js", "offeredHeaders", name)
		want := map[string]string{
			"content-type": "application/octet-stream", "content-disposition": disposition, "content-length": "3", "cache-control": "no-store",
			"x-content-type-options": "nosniff", "content-security-policy": "sandbox; default-src 'none'", "cross-origin-resource-policy": "same-origin",
		}
		if diff := cmp.Diff(want, got.Headers); diff != "" {
			t.Errorf("%q (-want +got) %s", name, diff)
		}
		if !slices.Equal(got.Body, []int{1, 2, 3}) || got.Again != 404 {
			t.Errorf("%q: the body is %v, asked again it answers %d", name, got.Body, got.Again)
		}
	}
}
