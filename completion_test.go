package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shell completes with the script that is made for it, in a folder with two files.
type shell struct{ name, path, script, folder string }

func newShell(t *testing.T, name string) *shell {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(err)
	}
	script, stderr, status := run(t, "", "completion", name)
	if status != 0 {
		t.Fatal(stderr)
	}
	s := &shell{name, path, filepath.Join(t.TempDir(), "script"), t.TempDir()}
	writeText(t, s.script, script)
	for _, file := range []string{"one file", "other"} {
		writeText(t, filepath.Join(s.folder, file), "")
	}
	return s
}

// complete gives what is offered behind these words, the last of which is begun.
func (s *shell) complete(t *testing.T, words ...string) []string {
	t.Helper()
	var cmd *exec.Cmd
	switch s.name {
	case "bash":
		cmd = exec.Command(s.path, append([]string{"--norc", "-c", `source "$1"; shift; COMP_WORDS=(thorpe "$@"); COMP_CWORD=$#; _thorpe; printf '%s\n' "${COMPREPLY[@]}"`, "bash", s.script}, words...)...)
	case "zsh": // without a terminal to complete on: what is offered is told by the functions that would show it
		cmd = exec.Command(s.path, append([]string{"-f", "-c", `compdef() { :; }; _describe() { print -l -- ${(P)@[-1]%%:*}; }; _files() { print -l -- "${words[CURRENT]}"*(N); }
			source "$1"; shift; words=(thorpe "$@"); CURRENT=$#words; _thorpe`, "zsh", s.script}, words...)...)
	case "fish":
		cmd = exec.Command(s.path, "--no-config", "-c", `source $argv[1]; complete -C "$argv[2]" | string split -f 1 \t`, s.script, "thorpe "+strings.Join(words, " "))
	}
	cmd.Dir = s.folder
	cmd.Env = append(os.Environ(), "HOME="+s.folder, "XDG_CONFIG_HOME="+s.folder)
	out, errs, _ := output(t, cmd)
	if errs != "" {
		t.Errorf("%q: it says %s", words, errs)
	}
	var offered []string
	for word := range strings.SplitSeq(out, "\n") {
		if strings.HasPrefix(word, words[len(words)-1]) && word != "" { // zsh and fish match in other ways too
			offered = append(offered, word)
		}
	}
	slices.Sort(offered)
	return slices.Compact(offered)
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bash", "zsh", "fish"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell := newShell(t, name)
			for _, test := range []struct {
				words []string
				want  string // what is offered, in order
			}{
				{[]string{"se"}, "send serve"},
				{[]string{"link"}, "links"},
				{[]string{"links", "ch"}, "change"},
				{[]string{"links", "change", "--pa"}, "--password-stdin --pause"},
				{[]string{"links", "--js"}, "--json"},
				{[]string{"get", "--o"}, "--only --output"},
				{[]string{"--no-req"}, "--no-request-log"},
				{[]string{"send", "--title", "links", "--ex"}, "--expires"}, // a value is no command
				{[]string{"send", "--title", "se"}, ""},
				{[]string{"send", "o"}, "one file|other"},
				{[]string{"get", "-o", "o"}, "one file|other"},
				{[]string{"get", "o"}, ""},
				{[]string{"completion", "z"}, "zsh"},
			} {
				want := strings.FieldsFunc(test.want, func(r rune) bool { return r == '|' || r == ' ' && !strings.Contains(test.want, "|") })
				if got := shell.complete(t, test.words...); !slices.Equal(got, want) {
					t.Errorf("%q: offered are %q, want %q", test.words, got, want)
				}
			}
		})
	}
}
