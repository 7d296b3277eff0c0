package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"

	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// What docs/commands.md promises to scripts, one code after the other.
func TestExitCodes(t *testing.T) {
	c := newCLI(t, nil)
	from := filepath.Join(t.TempDir(), "a")
	writeText(t, from, noise(300_000))
	link := c.send(from)
	server, _, err := sealed.ParseURL(link)
	if err != nil {
		t.Fatal(err)
	}
	object := c.objects()[0]
	out, _, err := c.do("hunter2\n", "send", from, "--password-stdin")
	if err != nil {
		t.Fatal(err)
	}
	locked := strings.TrimSpace(out)
	content, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	content[100] ^= 1
	damaged := link
	if err := os.WriteFile(object, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		stdin string
		words []string
		want  int
	}{
		{"", []string{"version"}, exitDone},
		{"", []string{"--nothing"}, exitUsage},
		{"", []string{"get"}, exitUsage},
		{"", []string{"get", "hello"}, exitUsage},
		{"", []string{"get", link[:len(link)-3]}, exitUsage},
		{"", []string{"send", from, "--expires", "soon"}, exitUsage},
		{"", []string{"send", from, "--title", strings.Repeat("a", 201)}, exitUsage},
		{"", []string{"send", from + "x"}, exitFailed},
		{"", []string{"get", sealed.NewLink(false).URL(server)}, exitGone},
		{"x\n", []string{"get", locked, "--password-stdin"}, exitPassword},
		{"\n", []string{"get", locked, "--password-stdin"}, exitPassword},
		{"x\n", []string{"login", server, "--name", "ann", "--password-stdin"}, exitPassword},
		{"", []string{"get", damaged, "-o", t.TempDir()}, exitDamaged},
		{"", []string{"get", sealed.NewLink(false).URL("http://127.0.0.1:1")}, exitUnreachable},
	} {
		_, stderr, status := runAt(t, os.Getenv("XDG_CONFIG_HOME"), test.stdin, test.words...)
		if status != test.want {
			t.Errorf("%.3q: status %d, want %d; it says %s", test.words, status, test.want, stderr)
		}
		if said := strings.TrimSpace(stderr); status == exitUsage && (!strings.HasPrefix(said, "thorpe: ") || strings.Contains(said, "\n")) {
			t.Errorf("%.3q: it says %q", test.words, stderr)
		}
	}
	if _, stderr, status := run(t, "", "send", from); status != exitSignedOut { // with other settings
		t.Errorf("nobody signed in: status %d, %s", status, stderr)
	}
	if _, stderr, status := run(t, "", "user", "quota", "ann", "700k", "--data", c.data); status != 0 {
		t.Fatal(stderr)
	}
	if _, stderr, err := c.do("", "send", from); exitCode(err) != exitNoSpace {
		t.Errorf("beyond the quota: %v, %s", err, stderr)
	}
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, exitDone},
		{fmt.Errorf("x: %w", client.ErrChanged), exitChanged},
		{fmt.Errorf("x: %w", syscall.ENOSPC), exitNoSpace},
		{fmt.Errorf("x: %w", context.Canceled), exitInterrupted},
		{&client.Error{Status: 401, Code: "not_signed_in"}, exitSignedOut},
		{&client.Error{Status: 503}, exitUnreachable},
		{&client.Error{Status: 410, Code: "gone"}, exitGone},
		{fmt.Errorf("x: %w", client.ErrContentChanged), exitDamaged},
		{fmt.Errorf("x: %w", sealed.CutOff), exitDamaged},
		{sealed.UnknownFormat, exitFailed},
		{io.ErrUnexpectedEOF, exitFailed},
	} {
		if got := exitCode(test.err); got != test.want {
			t.Errorf("%v: %d, want %d", test.err, got, test.want)
		}
	}
}

// Every command and flag for people's own use stands in docs/commands.md, and every exit code there and in the help.
func TestTheCommandLineIsDocumented(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	known := string(document)
	for _, name := range []string{"docs/operating.md", "docs/configuration.md", "docs/tls.md"} {
		more, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		known += string(more)
	}
	parser, err := newParser(t.Context(), &commands{}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		switch node := node.(type) {
		case *kong.Command:
			if !regexp.MustCompile(`\b` + node.FullPath() + `\b`).MatchString(known) {
				t.Errorf("the command %s is not documented", node.FullPath())
			}
		case *kong.Flag:
			if node.Name != "help" && !strings.Contains(known, "-"+node.Name) {
				t.Errorf("the flag --%s is not documented", node.Name)
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []int{exitDone, exitFailed, exitUsage, exitGone, exitPassword, exitDamaged, exitUnreachable, exitChanged, exitSignedOut, exitNoSpace, exitInterrupted} {
		if !strings.Contains(string(document), fmt.Sprintf("| %d | ", code)) {
			t.Errorf("exit code %d is not documented", code)
		}
	}
	help, _, status := run(t, "", "get", "--help")
	for _, word := range []string{"--only", "Exit codes", "130 interrupted"} {
		if status != 0 || !strings.Contains(help, word) {
			t.Errorf("the help does not say %q, status %d:\n%s", word, status, help)
		}
	}
}
