package static_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// uploaded is a promise of the tray's last word; asking for the page's text again and again would cost more than the uploads.
const uploaded = `new Promise((done) => {
	const look = () => /files uploaded/.test(document.querySelector(".tray b")?.textContent ?? "") && done();
	new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
})`

// quiet ends what chromedp has the browser tell of each request and each element: in a browser that nobody watches it isn't told either.
func quiet(b *browsertest.Browser) {
	b.Do("ending what is told", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, network := chromedp.Call(ctx, network.Disable, cdp.Empty{})
		_, css := chromedp.Call(ctx, css.Disable, cdp.Empty{})
		_, dom := chromedp.Call(ctx, dom.Disable, cdp.Empty{})
		return errors.Join(network, css, dom)
	}))
}

// How long 10,000 files of one byte take into the drive, dropped on the page as a folder, beside the same files by six processes of curl, and by the page where each has to go by
// itself. It prints medians and the ratios; THORPE_BENCH_ROUNDS=3 go test -v -count=1 -timeout 30m -run TestHowFastSmallUploadsAre ./static, on a machine that does nothing else.
// THORPE_BENCH_FILES is another number of files.
func TestHowFastSmallUploadsAre(t *testing.T) {
	rounds, _ := strconv.Atoi(os.Getenv("THORPE_BENCH_ROUNDS"))
	if rounds < 1 {
		t.Skip("measures; THORPE_BENCH_ROUNDS=3 runs it")
	}
	count, _ := strconv.Atoi(os.Getenv("THORPE_BENCH_FILES"))
	if count < 1 {
		count = 10_000
	}
	curl := browsertest.Need(t, "curl")
	s := newSite(t)
	b, _ := ann(t, s)
	account, err := s.Accounts.ByName(t.Context(), "ann")
	must(t, err)
	_, password, err := s.Accounts.NewAppPassword(t.Context(), account.ID, "curl")
	must(t, err)
	here := t.TempDir()
	quiet(b)
	dropped := func(folder string) float64 {
		for i := range count {
			write(t, filepath.Join(here, folder, fmt.Sprintf("file %d.txt", i)), "a")
		}
		b.Open(s.URL + "/")
		b.WaitText("Upload")
		from := time.Now()
		b.Drop(filepath.Join(here, folder))
		b.Eval(uploaded, nil)
		return time.Since(from).Seconds()
	}
	var together, curls, apart []float64
	for round := range rounds {
		folder := fmt.Sprintf("together %d", round)
		together = append(together, dropped(folder))
		curls = append(curls, curled(t, s, curl, password, filepath.Join(here, folder), fmt.Sprintf("curl %d", round)))
		s.breakWith(refuseTogether)
		apart = append(apart, dropped(fmt.Sprintf("apart %d", round)))
		s.breakWith(nil)
		if got := len(found(t, driveFolder(s))); got != 3*(round+1)*(count+1) {
			t.Fatalf("%d entries in the drive", got)
		}
	}
	for _, figures := range [][]float64{together, curls, apart} {
		slices.Sort(figures)
	}
	page, alone, program := together[rounds/2], apart[rounds/2], curls[rounds/2]
	each := float64(count)
	t.Logf("%d files of one byte: the page %.1f s (%.0f a second), curl %.1f s (%.0f a second): %.2f of curl's speed; each by itself %.1f s (%.0f a second): %.2f of it (medians of %d)",
		count, page, each/page, program, each/program, program/page, alone, each/alone, program/alone, rounds)
}

// curled uploads all files of a folder by six processes of curl, each with one connection, and answers how many seconds it took.
func curled(t *testing.T, s *site, curl, password, folder, to string) float64 {
	t.Helper()
	list, err := os.ReadDir(folder)
	must(t, err)
	must(t, os.Mkdir(filepath.Join(driveFolder(s), to), 0o700))
	configs := make([]strings.Builder, 6)
	for i, entry := range list {
		fmt.Fprintf(&configs[i%len(configs)], "upload-file = \"%s\"\nurl = \"%s/dav/%s/%s\"\n",
			filepath.Join(folder, entry.Name()), s.URL, url.PathEscape(to), url.PathEscape(entry.Name()))
	}
	from := time.Now()
	var all sync.WaitGroup
	for i := range configs {
		command := exec.CommandContext(t.Context(), curl, "--silent", "--show-error", "--fail", "--header", "Expect:", "--header", "If-None-Match: *", "--user", "ann:"+password, "--config", "-")
		command.Stdin = strings.NewReader(configs[i].String())
		all.Go(func() {
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("curl: %v\n%.1000s", err, out)
			}
		})
	}
	all.Wait()
	return time.Since(from).Seconds()
}
