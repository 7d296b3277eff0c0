package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestSetupLinkIsPrintedOnlyWhileNobodyHasAnAccount(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "new", "data")
	first := startServer(t, data)
	if !strings.HasPrefix(first.Setup, first.URL+"/setup#") {
		t.Fatalf("setup link: %q", first.Setup)
	}
	if token := first.Setup[strings.Index(first.Setup, "#")+1:]; strings.Contains(first.Stderr(), token) {
		t.Error("the setup token stands in the log")
	}
	if status := first.stop(); status != 0 {
		t.Errorf("Ctrl-C ends the server with status %d: %s", status, first.Stderr())
	}
	second := startServer(t, data)
	if second.Setup == "" || second.Setup == first.Setup {
		t.Errorf("the second start, still without accounts: setup link %q", second.Setup)
	}
	second.account("ann")
	second.stop()
	if third := startServer(t, data); third.Setup != "" {
		t.Errorf("a server with an account prints the setup link %q", third.Setup)
	}
}

func TestStartFailsWithOneSentence(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	server := startServer(t, data)
	_, stderr, status := run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", data)
	wantSentence(t, "a second server on the same data folder", stderr, status, "another Thorpe", data)

	_, stderr, status = run(t, "", "--addr", server.Addr, "--data", t.TempDir())
	wantSentence(t, "a port in use", stderr, status, "listening", server.Addr)

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, status = run(t, "", "--addr", "127.0.0.1:0", "--data", filepath.Join(file, "data"))
	wantSentence(t, "a data folder that can't be made", stderr, status, file)

	_, stderr, status = run(t, "", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--url", "ftp://x/y")
	wantUsage(t, "a URL of another kind", stderr, status, "--url")

	_, stderr, status = run(t, "", "app-password", "nobody", "x", "--data", data)
	wantSentence(t, "an app password for nobody", stderr, status, "nobody")
	_, stderr, status = run(t, "", "user", "add", "a/b", "--data", data)
	wantSentence(t, "a name that can't be one", stderr, status, "letters")
	_, stderr, status = run(t, "", "app-password", "ann", "x", "--data", filepath.Join(data, "nowhere"))
	wantSentence(t, "a data folder that is not there", stderr, status, "nowhere", "--data")
}

func TestInviteLinksFollowTheRunningServersURL(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	server := startServer(t, data, "--url", "https://files.example.org")
	if server.URL != "https://files.example.org" {
		t.Fatalf("the server is at %q", server.URL)
	}
	// Before anybody runs the server it is the setup link: where a service manager keeps what the server prints to itself, this is how to have it.
	stdout, stderr, status := run(t, "", "user", "add", "Bob", "--data", data)
	if status != 0 || !strings.HasPrefix(stdout, "https://files.example.org/setup#") || strings.Count(stdout, "\n") != 1 || !strings.Contains(stderr, "runs the server") {
		t.Errorf("user add before anybody has an account: %q %q", stdout, stderr)
	}
	goodFor := func(link string) string {
		_, token, _ := strings.Cut(strings.TrimSpace(link), "#")
		_, text := exchange(t, clientTo(server.Addr, nil), "POST", "http://files.example.org/api/invitation", strings.NewReader(`{"token":"`+token+`"}`),
			"Content-Type", "application/json", "Origin", server.URL)
		return string(text)
	}
	if got := goodFor(stdout); !strings.Contains(got, `"operator":true`) {
		t.Errorf("the setup link of user add is good for %s", got)
	}
	if got := goodFor(server.Setup); !strings.Contains(got, "bad_token") {
		t.Errorf("the setup link before it is good for %s", got)
	}
	server.account("ann")
	stdout, stderr, status = run(t, "", "user", "add", "Bob", "--data", data)
	if status != 0 || !strings.HasPrefix(stdout, "https://files.example.org/invite#") || strings.Count(stdout, "\n") != 1 {
		t.Errorf("user add: %q %q", stdout, stderr)
	}
}

// Ctrl-C lets a running request end.
func TestStoppingFinishesRunningRequests(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	server := startServer(t, data)
	secret := server.account("ann")
	body, feed := io.Pipe()
	request, err := http.NewRequest("PUT", server.URL+"/dav/slow.txt", body)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("ann", secret)
	answered := make(chan error, 1)
	go func() {
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != http.StatusCreated {
				err = errors.New(answer.Status)
			}
		}
		answered <- err
	}()
	if _, err := io.WriteString(feed, "half "); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the server is receiving the file", func() bool {
		received, err := filepath.Glob(filepath.Join(data, "incoming", "dav-*"))
		return err == nil && len(received) > 0
	})
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	waitUntil(t, "the server takes no more connections", func() bool {
		answer, err := client.Get(server.URL + "/healthz")
		if err == nil {
			answer.Body.Close()
		}
		return err != nil
	})
	io.WriteString(feed, "and half")
	feed.Close()
	if err := <-answered; err != nil {
		t.Errorf("a request that was running when the server was stopped: %v", err)
	}
	if status := server.wait(); status != 0 {
		t.Errorf("status %d: %s", status, server.Stderr())
	}
	if got, err := os.ReadFile(filepath.Join(data, "drive", "ann", "slow.txt")); string(got) != "half and half" {
		t.Errorf("the file holds %q, %v", got, err)
	}
}

// Without a line a request, the log still tells of failures.
func TestTheLogCanLeaveRequestsOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		flags []string
		lines bool
	}{{nil, true}, {[]string{"--no-request-log"}, false}} {
		server := startServer(t, t.TempDir(), test.flags...)
		for _, path := range []string{"/", "/healthz"} {
			answer, err := http.Get(server.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
		}
		server.stop() // by then all is written
		if lines := strings.Contains(server.Stderr(), "answered"); lines != test.lines {
			t.Errorf("with %v the log says: %s", test.flags, server.Stderr())
		}
	}
}
