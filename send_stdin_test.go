package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Standard input of unknown length arrives whole, over a line that breaks again and again.
func TestSendFromStandardInput(t *testing.T) {
	proxy := &cuttingProxy{after: 1 << 40}
	c := newCLI(t, proxy)
	for _, size := range []int{0, 5, 20_000_000} {
		text := noise(size)
		proxy.expect(4, 3_000_000)
		out, stderr, err := c.do(text, "send", "-", "--name", "dump.sql", "--title", "Dump")
		if err != nil {
			t.Fatal(err, stderr)
		}
		if size > 1000 && (proxy.cutsMade() < 3 || strings.Count(stderr, "trying again") < 3) {
			t.Errorf("only %d connections were cut, and told of: %s", proxy.cutsMade(), stderr)
		}
		proxy.expect(0, 1<<40)
		folder, _, err := c.get(strings.TrimSpace(out))
		if got := namesIn(t, folder); err != nil || len(got) != 1 || got["dump.sql"] != text {
			t.Errorf("%d bytes arrived as %d: %v", size, len(got["dump.sql"]), err)
		}
	}
}

func TestSendFromStandardInputRefuses(t *testing.T) {
	for _, words := range [][]string{
		{"-", "-"}, {"-", "send.go"}, {"-", "--password-stdin"}, {"send.go", "--name", "x"},
	} {
		_, stderr, status := run(t, "x", append([]string{"send"}, words...)...)
		wantUsage(t, strings.Join(words, " "), stderr, status)
	}
	c := newCLI(t, nil)
	if _, _, err := c.do("x", "send", "-", "--title", strings.Repeat("a", 201)); exitCode(err) != exitUsage {
		t.Errorf("a title too long: %v", err)
	}
	out, stderr, err := c.do("x", "send", "-", "--name", "../a/b")
	if err != nil {
		t.Fatal(err, stderr)
	}
	folder, _, err := c.get(strings.TrimSpace(out))
	if inside, _ := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(inside) != 1 || !strings.Contains(stderr, "renamed") {
		t.Errorf("a name that climbs: %q, %v, %s", inside, err, stderr)
	}
}
