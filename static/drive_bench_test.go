package static_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// watch notes in each document when its first row stands there, and every task of more than 50 ms, before any script of the page runs.
const watch = `if (top === self) {
	globalThis.noted = { first: 0, tasks: [] };
	new PerformanceObserver((list) => noted.tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ at: startTime, took: duration })))).observe({ type: "longtask", buffered: true });
	new MutationObserver((_, observer) => {
		if (!document.querySelector(".list-body > .row .name")) return;
		observer.disconnect();
		noted.first = performance.now();
	}).observe(document, { childList: true, subtree: true });
}`

// How long a person waits for a folder of 1,000 and of 10,000 entries, from the click on a link to the drive to the rows, and the longest task meanwhile, during which the page
// would not answer. It prints medians; THORPE_BENCH_ROUNDS=5 go test -run TestHowFastFoldersAre ./static, on a machine that does nothing else.
func TestHowFastFoldersAre(t *testing.T) {
	rounds, _ := strconv.Atoi(os.Getenv("THORPE_BENCH_ROUNDS"))
	if rounds < 1 {
		t.Skip("measures; THORPE_BENCH_ROUNDS=5 runs it")
	}
	s := newSite(t)
	b, _ := ann(t, s)
	for _, many := range []int{1_000, 10_000} {
		for i := range many {
			write(t, filepath.Join(driveFolder(s), strconv.Itoa(many), fmt.Sprintf("A file with a name of usual length %d.jpeg", (i*7919)%many)), strings.Repeat("x", i%97))
		}
	}
	b.Do("watching", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
		return err
	}))
	for _, many := range []int{1_000, 10_000} {
		var first, longest []float64
		for range rounds {
			b.Open(fmt.Sprintf("%s/drive/%d", s.URL, many))
			b.Wait("the rows", "noted.first > 0")
			var noted struct {
				First float64
				Tasks []struct{ At, Took float64 }
			}
			b.Eval("new Promise((done) => requestIdleCallback(() => done(noted)))", &noted)
			worst := 0.0
			for _, task := range noted.Tasks {
				worst = max(worst, task.Took)
			}
			first, longest = append(first, noted.First), append(longest, worst)
		}
		sorting := longestWhileSorting(b, rounds)
		slices.Sort(first)
		slices.Sort(longest)
		t.Logf("%d entries: rows after %.0f ms, longest task %.0f ms, longest task while they are sorted by another column %.0f ms (medians of %d; tasks below 50 ms count as 0)",
			many, first[rounds/2], longest[rounds/2], sorting, rounds)
	}
}

// longestWhileSorting sorts the list that is shown by size and by name in turns, and answers the median of the longest tasks.
func longestWhileSorting(b *browsertest.Browser, rounds int) float64 {
	var longest []float64
	for i := range 2 * rounds {
		var worst float64
		b.Eval(fmt.Sprintf(`(async () => {
			const idle = () => new Promise((done) => requestIdleCallback(() => setTimeout(done, 60)));
			await idle();
			noted.tasks.length = 0;
			document.querySelectorAll(".head-row .sort")[%d].click();
			await idle();
			return Math.max(0, ...noted.tasks.map(({ took }) => took));
		})()`, 1-i%2), &worst)
		longest = append(longest, worst)
	}
	slices.Sort(longest)
	return longest[rounds]
}

// A listing that breaks off is a failure, never a shorter folder; what was seen before stays.
func TestAListingThatBreaksOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 2_000 {
		write(t, filepath.Join(driveFolder(s), "Many", fmt.Sprintf("file %d.txt", i+1)), "")
	}
	var breaks atomic.Bool
	breaks.Store(true)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PROPFIND" || !breaks.Load() {
			return false
		}
		body := s.answer(r).Body.Bytes()
		w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		w.WriteHeader(http.StatusMultiStatus)
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		drop(w)
		return true
	})
	b.Open(s.URL + "/drive/Many")
	b.WaitText("This folder could not be read")
	breaks.Store(false)
	b.Click("Try again")
	b.Wait("the list", names+`[0] === "file 1.txt"`)
	breaks.Store(true)
	before := len(s.asked("PROPFIND", ""))
	b.Eval(`document.dispatchEvent(new Event("visibilitychange"))`, nil) // the folder is read again
	for len(s.asked("PROPFIND", "")) == before {
		time.Sleep(5 * time.Millisecond)
	}
	b.Wait("all of it still there", `document.querySelector("[aria-rowcount]").ariaRowCount === "2001"`)
}
