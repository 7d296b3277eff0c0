//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// town is a computer on which somebody reads the documents. Its programs find nothing but what the test put there.
type town struct {
	*testing.T
	book        *book
	home        string
	environment []string
	here        []string // in the place of what the documents have, old and new in turn
}

func newTown(t *testing.T, b *book) *town {
	home := t.TempDir()
	bin := filepath.Join(home, "bin")
	must(t, os.MkdirAll(bin, 0o755))
	must(t, os.Symlink(binary(t), filepath.Join(bin, "thorpe")))
	return &town{T: t, book: b, home: home, environment: []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "LC_ALL=C.UTF-8", "RCLONE_CONFIG=" + filepath.Join(home, "rclone.conf"),
		"THORPE_DATA=" + filepath.Join(home, "data"), "SSL_CERT_DIR=/nowhere",
	}}
}

func (w *town) path(name string) string { return filepath.Join(w.home, name) }

// let has commands say something else from here on than the documents: longer texts first.
func (w *town) let(old, new string) { w.here = append([]string{old, new}, w.here...) }

// server is a server in the town, at the data folder that commands find. Commands name it where the documents name theirs.
func (w *town) server(flags ...string) *process {
	w.Helper()
	p := startServer(w.T, w.path("data"), flags...)
	w.let("https://files.example.org", p.URL)
	return p
}

func (w *town) command(command, stdin string) *exec.Cmd {
	w.Helper()
	w.book.try(w.T, command)
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	w.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, browsertest.Need(w.T, "bash"), "-euo", "pipefail", "-c", strings.NewReplacer(w.here...).Replace(command))
	cmd.Dir, cmd.Env, cmd.Stdin = w.home, w.environment, strings.NewReader(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal, so that nothing asks there
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// types runs a command of the documents, which must succeed, and returns what it prints.
func (w *town) types(command, stdin string) string {
	w.Helper()
	cmd := w.command(command, stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		w.Fatalf("%s: %v\n%s\n%s", command, err, out.String(), errs.String())
	}
	return out.String()
}

// sees is types, and what is printed must have these words in it.
func (w *town) sees(command, stdin string, words ...string) string {
	w.Helper()
	out := w.types(command, stdin)
	for _, word := range words {
		if !strings.Contains(out, word) {
			w.Errorf("%s printed %q, without %q", command, out, word)
		}
	}
	return out
}

// starts runs a command of the documents that starts a server, and stops it as Ctrl-C does. meanwhile may be nil.
func (w *town) starts(command string, meanwhile func()) {
	w.Helper()
	cmd := w.command(command, "")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	must(w.T, err)
	must(w.T, cmd.Start())
	var printed []byte
	for buffer := make([]byte, 1024); !bytes.Contains(printed, []byte("Thorpe is at ")) && err == nil; {
		var n int
		n, err = out.Read(buffer)
		printed = append(printed, buffer[:n]...)
	}
	if err == nil && meanwhile != nil {
		meanwhile()
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
	io.Copy(io.Discard, out)
	ended := cmd.Wait()
	if strings.HasPrefix(command, "go run ") {
		ended = nil // it says 1 of whatever was interrupted
	}
	if err != nil || ended != nil {
		w.Fatalf("%s: %v, %v\n%s\n%s", command, err, ended, printed, errs.String())
	}
}

func (w *town) write(name, text string) {
	w.Helper()
	must(w.T, os.MkdirAll(filepath.Dir(w.path(name)), 0o755))
	must(w.T, os.WriteFile(w.path(name), []byte(text), 0o600))
}

func (w *town) wantFile(name, want string) {
	w.Helper()
	if got, err := os.ReadFile(w.path(name)); err != nil || string(got) != want {
		w.Errorf("%s: %q, %v; want %q", name, got, err, want)
	}
}

// signIn signs in as the documents have it; the password, which a person types, comes by standard input.
func (w *town) signIn() {
	w.Helper()
	before := w.environment
	w.environment = append(before[:len(before):len(before)], "THORPE_PASSWORD_STDIN=true")
	w.types("thorpe login https://files.example.org --name ann", password+"\n")
	w.environment = before
}

func quoted(link string) string { return "'" + strings.TrimSpace(link) + "'" }

// mounts runs a command of the documents that mounts the drive until it ends.
func (w *town) mounts(command, folder string) {
	w.Helper()
	needFUSE(w.T)
	must(w.T, os.MkdirAll(w.path(folder), 0o755))
	w.let("/mnt ", w.path(folder)+" ")
	cmd := w.command(command, "")
	must(w.T, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	waitUntil(w.T, command+" shows a file", func() bool {
		_, err := os.Stat(w.path(folder + "/a.txt"))
		return err == nil
	})
	syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
	<-ended
	if isMounted(w.path(folder)) {
		exec.Command("umount", "-l", w.path(folder)).Run()
		w.Errorf("%s left its mount", command)
	}
}
