package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// needIPv6 skips the test on a machine that has no ::1.
func needIPv6(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6: %v", err)
	}
	listener.Close()
}

// Everything by an IPv6 address alone: a browser, a mount, send and get.
func TestByIPv6(t *testing.T) {
	t.Parallel()
	needIPv6(t)
	listener, err := net.Listen("tcp", "[::1]:0")
	must(t, err)
	addr := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(addr)
	// As somebody may write it: browsers ask for the shortest spelling.
	server := startServer(t, t.TempDir(), "--addr", addr, "--url", "http://[0:0:0:0:0:0:0:1]:"+port)
	if want := "http://" + addr; server.URL != want {
		t.Errorf("the server is at %s, want %s", server.URL, want)
	}
	ann := newcomer(t, server, "ann")
	path := filepath.Join(t.TempDir(), "hello.txt")
	must(t, os.WriteFile(path, []byte("hello"), 0o600))
	ann.Drop(path)
	ann.WaitText("1 file uploaded")
	link := ann.share("hello.txt")
	if !strings.HasPrefix(link, server.URL+"/s/#") {
		t.Errorf("the link is %s", link)
	}
	folder := t.TempDir()
	if _, stderr, status := run(t, "", "get", link, "-o", folder); status != 0 {
		t.Errorf("get: %s", stderr)
	}
	if got, err := os.ReadFile(filepath.Join(folder, "hello.txt")); string(got) != "hello" {
		t.Errorf("get: %q %v", got, err)
	}
	home := t.TempDir()
	if _, stderr, status := runAt(t, home, password+"\n", "login", server.URL, "--name", "ann", "--password-stdin"); status != 0 {
		t.Fatalf("login: %s", stderr)
	}
	if out, stderr, status := runAt(t, home, "", "send", path); status != 0 || !strings.HasPrefix(out, server.URL+"/s/#") {
		t.Errorf("send: %s %s", out, stderr)
	}
	secret, _, _ := run(t, "", "app-password", "ann", "laptop", "--data", server.Data)
	auth := "ann:" + strings.TrimSpace(secret)
	if answer, _ := exchange(t, http.DefaultClient, "MOVE", server.URL+"/dav/hello.txt", nil, "App-Password", auth, "Destination", server.URL+"/dav/moved.txt"); answer.StatusCode != 201 {
		t.Errorf("MOVE: %s", answer.Status)
	}
	if answer, _ := exchange(t, clientTo(addr, nil), "GET", "http://[::2]:"+port+"/", nil); answer.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another address as Host: %s", answer.Status)
	}
}

func TestAddressesOfIPv6(t *testing.T) {
	t.Parallel()
	needIPv6(t)
	own := startServer(t, t.TempDir(), "--addr", "[::1]:0")
	if want := "http://localhost:" + own.Addr[strings.LastIndex(own.Addr, ":")+1:]; own.URL != want {
		t.Errorf("at %s without --url the server is at %s, want %s", own.Addr, own.URL, want)
	}
	// All addresses of both families.
	all := startServer(t, t.TempDir(), "--addr", "[::]:0", "--insecure-http")
	_, port, _ := net.SplitHostPort(all.Addr)
	for _, host := range []string{"[::1]", "127.0.0.1", "localhost"} {
		if answer, _ := exchange(t, http.DefaultClient, "GET", "http://"+host+":"+port+"/", nil); answer.StatusCode != 200 {
			t.Errorf("%s: %s", host, answer.Status)
		}
	}
	_, stderr, status := run(t, "", "--addr", "fd00::1:8080", "--data", t.TempDir())
	wantUsage(t, "an address without brackets", stderr, status, "--addr", "brackets")
	_, stderr, status = run(t, "", "--addr", "[::1]:0", "--url", "http://[fe80::1%25eth0]:8080", "--data", t.TempDir())
	wantUsage(t, "a zone in --url", stderr, status, "--url", "zone")
}

// What a proxy says by IPv6 of where a request comes from is believed, and a /64 counts as one.
func TestProxiesAndGuessesByIPv6(t *testing.T) {
	t.Parallel()
	needIPv6(t)
	server := startServer(t, t.TempDir(), "--addr", "[::1]:0", "--trusted-proxies", "::1/128")
	at := "http://" + server.Addr
	wrong := func(from string) int {
		answer, _ := exchange(t, http.DefaultClient, "PROPFIND", at+"/dav/", bytes.NewReader(nil), "X-Forwarded-For", from, "App-Password", "ann:wrong")
		return answer.StatusCode
	}
	slowed := false
	for range 500 {
		if slowed = wrong("2001:db8:1:2::1") == http.StatusTooManyRequests; slowed {
			break
		}
	}
	if !slowed {
		t.Fatal("wrong passwords are not slowed down")
	}
	for from, want := range map[string]int{
		"2001:db8:1:2:ffff::2":     http.StatusTooManyRequests, // the same /64
		"[2001:db8:1:2::3]:1234":   http.StatusTooManyRequests, // as some proxies write it
		"2001:db8:1:3::1":          http.StatusUnauthorized,    // another
		"2001:db8:1:3::1, ::1":     http.StatusUnauthorized,    // by two proxies
		"2001:db8:1:2::1, fe80::1": http.StatusUnauthorized,    // what stands before one that is no proxy of ours, anybody can have written
	} {
		if got := wrong(from); got != want {
			t.Errorf("from %s: %d, want %d", from, got, want)
		}
	}
	if strings.Contains(server.Stderr(), "2001:db8") {
		t.Error("the log holds an address")
	}
}
