package static_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"thorpe/server"
	"thorpe/server/database"
	"thorpe/server/history"
	"thorpe/static/browsertest"
)

// measured are samples of the last hours, of a family whose drives grow.
func measured(hours int) []history.Sample {
	now := time.Now()
	var samples []history.Sample
	for i := range hours {
		f := float64(i) / float64(hours)
		m := history.Sample{
			At: now.Add(-time.Duration(hours-i) * time.Hour), Drives: int64(180e9 + 90e9*f + 4e9*math.Sin(9*f)), Links: int64(40e9 + 25e9*f*f),
			Kept: int64(12e9 + 9e9*math.Abs(math.Sin(5*f))), Database: int64(2e8 + 1e8*f), Size: 1e12,
		}
		m.Free = m.Size - m.Drives - m.Links - m.Kept - m.Database - 60e9
		samples = append(samples, m)
	}
	return samples
}

// noteBackup notes a backup as thorpe backup does.
func (s *site) noteBackup(b history.Backup) {
	s.t.Helper()
	db, err := database.Open(s.t.Context(), filepath.Join(s.Folder, "thorpe.db"))
	must(s.t, err)
	defer db.Close()
	must(s.t, history.NoteBackup(s.t.Context(), db, b))
}

// slowPut begins to put a file into ann's drive by a mount.
func (s *site) slowPut(password, name string, length int64) (feed io.WriteCloser, ended <-chan int) {
	body, feed := io.Pipe()
	request, err := http.NewRequestWithContext(s.t.Context(), "PUT", s.URL+"/dav/"+name, body)
	must(s.t, err)
	request.ContentLength = length
	request.SetBasicAuth("ann", password)
	status := make(chan int, 1)
	go func() {
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			status <- 0
			return
		}
		answer.Body.Close()
		status <- answer.StatusCode
	}()
	return feed, status
}

// A transfer comes and goes by itself, with whose it is and how far; the name of the file stays its owner's.
func TestTheOperatorSeesATransferComeAndGo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	password := mountPassword(b, "laptop")
	b.Click("Server")
	b.WaitText("Nothing is being transferred.")
	feed, ended := s.slowPut(password, "A%20secret%20diary.txt", 2_000_000)
	fmt.Fprint(feed, strings.Repeat("x", 500_000))
	b.WaitText("into a mounted drive")
	b.WaitText("500 kB of 2 MB")
	if strings.Contains(b.Text(), "diary") {
		t.Error("the page tells the name of a file")
	}
	other, otherEnded := s.slowPut(password, "b.bin", 3_000_000)
	b.Wait("another", `document.querySelectorAll(".card .bar").length === 2`)
	fmt.Fprint(feed, strings.Repeat("x", 1_500_000))
	feed.Close()
	if status := <-ended; status != 201 {
		t.Fatalf("the transfer ended with %d", status)
	}
	b.Wait("the other alone", `document.querySelectorAll(".card .bar").length === 1`)
	b.WaitText("0 bytes of 3 MB")
	other.Close()
	<-otherEnded
	b.WaitText("Nothing is being transferred.")
}

// Nothing is asked for while nobody looks, and what happened meanwhile is there at once when somebody does.
func TestTheOverviewRestsInAHiddenTab(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	// Each pause is 20 ms, so that a round that should not be made would be.
	b.Eval(`(wait => { window.setTimeout = (f, ms, ...more) => wait(f, Math.min(ms, 20), ...more); return 0; })(window.setTimeout.bind(window))`, nil)
	b.Click("Server")
	b.WaitText("Nothing is being transferred.")
	asked := func() int { return len(s.asked("GET", "/api/operator/transfers")) }
	see := func(state string) {
		b.Eval(fmt.Sprintf(`(Object.defineProperty(document, "visibilityState", {value: %q, configurable: true}), document.dispatchEvent(new Event("visibilitychange")), 0)`, state), nil)
	}
	b.Wait("it asks again", `performance.getEntriesByType("resource").filter(e => e.name.endsWith("/transfers")).length > 3`)
	see("hidden")
	rounds := func() { // of other requests, each of which takes as long
		b.Eval(`(async () => { for (let i = 0; i < 40; i++) { await fetch("/healthz"); await new Promise(f => setTimeout(f, 5)); } return 0; })()`, nil)
	}
	rounds() // what was on its way has come
	before := asked()
	rounds()
	if n := asked() - before; n != 0 {
		t.Errorf("a hidden tab asked %d times", n)
	}
	see("visible")
	b.Wait("it asks again", fmt.Sprintf(`performance.getEntriesByType("resource").filter(e => e.name.endsWith("/transfers")).length > %d`, before))
}

// An error is there with the id by which the log has it, and is counted.
func TestTheOperatorFindsAnErrorByItsRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/operator")
	b.WaitText("Nothing has failed.")
	s.sql("DROP TABLE reports")
	var id string
	b.Eval(`fetch("/api/operator/reports").then(a => a.headers.get("X-Request-Id"))`, &id)
	b.Click("Reports")
	b.WaitText("Something went wrong")
	b.Click("Overview")
	b.WaitText("2 × A request failed")
	b.Click("Show the last 2")
	b.WaitText(id)
	b.WaitText("no such table: reports")
}

func TestTheOperatorSeesABackupThatWasMade(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/operator")
	b.WaitText("There is no backup yet.")
	s.noteBackup(history.Backup{At: time.Now().Add(-8 * 24 * time.Hour), Name: "x", Files: 12, Bytes: 3_000_000})
	b.Reload()
	b.WaitText("The last backup was made 8 days ago.")
	s.noteBackup(history.Backup{At: time.Now(), Name: "x", Files: 1234, Bytes: 5_000_000, Unread: 3})
	b.Reload()
	b.WaitText("1,234 files, 5 MB")
	b.WaitText("3 files or folders could not be read")
	if text := b.Text(); strings.Contains(text, "no backup yet") || strings.Contains(text, "The last backup was made") {
		t.Error("it is warned of a backup that is new")
	}
}

// What was measured is a line in the chart and a row in the table; where nothing was there is a gap.
func TestTheOperatorSeesSpaceOverTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/operator")
	b.WaitText("Nothing is measured of this time yet.")
	b.WaitText("Everything else on the disk")
	samples := measured(100)
	must(t, s.History.Record(t.Context(), append(samples[:40:40], samples[60:]...)...))
	b.Reload()
	b.Wait("two charts", `document.querySelectorAll("svg.chart").length === 2`)
	var areas, free int
	b.Eval(`document.querySelectorAll("svg.chart")[0].querySelectorAll("path").length`, &areas)
	b.Eval(`document.querySelectorAll("svg.chart")[1].querySelectorAll("path").length`, &free)
	if areas != 8 || free != 2 { // four things in two runs; now belongs to the second
		t.Errorf("there are %d and %d areas, want 8 and 2", areas, free)
	}
	b.Click("Show as a table")
	b.Wait("a row for each", `document.querySelectorAll(".space-table tbody tr").length === 81`)
	b.WaitText("180 GB")

	b.Click("3 months")
	b.Wait("the address", `location.search === "?days=90"`)
	b.Reload()
	b.Wait("what was chosen", `document.querySelector("[name=days]:checked").value === "90"`)
	b.Wait("two charts", `document.querySelectorAll("svg.chart").length === 2`)
	for _, width := range []int64{1280, 360} {
		b.Size(width, 740)
		b.Wait("a chart as wide as its card", `[...document.querySelectorAll("svg.chart")].every(e => Math.abs(e.getBoundingClientRect().width - e.parentElement.clientWidth) < 1)`)
		b.Wait("no page wider than the window", `document.documentElement.scrollWidth <= innerWidth`)
	}
	b.Click("Who takes how much")
	b.Wait("people", `location.pathname === "/people"`)
}

// What cannot be had says so in its place, the rest stands, and it comes by another try.
func TestAPartOfTheOverviewFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/operator/space" {
			return false
		}
		w.WriteHeader(500)
		return true
	})
	b.Open(s.URL + "/operator")
	b.WaitText("Something went wrong")
	b.WaitText("Nothing is being transferred.")
	s.breakWith(nil)
	b.Click("Try again")
	b.WaitText("Everything else on the disk")
	b.Wait("no word of it", `!document.body.innerText.includes("Something went wrong")`)
}

// answerSpace answers with these samples in place of what this machine's disk holds, so that a picture shows a server that has run for a while.
func answerSpace(samples []history.Sample) func(http.ResponseWriter, *http.Request) bool {
	var all []map[string]any
	for _, m := range samples {
		all = append(all, map[string]any{"at": m.At.UTC().Format(time.RFC3339), "drives": m.Drives, "links": m.Links, "kept": m.Kept, "database": m.Database, "free": m.Free, "size": m.Size})
	}
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/operator/space" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"now": all[len(all)-1], "samples": all[:len(all)-1]})
		return true
	}
}

// tourOperator comes to what only whoever runs the server sees.
func tourOperator(t *testing.T, s *site, b *browsertest.Browser, at at) {
	s.breakWith(answerSpace(measured(170)))
	s.noteBackup(history.Backup{At: time.Now().Add(-9 * 24 * time.Hour), Name: "2025-06-23T031500Z", Files: 48_211, Bytes: 301_000_000_000})
	log := slog.New(server.WatchFailures(slog.DiscardHandler, s.History))
	log.Error("pruning what is kept", "error", syscall.EIO)
	log.Error("sweeping uploads and links", "error", errors.New("database or disk is full (13)"))
	feed, ended := s.slowPut(mountPassword(b, "Ann’s NAS"), "slow.bin", 40_000_000)
	fmt.Fprint(feed, strings.Repeat("x", 12_000_000))
	b.Open(s.URL + "/operator")
	b.WaitText("into a mounted drive")
	b.WaitText("2 × Work in the background failed")
	b.Wait("charts", `document.querySelectorAll("svg.chart").length === 2`)
	b.Click("Show the last 2")
	b.Eval(`scrollTo(0, 0)`, nil)
	at(b, "operator")
	s.breakWith(nil)
	feed.Close()
	<-ended
	b.Click("All links")
	b.WaitText("All of them take")
	at(b, "operator-links")
	b.Click("Reports")
	b.WaitText("Nothing was reported")
	at(b, "operator-reports")
}
