//go:build unix

package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newManager is a service manager that listens to what a server tells it.
func newManager(t *testing.T) (variable string, next func() string) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "notify")
	listener, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	return "NOTIFY_SOCKET=" + socket, func() string {
		t.Helper()
		must(t, listener.SetReadDeadline(time.Now().Add(patience)))
		told := make([]byte, 1000)
		n, err := listener.Read(told)
		must(t, err)
		return string(told[:n])
	}
}

func TestAServiceManagerIsToldWhenTheServerIsReadyAndWhenItStops(t *testing.T) {
	t.Parallel()
	variable, next := newManager(t)
	socket := filepath.Join(t.TempDir(), "thorpe.sock")
	server := startServerIn(t, []string{variable}, t.TempDir(), "--addr", "unix:"+socket, "--url", "https://files.example.org")
	if told := next(); told != "READY=1\nSTATUS=https://files.example.org" {
		t.Errorf("at the start: %q", told)
	}
	if stdout, stderr, status := run(t, "", "health", "--addr", "unix:"+socket, "--url", server.URL); status != 0 {
		t.Errorf("health by the socket: %q %q", stdout, stderr)
	}
	if status := server.stop(); status != 0 {
		t.Errorf("it ends with status %d", status)
	}
	if told := next(); told != "STOPPING=1" {
		t.Errorf("at the end: %q", told)
	}
	alone := startServerIn(t, []string{"NOTIFY_SOCKET=/nowhere"}, t.TempDir())
	waitUntil(t, "the log says that nobody listens", func() bool { return strings.Contains(alone.Stderr(), "service manager") })
}
