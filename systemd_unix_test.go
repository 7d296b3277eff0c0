//go:build unix

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// systemd plays the part of it that matters here: it listens, and hands its sockets to the program that it starts. They stay open while none runs.
type systemd struct {
	t       testing.TB
	names   []string
	sockets []*os.File
}

// listen opens a socket, at a path or an address, and returns where it is.
func (s *systemd) listen(name, addr string) string {
	s.t.Helper()
	network := "tcp"
	if strings.HasPrefix(addr, "/") {
		network = "unix"
	}
	listener, err := net.Listen(network, addr)
	must(s.t, err)
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	file, err := listener.(interface{ File() (*os.File, error) }).File()
	must(s.t, err)
	must(s.t, listener.Close()) // the file is another descriptor of the same socket
	s.t.Cleanup(func() { file.Close() })
	s.names, s.sockets = append(s.names, name), append(s.sockets, file)
	return listener.Addr().String()
}

// start starts a server with the sockets.
func (s *systemd) start(data string, flags ...string) *process {
	s.t.Helper()
	return startCommand(s.t, data, s.command(append([]string{"serve", "--data", data}, flags...)...))
}

func (s *systemd) command(args ...string) *exec.Cmd {
	cmd := exec.Command("sh", append([]string{"-c", `LISTEN_PID=$$ exec "$0" "$@"`, binary(s.t)}, args...)...)
	cmd.ExtraFiles = s.sockets
	cmd.Env = append(os.Environ(), fmt.Sprintf("LISTEN_FDS=%d", len(s.sockets)), "LISTEN_FDNAMES="+strings.Join(s.names, ":"))
	return cmd
}

func TestSocketsThatSystemdPasses(t *testing.T) {
	t.Parallel()
	files := newPair(t, "files.example.org")
	socket := filepath.Join(t.TempDir(), "thorpe.sock")
	s := &systemd{t: t}
	web, other, unix := s.listen("thorpe.socket", "127.0.0.1:0"), s.listen("web", "127.0.0.1:0"), s.listen("web", socket)
	redirect, metrics := s.listen("redirect", "127.0.0.1:0"), s.listen("thorpe-metrics.socket", "127.0.0.1:0")
	data := t.TempDir()
	flags := append(files.Flags, "--url", "https://files.example.org", "--addr", "203.0.113.1:1") // where nobody could listen
	server := s.start(data, flags...)
	if server.Addr != web {
		t.Errorf("the server says that it listens on %s, want the first socket: %s", server.Addr, web)
	}
	for _, addr := range []string{web, other, unix} {
		if answer, _ := exchange(t, files.client(addr), "GET", server.URL+"/healthz", nil); answer.StatusCode != 200 || answer.TLS == nil {
			t.Errorf("by TLS at %s: %s", addr, answer.Status)
		}
	}
	if answer, _ := exchange(t, clientTo(redirect, nil), "GET", "http://files.example.org/x", nil); answer.Header.Get("Location") != "https://files.example.org/x" {
		t.Errorf("the redirecting socket answers %s and %v", answer.Status, answer.Header)
	}
	if answer, _ := exchange(t, http.DefaultClient, "GET", "http://"+metrics+"/metrics", nil); answer.StatusCode != 200 {
		t.Errorf("the metrics' socket answers %s", answer.Status)
	}
	if status := server.stop(); status != 0 {
		t.Errorf("stopping: status %d, %s", status, server.Stderr())
	}
	if _, err := os.Stat(socket); err != nil {
		t.Errorf("the server took away a socket that is systemd's: %v", err)
	}
	s.start(data, flags...)
	if answer, _ := exchange(t, files.client(unix), "GET", server.URL+"/healthz", nil); answer.StatusCode != 200 {
		t.Errorf("after a restart: %s", answer.Status)
	}
}

// The real one, as far as it runs without being the system's first process: it starts the server with the first connection, which waits until then.
func TestTheRealSocketActivation(t *testing.T) {
	t.Parallel()
	activate := browsertest.Need(t, "systemd-socket-activate")
	addr := freePort(t)
	cmd := exec.Command(activate, "--listen="+addr, "--fdname=web", binary(t), "serve", "--data", t.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	go io.Copy(io.Discard, out)
	waitUntil(t, "it listens", func() bool {
		answer, err := http.Get("http://" + addr + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
}

func TestTheSocketUnitsSayWhatTheServerKnows(t *testing.T) {
	units, err := filepath.Glob("docs/systemd/*.socket")
	must(t, err)
	if len(units) != 2 {
		t.Errorf("units: %v, want two", units)
	}
	for _, unit := range units {
		text, err := os.ReadFile(unit)
		must(t, err)
		_, after, _ := strings.Cut(string(text), "\nFileDescriptorName=")
		name, _, _ := strings.Cut(after, "\n")
		named, err := new(passedSockets).place(name)
		if err != nil || named == nil {
			t.Errorf("%s: %v", unit, err)
		}
		if _, err := new(passedSockets).place(filepath.Base(unit)); err != nil {
			t.Errorf("%s without FileDescriptorName=: %v", unit, err)
		}
	}
}

func TestSocketsThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		name, addr string
		words      []string
	}{
		"another name":            {"wbe", "127.0.0.1:0", []string{`"wbe"`, "web, redirect or metrics"}},
		"in the open":             {"web", "[::]:0", []string{"[::]", "read and change everything", "--insecure-http"}},
		"a redirect to nowhere":   {"redirect", "127.0.0.1:0", []string{"redirect", "--domain"}},
		"a socket without a name": {"web", filepath.Join(t.TempDir(), "s"), []string{"--url"}},
	} {
		s := &systemd{t: t}
		s.listen(test.name, test.addr)
		_, stderr, status := output(t, s.command("serve", "--data", t.TempDir()))
		if status == 0 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %s", what, status, stderr)
		}
		for _, word := range test.words {
			if !strings.Contains(stderr, word) {
				t.Errorf("%s: %q does not say %q", what, stderr, word)
			}
		}
	}

	// A file is no socket.
	file, err := os.Open(os.DevNull)
	must(t, err)
	defer file.Close()
	s := &systemd{t: t, names: []string{"web"}, sockets: []*os.File{file}}
	_, stderr, status := output(t, s.command("serve", "--data", t.TempDir()))
	wantSentence(t, "a file", stderr, status, "none to listen on")

	// What is meant for a program above this one is let be.
	s = &systemd{t: t}
	passed := s.listen("web", "127.0.0.1:0")
	data := t.TempDir()
	cmd := exec.Command(binary(t), "serve", "--addr", "127.0.0.1:0", "--data", data)
	cmd.ExtraFiles, cmd.Env = s.sockets, append(os.Environ(), "LISTEN_FDS=1", "LISTEN_PID=1")
	if server := startCommand(t, data, cmd); server.Addr == passed {
		t.Error("the server took a socket that was meant for another")
	}
}
