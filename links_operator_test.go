package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The operator lists and takes down links beside the running server, by the whole link too, of which nothing is kept; the recipient reads why.
func TestTheOperatorTakesALinkDownOnTheServersMachine(t *testing.T) {
	c := newCLI(t, nil)
	file := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	link, other := c.send(file), c.send(file)
	id, err := linkIDOf(link)
	if err != nil {
		t.Fatal(err)
	}
	operate := func(stdin string, args ...string) (stdout, stderr string, status int) {
		t.Helper()
		return run(t, stdin, append(append([]string{"links"}, args...), "--data", c.data)...)
	}
	listed := func() string {
		t.Helper()
		stdout, stderr, status := operate("", "all", "--owner", "ann")
		if status != 0 || strings.Count(stdout, "\n") != 3 {
			t.Fatalf("links all: %d %s\n%s", status, stderr, stdout)
		}
		for line := range strings.Lines(stdout) {
			if strings.HasPrefix(line, id.String()) {
				return line
			}
		}
		t.Fatalf("links all does not list %s:\n%s", id, stdout)
		return ""
	}
	if line := listed(); !strings.Contains(line, "ann") || !strings.Contains(line, "open") {
		t.Errorf("listed as %s", line)
	}
	stdout, stderr, status := operate(link+"\n", "take-down", "-", "--reason", "by order of a court")
	if status != 0 || !strings.Contains(stdout, id.String()) {
		t.Fatalf("take-down: %d %s", status, stderr)
	}
	_, fragment, _ := strings.Cut(link, "#")
	for _, said := range []string{stdout, stderr, c.server.Stderr()} {
		if strings.Contains(said, fragment[:20]) {
			t.Errorf("the key is told: %s", said)
		}
	}
	if line := listed(); !strings.Contains(line, "removed") {
		t.Errorf("listed as %s", line)
	}
	_, stderr, status = run(t, "", "get", link, "-o", t.TempDir())
	wantStatus(t, "get of what was taken down", stderr, status, exitGone, "by order of a court")
	if _, stderr, status = run(t, "", "get", other, "-o", t.TempDir()); status != 0 {
		t.Errorf("get of the other link: %s", stderr)
	}
	for _, wrong := range []struct {
		name, link, reason string
		status             int
	}{
		{"an unknown id", strings.Repeat("A", 22), "", exitGone},
		{"no link", "hello", "", exitUsage},
		{"a link that is cut off", link[:len(link)-1], "", exitUsage},
		{"a long reason", other, strings.Repeat("x", 501), exitUsage},
	} {
		_, stderr, status := operate("", "take-down", wrong.link, "--reason", wrong.reason)
		wantStatus(t, wrong.name, stderr, status, wrong.status)
	}
}

// What people report is listed without letting it reach into the terminal, and dismissed by its number.
func TestTheOperatorReadsReportsOnTheServersMachine(t *testing.T) {
	c := newCLI(t, nil)
	file := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	id, err := linkIDOf(c.send(file))
	if err != nil {
		t.Fatal(err)
	}
	data, err := DataFlag{Data: c.data}.openData(t.Context(), false, false)
	if err != nil {
		t.Fatal(err)
	}
	defer data.close()
	if _, err := data.db.Exec("INSERT INTO reports (link, at, text) VALUES (?, 0, ?)", id[:], "a trap\u202e\nfor my bank"); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status := run(t, "", "links", "reports", "--data", c.data)
	if status != 0 || !strings.Contains(stdout, "link "+id.String()+" (open)\n    a trap\\u202e\n    for my bank\n") {
		t.Errorf("reports: %d %s\n%q", status, stderr, stdout)
	}
	if _, stderr, status = run(t, "", "links", "reports", "--dismiss", "1", "--data", c.data); status != 0 {
		t.Error(stderr)
	}
	if stdout, _, _ = run(t, "", "links", "reports", "--data", c.data); stdout != "" {
		t.Errorf("after it was dismissed: %s", stdout)
	}
	_, stderr, status = run(t, "", "links", "reports", "--dismiss", "1", "--data", c.data)
	wantSentence(t, "dismissed once more", stderr, status, "no report 1")
}

// The server takes no more than --links-limit for links, and says so to whoever sends.
func TestTheServerBoundsWhatAllLinksTake(t *testing.T) {
	c := newCLI(t, nil)
	file := filepath.Join(t.TempDir(), "a.bin")
	if err := os.WriteFile(file, make([]byte, 300_000), 0o600); err != nil {
		t.Fatal(err)
	}
	c.send(file)
	addr := c.server.Addr
	c.server.stop()
	_, stderr, status := run(t, "", "serve", "--data", c.data, "--addr", addr, "--links-limit", "much")
	wantUsage(t, "a limit that is none", stderr, status, "--links-limit", "much")
	_, stderr, status = run(t, "", "serve", "--data", c.data, "--addr", addr, "--contact", "two\nlines")
	wantUsage(t, "a contact that is no line", stderr, status, "--contact")
	c.server = startServer(t, c.data, "--addr", addr, "--links-limit", "600kB")
	_, _, err := c.do("", "send", file)
	if got := exitCode(err); got != exitNoSpace {
		t.Errorf("beyond the limit: %v, status %d", err, got)
	}
	small := filepath.Join(t.TempDir(), "b.txt")
	if err := os.WriteFile(small, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.send(small)
}
