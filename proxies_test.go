package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// realProxy is nginx or Apache with the example of docs/proxies, at a port of its own, in front of a server.
type realProxy struct {
	t       *testing.T
	command []string
	cmd     *exec.Cmd
	ended   chan struct{}
	errors  string // the file with its errors
	files   *pair
	Addr    string // by TLS
	Plain   string
	Base    string // the path below which the server lives, or empty
	Server  *process
}

// newProxy puts an example into the frame that makes a whole configuration of it, in which NAMES in capitals are folders and ports.
func newProxy(t *testing.T, program, example, frame, addr string, command ...string) *realProxy {
	t.Helper()
	base := ""
	if strings.HasSuffix(example, "-path.conf") {
		base = "/cloud"
	}
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("THORPE_TEST_REQUIRE") != "" {
			t.Fatal(err)
		}
		t.Skipf("%s is not here", program)
	}
	content, err := os.ReadFile(filepath.Join("docs", "proxies", example))
	must(t, err)
	folder := t.TempDir()
	p := &realProxy{t: t, files: newPair(t, "localhost"), Addr: freePort(t), Plain: freePort(t), Base: base, errors: filepath.Join(folder, "error.log")}
	p.Server = startServer(t, t.TempDir(), "--url", p.url(), "--trusted-proxies", "127.0.0.1/32", "--addr", addr)
	at := p.Server.Addr
	if strings.HasPrefix(addr, "unix:") {
		at = addr
	}
	port := func(addr string) string { _, port, _ := net.SplitHostPort(addr); return port }
	said := strings.NewReplacer("/etc/ssl/files.pem", p.files.Cert, "/etc/ssl/files.key", p.files.Key, "127.0.0.1:8080", at,
		"files.example.org", "localhost", "example.org", "localhost", "listen 443 ", "listen "+p.Addr+" ", "listen 80;", "listen "+p.Plain+";", "*:443", p.Addr, "*:80", p.Plain).Replace(string(content))
	config := strings.NewReplacer("EXAMPLE", said, "FOLDER", folder, "TLS", port(p.Addr), "PLAIN", port(p.Plain)).Replace(frame)
	file := filepath.Join(folder, "proxy.conf")
	must(t, os.WriteFile(file, []byte(config), 0o600))
	for _, word := range command {
		p.command = append(p.command, strings.NewReplacer("FILE", file, "FOLDER", folder).Replace(word))
	}
	p.command = append([]string{program}, p.command...)
	p.start()
	t.Cleanup(p.stop)
	return p
}

func (p *realProxy) url() string {
	_, port, _ := net.SplitHostPort(p.Addr)
	return "https://localhost:" + port + p.Base
}

func (p *realProxy) start() {
	p.t.Helper()
	var said bytes.Buffer
	p.cmd = exec.Command(p.command[0], p.command[1:]...)
	p.cmd.Stdout, p.cmd.Stderr = &said, &said
	must(p.t, p.cmd.Start())
	ended := make(chan struct{})
	p.ended = ended
	go func(cmd *exec.Cmd) { cmd.Wait(); close(ended) }(p.cmd)
	waitUntil(p.t, p.command[0]+" listens", func() bool {
		select {
		case <-ended:
			log, _ := os.ReadFile(p.errors)
			p.t.Fatalf("%v ended: %s %s", p.command, said.String(), log)
		default:
		}
		conn, err := net.Dial("tcp", p.Addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// stop ends it at once, and what it is passing on.
func (p *realProxy) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.ended
}

func newNginx(t *testing.T, example, addr string) *realProxy {
	return newProxy(t, "nginx", example, `
user root;
daemon off;
pid FOLDER/nginx.pid;
error_log FOLDER/error.log;
events {}
http {
  access_log off;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi;
  scgi_temp_path FOLDER/scgi;
EXAMPLE
}
`, addr, "-c", "FILE", "-e", "FOLDER/error.log")
}

func newApache(t *testing.T, example string) *realProxy {
	var modules strings.Builder
	for _, name := range []string{"mpm_event", "authz_core", "env", "headers", "http2", "proxy", "proxy_http", "reqtimeout", "rewrite", "socache_shmcb", "ssl"} {
		fmt.Fprintf(&modules, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
	}
	return newProxy(t, "apache2", example, modules.String()+`
ServerRoot FOLDER
DefaultRuntimeDir FOLDER
PidFile FOLDER/apache.pid
ErrorLog FOLDER/error.log
Mutex posixsem
ServerName localhost
User www-data
Group www-data
Listen 127.0.0.1:TLS
Listen 127.0.0.1:PLAIN
EXAMPLE
`, "127.0.0.1:0", "-X", "-f", "FILE")
}

func TestNginxInFront(t *testing.T) {
	t.Parallel()
	behaves(t, newNginx(t, "nginx.conf", "127.0.0.1:0"))
}

func TestNginxInFrontOfASocket(t *testing.T) {
	t.Parallel()
	p := newNginx(t, "nginx.conf", "unix:"+filepath.Join(t.TempDir(), "thorpe.sock"))
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
