package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestALocalAuthorityServesItsNames(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	_, stderr, status := run(t, "", "--addr", "127.0.0.1:0", "--data", data, "--local-ca")
	wantSentence(t, "no authority yet", stderr, status, "thorpe local-ca NAME --data "+data)
	made, stderr, status := run(t, "", "local-ca", "nas.local", "192.168.1.20", "--data", data)
	if status != 0 {
		t.Fatalf("local-ca: %s", stderr)
	}
	file := filepath.Join(data, "local-ca", "root.crt")
	root, err := os.ReadFile(file)
	must(t, err)
	block, _ := pem.Decode(root)
	fingerprint := strings.ReplaceAll(fmt.Sprintf("% X", sha256.Sum256(block.Bytes)), " ", ":")
	for _, words := range []string{"nas.local 192.168.1.20", file, fingerprint, "--http-addr :80 --data " + data + "\n"} {
		if !strings.Contains(made, words) {
			t.Errorf("local-ca does not say %q: %s", words, made)
		}
	}
	if told, _, _ := run(t, "", "local-ca", "--data", data); told != made {
		t.Errorf("asked again: %s\nwant what it said when it was made: %s", told, made)
	}
	_, stderr, status = run(t, "", "local-ca", "other.local", "--data", data)
	wantSentence(t, "another name", stderr, status, "nas.local", "--replace")

	plain := freePort(t)
	server := startServer(t, data, "--local-ca", "--http-addr", plain)
	if port := server.Addr[strings.LastIndex(server.Addr, ":")+1:]; server.URL != "https://nas.local:"+port {
		t.Errorf("the server is at %s", server.URL)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(root)
	client := clientTo(server.Addr, &tls.Config{RootCAs: pool})
	for _, name := range []string{"nas.local", "192.168.1.20"} {
		port := server.Addr[strings.LastIndex(server.Addr, ":"):]
		if answer, _ := exchange(t, client, "GET", "https://"+name+port+"/", nil); answer.StatusCode != 200 || answer.Proto != "HTTP/2.0" {
			t.Errorf("%s: %s %s", name, answer.Proto, answer.Status)
		}
	}
	if answer, got := exchange(t, clientTo(plain, nil), "GET", "http://nas.local/local-ca.crt", nil); string(got) != string(root) || answer.Header.Get("Content-Type") != "application/x-x509-ca-cert" {
		t.Errorf("the root for devices: %s %q", answer.Status, got)
	}
	if answer, _ := exchange(t, clientTo(plain, nil), "GET", "http://nas.local/intermediate.key", nil); answer.StatusCode != 308 {
		t.Errorf("anything else: %s", answer.Status)
	}
	// OpenSSL agrees about the chain and its constraints.
	if openssl, err := exec.LookPath("openssl"); err == nil {
		out, err := exec.Command(openssl, "s_client", "-connect", server.Addr, "-servername", "nas.local", "-verify_hostname", "nas.local", "-CAfile", file, "-verify_return_error").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Verify return code: 0 (ok)") {
			t.Errorf("openssl: %v %s", err, out)
		}
	}
	if other, stderr, _ := run(t, "", "local-ca", "--replace", "--data", data); !strings.Contains(other, "for nas.local 192.168.1.20,") || strings.Contains(other, fingerprint) {
		t.Errorf("replaced without a name: %s %s", other, stderr)
	}
	_, stderr, status = run(t, "", "local-ca", "not a name", "--data", t.TempDir())
	wantUsage(t, "a name that is none", stderr, status, "not a name")
}
