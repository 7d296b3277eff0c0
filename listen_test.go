package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair is a certificate and its key in two files, as somebody else's tool would leave them.
type pair struct {
	t         *testing.T
	Cert, Key string
	Flags     []string
	pool      *x509.CertPool
}

func newPair(t *testing.T, names ...string) *pair {
	t.Helper()
	folder := t.TempDir()
	p := &pair{t: t, Cert: filepath.Join(folder, "cert.pem"), Key: filepath.Join(folder, "key.pem"), pool: x509.NewCertPool()}
	p.Flags = []string{"--tls-cert", p.Cert, "--tls-key", p.Key}
	p.renew(time.Now().Add(time.Hour), names...)
	return p
}

// renew puts another pair in place, and returns its serial number.
func (p *pair) renew(until time.Time, names ...string) *big.Int {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(p.t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until, DNSNames: names},
		&x509.Certificate{}, key.Public(), key)
	must(p.t, err)
	cert, err := x509.ParseCertificate(der)
	must(p.t, err)
	p.pool.AddCert(cert)
	bare, err := x509.MarshalPKCS8PrivateKey(key)
	must(p.t, err)
	put(p.t, p.Key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bare}))
	put(p.t, p.Cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return cert.SerialNumber
}

// put replaces a file at once.
func put(t *testing.T, name string, content []byte) {
	t.Helper()
	must(t, os.WriteFile(name+".new", content, 0o600))
	must(t, os.Rename(name+".new", name))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// client reaches the server at addr whatever host a URL names, and leads nowhere else by itself.
func (p *pair) client(addr string) *http.Client {
	return clientTo(addr, &tls.Config{RootCAs: p.pool})
}

func clientTo(addr string, config *tls.Config) *http.Client {
	network := "tcp"
	if strings.HasPrefix(addr, "/") {
		network = "unix"
	}
	return &http.Client{
		Transport: &http.Transport{
			TLSClientConfig: config, ForceAttemptHTTP2: true,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, addr)
			},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// exchange sends one request and returns the answer with its body read.
func exchange(t testing.TB, client *http.Client, method, url string, body io.Reader, header ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest(method, url, body)
	must(t, err)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	if name, secret, ok := strings.Cut(request.Header.Get("App-Password"), ":"); ok {
		request.SetBasicAuth(name, secret)
		request.Header.Del("App-Password")
	}
	answer, err := client.Do(request)
	must(t, err)
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, content
}

func TestTLSWithACertificateFromFiles(t *testing.T) {
	t.Parallel()
	files := newPair(t, "files.example.org", "*.example.net")
	server := startServer(t, t.TempDir(), files.Flags...)
	if want := "https://files.example.org:" + server.Addr[strings.LastIndex(server.Addr, ":")+1:]; server.URL != want {
		t.Errorf("without --url the server is at %s, want the certificate's first name: %s", server.URL, want)
	}
	client := files.client(server.Addr)
	auth := []string{"App-Password", "ann:" + server.account("ann")}
	answer, _ := exchange(t, client, "GET", server.URL+"/", nil)
	if answer.StatusCode != 200 || answer.Proto != "HTTP/2.0" || answer.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("a page by TLS: %s %s %v", answer.Proto, answer.Status, answer.Header)
	}
	// Large bodies and ranges go by HTTP/2 as they do without, and so does a refused one.
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	if answer, _ := exchange(t, client, "PUT", server.URL+"/dav/large", bytes.NewReader(content), auth...); answer.StatusCode != 201 {
		t.Errorf("PUT by HTTP/2: %s", answer.Status)
	}
	answer, got := exchange(t, client, "GET", server.URL+"/dav/large", nil, append([]string{"Range", "bytes=5000000-5000009"}, auth...)...)
	if answer.StatusCode != 206 || !bytes.Equal(got, content[5000000:5000010]) {
		t.Errorf("a range by HTTP/2: %s %q", answer.Status, got)
	}
	if answer, _ := exchange(t, client, "PUT", server.URL+"/dav/other", bytes.NewReader(content), "App-Password", "ann:wrong"); answer.StatusCode != 401 {
		t.Errorf("PUT with a wrong password: %s", answer.Status)
	}
	if answer, _ := exchange(t, client, "MOVE", server.URL+"/dav/large", nil, append([]string{"Destination", server.URL + "/dav/moved"}, auth...)...); answer.StatusCode != 201 {
		t.Errorf("MOVE by HTTP/2: %s", answer.Status)
	}
	for what, config := range map[string]*tls.Config{
		"TLS 1.1": {MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
		"CBC":     {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}},
	} {
		config.RootCAs, config.ServerName = files.pool, "files.example.org"
		if conn, err := tls.Dial("tcp", server.Addr, config); err == nil {
			conn.Close()
			t.Errorf("the server speaks %s", what)
		}
	}
}

func TestANewCertificateIsTakenWithoutARestart(t *testing.T) {
	t.Parallel()
	files := newPair(t, "files.example.org")
	server := startServer(t, t.TempDir(), files.Flags...)
	shown := func() *big.Int {
		conn, err := tls.Dial("tcp", server.Addr, &tls.Config{RootCAs: files.pool, ServerName: "files.example.org"})
		must(t, err)
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber
	}
	good := files.renew(time.Now().Add(time.Hour), "files.example.org")
	waitUntil(t, "the new certificate is shown", func() bool { return shown().Cmp(good) == 0 })

	for what, spoil := range map[string]func(){
		"no certificate":     func() { put(t, files.Cert, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) },
		"another's key":      func() { content, _ := os.ReadFile(newPair(t, "x").Key); put(t, files.Key, content) },
		"an empty file":      func() { put(t, files.Cert, nil) },
		"no file":            func() { must(t, os.Remove(files.Cert)) },
		"one of last year's": func() { files.renew(time.Now().Add(-time.Hour), "files.example.org") },
	} {
		told := strings.Count(server.Stderr(), "stays in force")
		spoil()
		waitUntil(t, what+" is refused in the log", func() bool {
			if shown().Cmp(good) != 0 {
				t.Fatalf("%s: another certificate is shown", what)
			}
			return strings.Count(server.Stderr(), "stays in force") > told
		})
		good = files.renew(time.Now().Add(time.Hour), "files.example.org")
		waitUntil(t, "a good certificate is shown after "+what, func() bool { return shown().Cmp(good) == 0 })
	}
	if strings.Contains(server.Stderr(), "PRIVATE KEY") {
		t.Error("a key stands in the log")
	}
}

func TestStartRefusesACertificateThatIsNone(t *testing.T) {
	t.Parallel()
	files := newPair(t, "files.example.org")
	start := func(flags ...string) (string, int) {
		_, stderr, status := run(t, "", append([]string{"--addr", "127.0.0.1:0", "--data", t.TempDir()}, flags...)...)
		return stderr, status
	}
	stderr, status := start("--tls-cert", files.Cert, "--tls-key", filepath.Join(t.TempDir(), "nowhere"))
	wantSentence(t, "a key that is not there", stderr, status, "nowhere", "no such file")
	stderr, status = start("--tls-cert", files.Cert, "--tls-key", newPair(t, "x").Key)
	wantSentence(t, "another's key", stderr, status, files.Cert, "private key does not match")
	stderr, status = start("--tls-cert", files.Cert)
	wantUsage(t, "no key", stderr, status, "--tls-key")
	stderr, status = start(append(files.Flags, "--url", "http://files.example.org")...)
	wantUsage(t, "a URL without TLS", stderr, status, "--url", "https")
	stderr, status = start("--http-addr", "127.0.0.1:0")
	wantUsage(t, "a redirect to nowhere", stderr, status, "--http-addr", "--tls-cert")
	stderr, status = start("--tls-cert", files.Cert, "--tls-key", files.Key, "--local-ca")
	wantUsage(t, "two certificates", stderr, status, "--local-ca", "choose one")

	other := startServer(t, t.TempDir(), append(files.Flags, "--url", "https://other.example.org")...)
	if !strings.Contains(other.Stderr(), "not for the host of --url") {
		t.Errorf("nobody says that the certificate is another's: %s", other.Stderr())
	}
}

func TestPlainHTTPLeadsToHTTPS(t *testing.T) {
	t.Parallel()
	files := newPair(t, "files.example.org")
	plain := freePort(t)
	startServer(t, t.TempDir(), append(files.Flags, "--url", "https://files.example.org", "--http-addr", plain)...)
	client := clientTo(plain, nil)
	for path, want := range map[string]string{
		"/":                        "https://files.example.org/",
		"/files/a%2Fb%20c?x=1&y=%": "https://files.example.org/files/a%2Fb%20c?x=1&y=%",
		"//evil.example/":          "https://files.example.org//evil.example/",
	} {
		answer, _ := exchange(t, client, "GET", "http://anything.example"+path, nil)
		if got := answer.Header.Get("Location"); answer.StatusCode != 308 || got != want {
			t.Errorf("GET %s: %s to %q, want 308 to %q", path, answer.Status, got, want)
		}
	}
	// What carries passwords or files is not led on: it would work, in the open, for ever.
	for _, method := range []string{"PUT", "PROPFIND", "POST", "OPTIONS"} {
		answer, body := exchange(t, client, method, "http://files.example.org/dav/x", nil)
		if answer.StatusCode != 403 || answer.Header.Get("Location") != "" || !strings.Contains(string(body), "https://files.example.org") {
			t.Errorf("%s: %s %q", method, answer.Status, body)
		}
	}
}

func TestListeningInTheOpenMustBeSaid(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		data := filepath.Join(t.TempDir(), "data")
		_, stderr, status := run(t, "", "--addr", addr, "--data", data)
		wantUsage(t, addr, stderr, status, addr, "read and change everything, passwords and files too", "--insecure-http", "--domain")
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%s: a data folder was made for a server that does not start", addr)
		}
	}
	_, stderr, status := run(t, "", "--addr", "0.0.0.0:0", "--data", t.TempDir(), "--url", "https://files.example.org")
	wantUsage(t, "a proxy on another computer", stderr, status, "between the proxy at https://files.example.org and here", "--insecure-http")

	meant := startServer(t, t.TempDir(), "--addr", "0.0.0.0:0", "--insecure-http")
	if !strings.Contains(meant.Stderr(), "without TLS") {
		t.Errorf("the log does not say what that means: %s", meant.Stderr())
	}
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0", "localhost:0"} {
		if own := startServer(t, t.TempDir(), "--addr", addr); strings.Contains(own.Stderr(), "without TLS") {
			t.Errorf("%s: warned of a listener that only this computer reaches", addr)
		}
	}
	startServer(t, t.TempDir(), append(newPair(t, "files.example.org").Flags, "--addr", "0.0.0.0:0")...) // with TLS nothing need be said
}

// freePort is a port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

func TestPlacesThatCanNotBeAreRefused(t *testing.T) {
	t.Parallel()
	for value, words := range map[string]string{
		"--url=https://münchen.de": "xn--mnchen-3ya.de", "--url=https://files.example.org.": "call files.example.org", "--url=https://\"files\"": "--url",
		"--url=http://192.168.1.300": "nor an IP address", "--url=https://files.example.org:99999": "65535", "--url=files.example.org": `"files.example.org" must be a scheme`,
		"--addr=9000": `"9000" is no address`, "--addr=localhost": "127.0.0.1:8080", "--addr=127.0.0.1:99999": "--addr", "--metrics-addr=99999": "--metrics-addr",
	} {
		_, stderr, status := run(t, "", "config", value)
		wantUsage(t, value, stderr, status, words)
	}
	for _, fine := range []string{"--url=http://my_nas:8080", "--url=https://Files.example.org", "--url=http://[::1]:8080", "--addr=localhost:http", "--metrics-addr=9187"} {
		if _, stderr, status := run(t, "", "config", fine); status != 0 {
			t.Errorf("%s: %s", fine, stderr)
		}
	}
}

func TestCertificatesThatBrowsersRefuseAreNamed(t *testing.T) {
	t.Parallel()
	bare := newPair(t)
	start := append([]string{"serve", "--addr", "127.0.0.1:0", "--data", t.TempDir()}, bare.Flags...)
	_, stderr, status := run(t, "", start...)
	wantSentence(t, "no names", stderr, status, bare.Cert, "no subject alternative names")
	put(t, bare.Key, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"))
	_, stderr, status = run(t, "", start...)
	wantSentence(t, "a key with a passphrase", stderr, status, bare.Key, "is encrypted")
}
