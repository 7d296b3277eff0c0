package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestNginxInFront(t *testing.T) {
	t.Parallel()
	behaves(t, newNginx(t, "nginx.conf", "127.0.0.1:0"))
}

func TestNginxInFrontOfASocket(t *testing.T) {
	t.Parallel()
	behavesOverASocket(t, newNginx(t, "nginx.conf", "unix:"+filepath.Join(t.TempDir(), "thorpe.sock")))
}

func TestCaddyInFront(t *testing.T) {
	t.Parallel()
	behaves(t, newCaddy(t, "127.0.0.1:0"))
}

func TestCaddyInFrontOfASocket(t *testing.T) {
	t.Parallel()
	behavesOverASocket(t, newCaddy(t, "unix:"+filepath.Join(t.TempDir(), "thorpe.sock")))
}

func behavesOverASocket(t *testing.T, p *realProxy) {
	secret := "ann:" + p.Server.account("ann")
	client := p.files.client(p.Addr)
	if answer, _ := exchange(t, client, "GET", p.url()+"/", nil); answer.StatusCode != 200 {
		t.Errorf("a page: %s", answer.Status)
	}
	if answer, _ := exchange(t, client, "PUT", p.url()+"/dav/a.txt", strings.NewReader("a"), "App-Password", secret); answer.StatusCode != 201 {
		t.Errorf("PUT: %s", answer.Status)
	}
	if answer, _ := exchange(t, client, "MOVE", p.url()+"/dav/a.txt", nil, "Destination", p.url()+"/dav/b.txt", "App-Password", secret); answer.StatusCode != 201 {
		t.Errorf("MOVE: %s", answer.Status)
	}
}

func TestApacheInFront(t *testing.T) {
	t.Parallel()
	behaves(t, newApache(t, "apache.conf"))
}

// Below a path of a host that has others beside.
func TestNginxInFrontOfABasePath(t *testing.T) {
	t.Parallel()
	p := newNginx(t, "nginx-path.conf", "127.0.0.1:0")
	p.keepsToItsPath()
	behaves(t, p)
}

func TestApacheInFrontOfABasePath(t *testing.T) {
	t.Parallel()
	p := newApache(t, "apache-path.conf")
	p.keepsToItsPath()
	behaves(t, p)
}

// keepsToItsPath tries whether only the base path reaches the server, and all of it.
func (p *realProxy) keepsToItsPath() {
	p.t.Helper()
	client := p.files.client(p.Addr)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	host := strings.TrimSuffix(p.url(), p.Base)
	answer, _ := exchange(p.t, client, "GET", host+"/cloud", nil)
	if to, err := answer.Location(); answer.StatusCode/100 != 3 || err != nil || to.String() != host+"/cloud/" {
		p.t.Errorf("the path without its slash: %s to %q", answer.Status, answer.Header.Get("Location"))
	}
	for _, path := range []string{"/", "/dav/", "/s/", "/cloudy/", "/cloud/../dav/"} {
		if answer, body := exchange(p.t, client, "GET", host+path, nil); answer.Header.Get("X-Request-Id") != "" {
			p.t.Errorf("%s reaches the server: %s %s", path, answer.Status, body)
		}
	}
	if _, body := exchange(p.t, client, "GET", p.url()+"/", nil); !bytes.Contains(body, []byte(`href="/cloud/about"`)) {
		p.t.Errorf("the page does not lead on below the path: %s", body)
	}
	secret := "eve:" + p.Server.account("eve")
	answer, body := exchange(p.t, client, "PROPFIND", p.url()+"/", nil, "Depth", "1", "App-Password", secret)
	if answer.StatusCode != 207 || !bytes.Contains(body, []byte("<D:href>/cloud/dav/</D:href>")) {
		p.t.Errorf("the way to the drive: %s %s", answer.Status, body)
	}
}

// behaves tries everything through the proxy that proxies have been seen to break.
func behaves(t *testing.T, p *realProxy) {
	client := p.files.client(p.Addr)
	url := p.url()
	secret := []string{"App-Password", "ann:" + p.Server.account("ann")}
	answer, _ := exchange(t, client, "GET", url+"/", nil)
	if answer.StatusCode != 200 || answer.Proto != "HTTP/2.0" || answer.Header.Get("Strict-Transport-Security") != "" { // which would bind all of localhost
		t.Errorf("a page: %s %s %v", answer.Proto, answer.Status, answer.Header)
	}
	for _, length := range []int64{12 << 20, -1} {
		p.putArrivesAtOnce(client, length, secret)
	}

	content := bytes.Repeat([]byte("0123456789abcdef"), 3<<16)
	if answer, _ := exchange(t, client, "PUT", url+"/dav/a%20b%23%25%3F%2B.txt", bytes.NewReader(content), secret...); answer.StatusCode != 201 {
		t.Errorf("PUT of a name with signs in it: %s", answer.Status)
	}
	for _, method := range []string{"COPY", "MOVE"} {
		answer, body := exchange(t, client, method, url+"/dav/a%20b%23%25%3F%2B.txt", nil, append([]string{"Destination", url + "/dav/" + method + "%20%26%3B.txt"}, secret...)...)
		if answer.StatusCode != 201 {
			t.Errorf("%s: %s %s", method, answer.Status, body)
		}
	}
	if _, err := os.Stat(filepath.Join(p.Server.Data, "drive", "ann", "MOVE &;.txt")); err != nil {
		t.Errorf("what was moved: %v", err)
	}
	if answer, body := exchange(t, client, "PUT", url+"/dav/a%2Fb", bytes.NewReader(content), secret...); answer.StatusCode != 400 && answer.StatusCode != 403 {
		t.Errorf("PUT of a name with a slash in it: %s %s, want a refusal, not a folder", answer.Status, body)
	}
	answer, got := exchange(t, client, "GET", url+"/dav/COPY%20%26%3B.txt", nil, append([]string{"Range", "bytes=1000000-1000009"}, secret...)...)
	if answer.StatusCode != 206 || !bytes.Equal(got, content[1000000:1000010]) || answer.Header.Get("Content-Range") != fmt.Sprintf("bytes 1000000-1000009/%d", len(content)) {
		t.Errorf("a range: %s %q %v", answer.Status, got, answer.Header)
	}
	if answer, _ := exchange(t, client, "PROPFIND", url+"/dav/", nil, append([]string{"Depth", "1"}, secret...)...); answer.StatusCode != 207 {
		t.Errorf("PROPFIND: %s", answer.Status)
	}
	if answer, _ := exchange(t, client, "LOCK", url+"/dav/COPY%20%26%3B.txt", strings.NewReader(`<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>`), secret...); answer.StatusCode != 200 || answer.Header.Get("Lock-Token") == "" {
		t.Errorf("LOCK: %s", answer.Status)
	}
	plain := clientTo(p.Plain, nil)
	if answer, _ := exchange(t, plain, "GET", "http://localhost"+p.Base+"/s/?a=b", nil); answer.StatusCode != 308 || answer.Header.Get("Location") != "https://localhost"+p.Base+"/s/?a=b" {
		t.Errorf("plain http: %s to %q", answer.Status, answer.Header.Get("Location"))
	}
	if answer, _ := exchange(t, plain, "PROPFIND", "http://localhost"+p.Base+"/dav/", nil); answer.StatusCode != 403 {
		t.Errorf("a mount by plain http: %s", answer.Status)
	}
	p.tellsWhoAsks(secret)
	p.sendGoesOn()
	log, err := os.ReadFile(p.errors)
	if err == nil && bytes.Contains(log, []byte("is buffered to a temporary file")) {
		t.Errorf("the proxy keeps bodies in files: %s", log)
	}
}

// putArrivesAtOnce sends half of a file, and the rest only when the server has some of it. A length below 0 is none.
func (p *realProxy) putArrivesAtOnce(client *http.Client, length int64, header []string) {
	p.t.Helper()
	body, feed := io.Pipe()
	request, err := http.NewRequest("PUT", fmt.Sprintf("%s/dav/large%d", p.url(), length), body)
	must(p.t, err)
	request.ContentLength = length
	name, secret, _ := strings.Cut(header[len(header)-1], ":")
	request.SetBasicAuth(name, secret)
	answered := make(chan error, 1)
	go func() {
		answer, err := client.Do(request)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != http.StatusCreated {
				err = fmt.Errorf("%s", answer.Status)
			}
		}
		answered <- err
	}()
	half := make([]byte, 6<<20)
	_, err = feed.Write(half)
	must(p.t, err)
	waitUntil(p.t, "half of what is being sent has arrived", func() bool {
		files, err := filepath.Glob(filepath.Join(p.Server.Data, "incoming", "dav-*"))
		must(p.t, err)
		for _, file := range files {
			if info, err := os.Stat(file); err == nil && info.Size() > 4<<20 {
				return true
			}
		}
		return false
	})
	_, err = feed.Write(half)
	must(p.t, err)
	must(p.t, feed.Close())
	if err := <-answered; err != nil {
		p.t.Errorf("PUT of a body of length %d: %v", length, err)
	}
	if info, err := os.Stat(filepath.Join(p.Server.Data, "drive", "ann", fmt.Sprintf("large%d", length))); err != nil || info.Size() != int64(2*len(half)) {
		p.t.Errorf("what was sent: %v %v", info, err)
	}
}

// tellsWhoAsks has somebody guess app passwords until they are put off, which must be nothing to anybody else, and no invented address may help them.
func (p *realProxy) tellsWhoAsks(secret []string) {
	p.t.Helper()
	from := func(address string) *http.Client {
		client := p.files.client(p.Addr)
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
		client.Transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", p.Addr)
		}
		return client
	}
	guess := func(client *http.Client) int {
		answer, _ := exchange(p.t, client, "PROPFIND", p.url()+"/dav/", nil, "Depth", "0", "App-Password", "ann:wrong", "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", rand.IntN(250)))
		return answer.StatusCode
	}
	conn, err := net.ListenPacket("udp", "127.0.0.2:0")
	if err != nil {
		return // a system with one loopback address
	}
	conn.Close()
	guesser, other := from("127.0.0.2"), from("127.0.0.3")
	status := 401
	for range 100 {
		if status = guess(guesser); status != 401 {
			break
		}
	}
	if status != 429 {
		p.t.Errorf("a hundred wrong guesses from one address: the last got %d, want 429", status)
	}
	if status := guess(other); status != 401 {
		p.t.Errorf("a first guess from another address: %d, want 401", status)
	}
}

// sendGoesOn sends a link's content by tus, kills the proxy in the middle, and opens the link.
func (p *realProxy) sendGoesOn() {
	p.t.Helper()
	home := p.t.TempDir()
	client := func(stdin string, args ...string) *exec.Cmd {
		cmd := exec.Command(binary(p.t), args...)
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+home, "HOME="+home, "SSL_CERT_FILE="+p.files.Cert, "SSL_CERT_DIR=/nowhere")
		cmd.Stdin = strings.NewReader(stdin)
		return cmd
	}
	if _, stderr, status := output(p.t, client(password+"\n", "login", p.url(), "--name", "ann", "--password-stdin")); status != 0 {
		p.t.Fatalf("login: %s", stderr)
	}
	content := make([]byte, 60_000_000)
	rand.NewChaCha8([32]byte{7}).Read(content)
	path := filepath.Join(p.t.TempDir(), "film.bin")
	must(p.t, os.WriteFile(path, content, 0o600))
	var link, told bytes.Buffer
	send := client("", "send", path)
	send.Stdout, send.Stderr = &link, &told
	must(p.t, send.Start())
	waitUntil(p.t, "some of it has arrived", func() bool { return sealedBytes(p.Server.Data) > 9_000_000 })
	p.stop()
	p.start()
	if err := send.Wait(); err != nil {
		p.t.Fatalf("send through a proxy that was killed: %v %s", err, told.String())
	}
	folder := p.t.TempDir()
	if _, stderr, status := output(p.t, client("", "get", strings.TrimSpace(link.String()), "-o", folder)); status != 0 {
		p.t.Fatalf("get: %s", stderr)
	}
	if hashFile(p.t, filepath.Join(folder, "film.bin")) != hashFile(p.t, path) {
		p.t.Error("the link holds something else than what was sent")
	}
}
