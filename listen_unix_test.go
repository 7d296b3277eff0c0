//go:build unix

package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

func TestListeningOnAUnixSocket(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "thorpe.sock")
	_, stderr, status := run(t, "", "--addr", "unix:"+socket, "--data", t.TempDir())
	wantUsage(t, "a socket without a URL", stderr, status, "--url")

	data := t.TempDir()
	flags := []string{"--addr", "unix:" + socket, "--url", "https://files.example.org", "--trusted-proxies", "127.0.0.1/32"}
	server := startServer(t, data, flags...)
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("the socket: %v %v, want mode 0660", info, err)
	}
	client := clientTo(socket, nil)
	if answer, _ := exchange(t, client, "GET", "http://files.example.org/", nil); answer.StatusCode != 200 {
		t.Errorf("a page by the socket: %s", answer.Status)
	}
	_, stderr, status = run(t, "", append(flags, "--data", t.TempDir())...)
	wantUsage(t, "a socket in use", stderr, status, "another program", socket)
	// Whoever comes by the socket is believed about X-Forwarded-For, where this computer's proxies are: each network has its own bound.
	wrong := func(from string) int {
		answer, _ := exchange(t, client, "PROPFIND", "http://files.example.org/dav/", nil, "X-Forwarded-For", from, "App-Password", "ann:wrong")
		return answer.StatusCode
	}
	slowed := false
	for range 500 {
		if wrong("192.0.2.1") == http.StatusTooManyRequests {
			slowed = true
			break
		}
	}
	if got := wrong("192.0.2.2"); !slowed || got != http.StatusUnauthorized {
		t.Errorf("wrong passwords are slowed down: %v; then another network gets %d, want 401", slowed, got)
	}
	// A socket that a crash has left is no hindrance.
	server.kill()
	if _, err := net.Dial("unix", socket); err == nil {
		t.Fatal("the killed server answers")
	}
	startServer(t, data, flags...).stop()
	if _, err := os.Stat(socket); err == nil {
		t.Error("a server that was stopped leaves its socket")
	}
}
