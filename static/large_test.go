package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// choose puts a file of this computer into the page's file field, as a person does.
func (b *tab) choose(path string) {
	b.t.Helper()
	b.run(nil, "link.js", "showField")
	must(b.t, chromedp.Do(b.ctx, chromedp.SetUploadFiles("input[type=file]", []string{path})))
}

// A file that fits in no memory comes through whole, both ways. What it costs in time is for whoever reads the log.
func TestALargeFileThereAndBack(t *testing.T) {
	t.Parallel()
	if os.Getenv("THORPE_TEST_LARGE") == "" {
		t.Skip("set THORPE_TEST_LARGE for a file of 2 GiB")
	}
	const size = 2<<30 + 12345
	path := filepath.Join(t.TempDir(), "large.bin")
	file, err := os.Create(path)
	must(t, err)
	must(t, file.Truncate(size))
	for at := int64(0); at < size; at += 1 << 20 {
		_, err := file.WriteAt([]byte(time.Unix(at, 0).String()), at)
		must(t, err)
	}
	must(t, file.Close())
	sender := newSender(t)
	sender.choose(path)
	began := time.Now()
	var made sent
	sender.run(&made, "link.js", "sendChosen")
	t.Logf("sent at %d MB/s", size/1_000_000/max(1, int(time.Since(began).Seconds())))
	began = time.Now()
	reader := newTab(t, sender.site)
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{})
	saved := reader.nextDownload()
	t.Logf("saved at %d MB/s", size/1_000_000/max(1, int(time.Since(began).Seconds())))
	if !got.OK || saved.State != "completed" || sumOf(t, saved.File) != sumOf(t, path) {
		t.Errorf("download told %+v, the browser has %+v", got, saved)
	}
}

// A file that changes on the disk while it is sent is named, and nothing of it is published (A17).
func TestAFileThatChangesWhileItIsSent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "changing.bin")
	must(t, os.WriteFile(path, make([]byte, 40_000_000), 0o666))
	sender := newSender(t)
	sender.choose(path)
	sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PATCH" && r.Header.Get("Upload-Offset") == "0" {
			must(t, os.WriteFile(path, make([]byte, 40_000_001), 0o666))
		}
		return false
	})
	defer sender.site.breakWith(nil)
	var got struct{ Error, Path string }
	sender.run(&got, "link.js", "sendChosen")
	if got.Error != "source_changed" || got.Path != "changing.bin" {
		t.Errorf("send told %+v", got)
	}
	if len(sender.site.asked("POST", "/api/links")) != 0 {
		t.Error("a link was published")
	}
}
