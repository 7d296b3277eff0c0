package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// thorpe health is what a container without a shell asks whether its server can be used.
func TestHealthAsksTheServerWithItsSettings(t *testing.T) {
	t.Parallel()
	healthy := func(what string, flags ...string) {
		t.Helper()
		if stdout, stderr, status := run(t, "", append([]string{"health"}, flags...)...); status != 0 || stdout != "ready\n" || stderr != "" {
			t.Errorf("%s: %q %q, status %d", what, stdout, stderr, status)
		}
	}
	server := startServer(t, t.TempDir())
	healthy("by its address", "--addr", server.Addr)
	_, port, _ := strings.Cut(server.Addr, ":")
	healthy("that listens everywhere", "--addr", "0.0.0.0:"+port, "--insecure-http")

	healthy("by its file of settings", "--config", settingsIn(t, "addr = \""+server.Addr+"\"\nlinks-limit = \"1G\"\n"))

	files := newPair(t, "files.example.org")
	healthy("by TLS, whose certificate nothing here trusts", append(files.Flags, "--addr", startServer(t, t.TempDir(), files.Flags...).Addr)...)

	_, stderr, status := run(t, "", append([]string{"health", "--addr", server.Addr}, files.Flags...)...)
	wantStatus(t, "by TLS where there is none", stderr, status, exitUnreachable, server.Addr)

	if err := os.Rename(filepath.Join(server.Data, "incoming"), filepath.Join(server.Data, "away")); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the server is found not ready", func() bool {
		_, stderr, status = run(t, "", "health", "--addr", server.Addr)
		return status != 0
	})
	wantSentence(t, "a data folder that can't be written to", stderr, status, "data folder")
	server.stop()
	_, stderr, status = run(t, "", "health", "--addr", server.Addr)
	wantStatus(t, "a server that is not there", stderr, status, exitUnreachable, server.Addr)

	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
	}))
	t.Cleanup(other.Close)
	_, stderr, status = run(t, "", "health", "--addr", other.Listener.Addr().String())
	wantStatus(t, "another program", stderr, status, exitUnreachable, "Thorpe")
	_, stderr, status = run(t, "", "health", "--addr", "127.0.0.1:0")
	wantUsage(t, "a port that nobody knows", stderr, status, "--addr")
}
