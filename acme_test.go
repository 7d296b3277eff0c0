package main

import (
	"crypto/tls"
	"crypto/x509"
	encbinary "encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

var buildPebble = sync.OnceValues(func() (string, error) {
	program, err := buildOnce()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(program), "pebble")
	build := exec.Command("go", "build", "-o", path, "github.com/letsencrypt/pebble/v2/cmd/pebble")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// authority is Pebble, an ACME authority that checks as Let's Encrypt does, and trusts a name server of the test's.
type authority struct {
	t         *testing.T
	cmd       *exec.Cmd
	Directory string
	Flags     []string // for a server that is to ask it
	Variables []string
	http      *http.Client
	manage    string
}

// newAuthority starts one that asks at the ports of the two addresses, and issues for so many seconds.
func newAuthority(t *testing.T, forTLS, forHTTP string, seconds int) *authority {
	t.Helper()
	path, err := buildPebble()
	if err != nil {
		if os.Getenv("THORPE_TEST_REQUIRE") != "" {
			t.Fatal(err)
		}
		t.Skipf("Pebble can't be built: %v", err)
	}
	own := newPair(t, "localhost")
	listen, manage := freePort(t), freePort(t)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": listen, "managementListenAddress": manage, "certificate": own.Cert, "privateKey": own.Key,
		"httpPort": portOf(t, forHTTP), "tlsPort": portOf(t, forTLS), "keyAlgorithm": "ecdsa",
		"retryAfter": map[string]int{"authz": 1, "order": 1},
		"profiles":   map[string]any{"default": map[string]any{"description": "the only one", "validityPeriod": seconds}},
	}})
	must(t, err)
	file := filepath.Join(t.TempDir(), "pebble.json")
	must(t, os.WriteFile(file, config, 0o600))
	a := &authority{t: t, Directory: "https://localhost:" + strconv.Itoa(portOf(t, listen)) + "/dir", manage: "https://localhost:" + strconv.Itoa(portOf(t, manage)),
		Variables: []string{"SSL_CERT_FILE=" + own.Cert, "SSL_CERT_DIR=/nowhere"},
		http:      &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own.pool}}}}
	a.Flags = []string{"--domain", "files.example.org", "--acme-directory", a.Directory, "--addr", forTLS}
	a.cmd = exec.Command(path, "-config", file, "-dnsserver", nameServer(t))
	a.cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	must(t, a.cmd.Start())
	t.Cleanup(a.stop)
	waitUntil(t, "Pebble answers", func() bool {
		answer, err := a.http.Get(a.Directory)
		if err == nil {
			answer.Body.Close()
		}
		return err == nil
	})
	return a
}

func (a *authority) stop() {
	a.cmd.Process.Kill()
	a.cmd.Wait()
}

// roots are what a visitor trusts who trusts Pebble.
func (a *authority) roots() *x509.CertPool {
	a.t.Helper()
	_, root := exchange(a.t, a.http, "GET", a.manage+"/roots/0", nil)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(root) {
		a.t.Fatalf("Pebble's root: %q", root)
	}
	return pool
}

func portOf(t *testing.T, addr string) int {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	must(t, err)
	number, err := strconv.Atoi(port)
	must(t, err)
	return number
}

// nameServer says of each name that it is this computer, by TCP, as Pebble asks.
func nameServer(t *testing.T) (addr string) {
	t.Helper()
	return accept(t, answerQuestions)
}

func answerQuestions(conn net.Conn) {
	defer conn.Close()
	for {
		var length uint16
		if encbinary.Read(conn, encbinary.BigEndian, &length) != nil {
			return
		}
		asked := make([]byte, length)
		var message dnsmessage.Message
		if _, err := io.ReadFull(conn, asked); err != nil || message.Unpack(asked) != nil || len(message.Questions) != 1 {
			return
		}
		answer := dnsmessage.Message{Header: dnsmessage.Header{ID: message.ID, Response: true, RecursionAvailable: true}, Questions: message.Questions}
		if question := message.Questions[0]; question.Type == dnsmessage.TypeA {
			answer.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Class: dnsmessage.ClassINET, TTL: 1},
				Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			}}
		}
		packed, err := answer.AppendPack([]byte{0, 0})
		if err != nil {
			return
		}
		encbinary.BigEndian.PutUint16(packed, uint16(len(packed)-2))
		conn.Write(packed)
	}
}

// shownTo is the serial number of what the server shows to who asks for the name, or nil where the handshake fails.
func shownTo(addr, name string, roots *x509.CertPool) *big.Int {
	conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: roots, ServerName: name, InsecureSkipVerify: roots == nil})
	if err != nil {
		return nil
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber
}

func TestACertificateIsHadByTLSALPN(t *testing.T) {
	t.Parallel()
	addr := freePort(t)
	pebble := newAuthority(t, addr, freePort(t), 90*24*3600)
	data := t.TempDir()
	flags := append(pebble.Flags, "--http-addr", "none")
	server := startServerIn(t, pebble.Variables, data, flags...)
	if server.URL != "https://files.example.org" {
		t.Errorf("the server is at %s", server.URL)
	}
	roots := pebble.roots()
	waitUntil(t, "the domain's certificate is shown", func() bool { return shownTo(addr, "files.example.org", roots) != nil })
	if answer, _ := exchange(t, clientTo(addr, &tls.Config{RootCAs: roots}), "GET", "https://files.example.org/", nil); answer.StatusCode != 200 || answer.Proto != "HTTP/2.0" {
		t.Errorf("a page: %s %s", answer.Proto, answer.Status)
	}
	for _, name := range []string{"other.example.org", "localhost", "x.files.example.org"} {
		if shownTo(addr, name, nil) != nil {
			t.Errorf("a handshake for %s succeeds", name)
		}
	}
	// What is kept is the server's own.
	err := filepath.WalkDir(filepath.Join(data, "certificates"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[entry.IsDir()]; err == nil && os.PathSeparator == '/' && path != filepath.Join(data, "certificates") && info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return err
	})
	must(t, err)
	// After a restart it is taken from there, though no authority is to be had.
	first := shownTo(addr, "files.example.org", roots)
	server.stop()
	pebble.stop()
	again := startServerIn(t, pebble.Variables, data, flags...)
	waitUntil(t, "the same certificate is shown after a restart", func() bool {
		serial := shownTo(addr, "files.example.org", roots)
		return serial != nil && serial.Cmp(first) == 0
	})
	if strings.Contains(again.Stderr(), "no certificate could be had") {
		t.Errorf("the log: %s", again.Stderr())
	}
}

func TestACertificateIsHadByHTTPAndRenewed(t *testing.T) {
	t.Parallel()
	addr, plain := freePort(t), freePort(t)
	pebble := newAuthority(t, freePort(t), plain, 20) // nobody answers its question by TLS
	pebble.Flags[len(pebble.Flags)-1] = addr
	startServerIn(t, pebble.Variables, t.TempDir(), append(pebble.Flags, "--http-addr", plain)...)
	var first *big.Int
	waitUntil(t, "the domain's certificate is shown", func() bool {
		first = shownTo(addr, "files.example.org", nil)
		return first != nil
	})
	if answer, _ := exchange(t, clientTo(plain, nil), "GET", "http://files.example.org/s/", nil); answer.Header.Get("Location") != "https://files.example.org/s/" {
		t.Errorf("plain http leads to %q", answer.Header.Get("Location"))
	}
	if answer, _ := exchange(t, clientTo(plain, nil), "GET", "http://files.example.org/.well-known/acme-challenge/x", nil); answer.StatusCode != 404 {
		t.Errorf("a challenge that nobody made: %s", answer.Status)
	}
	waitUntil(t, "it is renewed", func() bool {
		serial := shownTo(addr, "files.example.org", nil)
		return serial != nil && serial.Cmp(first) != 0
	})
}

func TestADomainWithoutAnAuthorityIsToldInTheLog(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir(), "--domain", "files.example.org", "--acme-directory", "https://"+freePort(t)+"/dir", "--http-addr", "none")
	waitUntil(t, "the log says so", func() bool { return strings.Contains(server.Stderr(), "no certificate could be had") })
	for _, words := range []string{"files.example.org", "next_try", "ports 443 and 80"} {
		if !strings.Contains(server.Stderr(), words) {
			t.Errorf("the log does not say %q: %s", words, server.Stderr())
		}
	}
	if shownTo(server.Addr, "files.example.org", nil) != nil {
		t.Error("a handshake succeeds without a certificate")
	}
	for _, wrong := range [][]string{
		{"--domain", "localhost"}, {"--domain", "*.example.org"}, {"--domain", "https://files.example.org"}, {"--domain", "192.0.2.1"}, {"--domain", "a.example.org:443"},
		{"--domain", "a.example.org", "--acme-directory", "http://127.0.0.1/dir"}, {"--domain", "a.example.org", "--url", "https://b.example.org"}, {"--acme-directory", "staging"},
	} {
		_, stderr, status := run(t, "", append([]string{"--addr", "127.0.0.1:0", "--http-addr", "none", "--data", t.TempDir()}, wrong...)...)
		wantUsage(t, strings.Join(wrong, " "), stderr, status, wrong[len(wrong)-2])
	}
}
