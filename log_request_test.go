package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// logLine is a line of the log as a program reads it.
type logLine struct {
	Time, Level, Msg, Request, Method, Route string
	Status                                   int
}

// logged reads all lines that the server has written.
func (p *process) logged() []logLine {
	p.t.Helper()
	var all []logLine
	for text := range strings.Lines(p.Stderr()) {
		var line logLine
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Time == "" || line.Level == "" || line.Msg == "" {
			p.t.Errorf("a line of the log is %q, %v; want an object", text, err)
		}
		all = append(all, line)
	}
	return all
}

// Each answer tells the id of its request, and all lines about the request have it.
func TestALogForPrograms(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir(), "--trusted-proxies", "10.0.0.0/8") // which are none of ours
	drive := &davClient{t, server.URL, server.account("ann")}
	ask := func(status int, method, path, id string) string {
		t.Helper()
		request, err := http.NewRequest(method, server.URL+path, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("ann", drive.password)
		request.Header.Set("X-Request-Id", id)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%s %s: %d, want %d", method, path, answer.StatusCode, status)
		}
		return answer.Header.Get("X-Request-Id")
	}
	well := ask(201, "PUT", "/dav/Diary.txt", "chosen-from-outside")
	other := ask(404, "GET", "/dav/Nothing.txt", "chosen-from-outside")
	if len(well) < 16 || len(other) < 16 || well == other {
		t.Errorf("the ids are %q and %q", well, other)
	}
	// What fails in the drive is logged there too: a link in a drive's place is nobody's mistake but the operator's.
	ann := filepath.Join(server.Data, "drive", "ann")
	if err := errors.Join(os.Rename(ann, ann+"2"), os.Symlink(ann+"2", ann)); err != nil {
		t.Fatal(err)
	}
	failed := ask(500, "PUT", "/dav/Diary2.txt", "")
	server.stop()
	answered := map[string]int{}
	complained := false
	for _, line := range server.logged() {
		if line.Msg == "answered" {
			answered[line.Request]++
		}
		if line.Level == "ERROR" && line.Request == failed {
			complained = true
		}
	}
	for _, id := range []string{well, other, failed} {
		if answered[id] != 1 {
			t.Errorf("the request %q has %d lines that say how it was answered, want 1", id, answered[id])
		}
	}
	if !complained {
		t.Errorf("why %q failed stands nowhere: %s", failed, server.Stderr())
	}
	for _, secret := range []string{"chosen-from-outside", "Diary", "Nothing", drive.password, strings.ReplaceAll(drive.password, "-", "")} {
		if strings.Contains(server.Stderr(), secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
}

// A proxy of ours may give a request its id, if it looks like one.
func TestAProxyGivesTheRequestItsID(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir(), "--trusted-proxies", "127.0.0.1/32", "--log-format", "text")
	for given, taken := range map[string]bool{
		"7f1b2c3d-0000-4000-8000-123456789abc": true, "abcdefgh": true, strings.Repeat("a", 64): true,
		"": false, "short": false, strings.Repeat("a", 65): false, "two words": false, `quote"quote`: false, "level=ERROR": false, "ümlaut-umlaut": false,
	} {
		request, err := http.NewRequest("GET", server.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Request-Id", given)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("X-Request-Id"); (got == given) != taken || got == "" {
			t.Errorf("the proxy's id %q became %q; taken over: %v", given, got, taken)
		}
	}
	server.stop()
	if log := server.Stderr(); !strings.Contains(log, "request=abcdefgh") || !strings.Contains(log, "level=INFO") || strings.Contains(log, `{"time"`) {
		t.Errorf("as text the log is %s", log)
	}
}
