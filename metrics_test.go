package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// startWatched starts a server with metrics, and answers where they are.
func startWatched(t *testing.T, data string, flags ...string) (*process, string) {
	t.Helper()
	server := startServer(t, data, append([]string{"--metrics-addr", ":0"}, flags...)...)
	found := regexp.MustCompile(`Metrics are at (http://127\.0\.0\.1:[0-9]+)/metrics\.`).FindStringSubmatch(server.Stdout())
	if found == nil {
		t.Fatalf("where the metrics are is not said: %s", server.Stdout())
	}
	return server, found[1]
}

// figures are the metrics as a program reads them: by name and labels.
type figures struct {
	t      *testing.T
	text   string
	values map[string]float64
	names  map[string]bool
}

func readFigures(t *testing.T, at string) *figures {
	t.Helper()
	answer, err := http.Get(at + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Fatalf("/metrics: %d %q, %v", answer.StatusCode, answer.Header.Get("Content-Type"), err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	f := &figures{t, string(text), map[string]float64{}, map[string]bool{}}
	for name, family := range families {
		f.names[name] = true
		if family.GetHelp() == "" {
			t.Errorf("%s is not explained", name)
		}
		for _, metric := range family.GetMetric() {
			key := name
			for _, label := range metric.GetLabel() {
				key += " " + label.GetName() + "=" + label.GetValue()
			}
			f.values[key] = metric.GetGauge().GetValue() + metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return f
}

func (f *figures) want(key string, value float64) {
	f.t.Helper()
	if got, found := f.values[key]; !found || got != value {
		f.t.Errorf("%s is %v (there: %v), want %v", key, got, found, value)
	}
}

// What people do is counted, and who they are is not told.
func TestMetricsTellWhatHappens(t *testing.T) {
	t.Parallel()
	server, at := startWatched(t, t.TempDir())
	drive := &davClient{t, server.URL, server.account("ann")}
	drive.want(201, "PUT", "Diary.txt", "0123456789")
	drive.want(200, "GET", "Diary.txt", "")
	drive.want(404, "GET", "Nothing.txt", "")
	drive.want(405, "BREW", "Diary.txt", "")
	if status, _ := ask(t, server.URL+"/healthz"); status != 200 {
		t.Error(status)
	}
	if _, stderr, status := run(t, "", "backup", filepath.Join(t.TempDir(), "backups"), "--data", server.Data); status != 0 {
		t.Fatal(stderr)
	}
	f := readFigures(t, at)
	f.want("thorpe_http_requests_total code=201 door=dav method=PUT", 1)
	f.want("thorpe_http_requests_total code=200 door=dav method=GET", 1)
	f.want("thorpe_http_requests_total code=404 door=dav method=GET", 1)
	f.want("thorpe_http_requests_total code=200 door=probes method=GET", 1)
	f.want("thorpe_http_request_duration_seconds door=dav method=GET", 2)
	f.want("thorpe_http_received_bytes_total door=dav", 10)
	if got := f.values["thorpe_http_sent_bytes_total door=dav"]; got < 10 {
		t.Errorf("%v bytes were sent", got)
	}
	f.want("thorpe_accounts", 1)
	f.want("thorpe_app_passwords", 1)
	f.want("thorpe_links state=open", 0)
	f.want("thorpe_transfers_active direction=in", 0)
	f.want("thorpe_sweeps_total result=done", 1)
	for _, positive := range []string{"thorpe_disk_size_bytes", "thorpe_disk_free_bytes", "thorpe_database_bytes file=main", "thorpe_backup_last_timestamp_seconds", "thorpe_sweep_last_timestamp_seconds"} {
		if f.values[positive] <= 0 {
			t.Errorf("%s is %v", positive, f.values[positive])
		}
	}
	for _, secret := range []string{"ann", "Diary", "Nothing", "BREW", server.Data, "127.0.0.1"} {
		if strings.Contains(f.text, secret) {
			t.Errorf("the metrics tell %q", secret)
		}
	}

	// A transfer that is under way, and its bytes so far.
	body, feed := io.Pipe()
	request, err := http.NewRequest("PUT", server.URL+"/dav/slow.txt", body)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("ann", drive.password)
	answered := make(chan int, 1)
	go func() {
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			answered <- 0
			return
		}
		answer.Body.Close()
		answered <- answer.StatusCode
	}()
	if _, err := io.WriteString(feed, "half"); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the transfer is told", func() bool {
		f := readFigures(t, at)
		return f.values["thorpe_transfers_active direction=in"] == 1 && f.values["thorpe_http_received_bytes_total door=dav"] == 14
	})
	// Told to stop, the server says that it is not ready, for as long as it lets requests end.
	if status, text := ask(t, at+"/readyz"); status == 200 || text == "ready\n" {
		t.Errorf("under a name that is not this machine's: %d %q", status, text)
	}
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the server says that it stops", func() bool {
		answer, err := http.Get(at + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		return err == nil && answer.StatusCode == 503 && string(text) == "stopping\n"
	})
	feed.Close()
	if status := <-answered; status != 201 {
		t.Errorf("the running request: %d", status)
	}
	if status := server.wait(); status != 0 {
		t.Errorf("the server ended with %d: %s", status, server.Stderr())
	}
}

// Whoever is led here by a name, as a page in a browser on this machine could be, reads nothing; and visitors of the server don't either.
func TestMetricsAreForTheOperator(t *testing.T) {
	t.Parallel()
	server, at := startWatched(t, t.TempDir())
	if status, _ := ask(t, at+"/metrics"); status != http.StatusMisdirectedRequest {
		t.Errorf("under another name: %d", status)
	}
	for _, url := range []string{at + "/", at + "/debug/pprof/", server.URL + "/metrics"} {
		answer, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", url, answer.StatusCode)
		}
	}
	_, stderr, status := run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--metrics-addr", server.Addr)
	wantSentence(t, "a place that is taken", stderr, status, "--metrics-addr", server.Addr)
}

// The dashboard shows what there is: each figure in it is told, and nearly each that is told is in it.
func TestTheDashboardShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	server, at := startWatched(t, t.TempDir())
	if status, _ := ask(t, server.URL+"/healthz"); status != 200 {
		t.Error(status)
	}
	told := readFigures(t, at).names
	text, err := os.ReadFile("docs/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			GridPos struct{ W, H, X, Y int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{"thorpe_build_info": true} // chooses the server
	name := regexp.MustCompile(`\b(?:thorpe|process|go)_[a-z_]+`)
	taken := map[[2]int]string{}
	for _, panel := range dashboard.Panels {
		if len(panel.Targets) == 0 {
			t.Errorf("the panel %q shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			names := name.FindAllString(target.Expr, -1)
			if len(names) == 0 {
				t.Errorf("the panel %q asks for %q", panel.Title, target.Expr)
			}
			for _, n := range names {
				base := n
				for _, suffix := range []string{"_bucket", "_sum", "_count"} {
					if !told[base] {
						base = strings.TrimSuffix(n, suffix)
					}
				}
				shown[base] = true
				if !told[base] {
					t.Errorf("the panel %q asks for %s, which is not told", panel.Title, n)
				}
			}
		}
		for x := panel.GridPos.X; x < panel.GridPos.X+panel.GridPos.W; x++ {
			for y := panel.GridPos.Y; y < panel.GridPos.Y+panel.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("%q lies on %q, or beyond the edge", panel.Title, other)
				}
				taken[[2]int{x, y}] = panel.Title
			}
		}
	}
	var missing []string
	for n := range told {
		if strings.HasPrefix(n, "thorpe_") && !shown[n] {
			missing = append(missing, n)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("nothing shows %q", missing)
	}
}
