package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// realProxy is nginx, Apache or Caddy with the example of docs/proxies, at a port of its own, in front of a server.
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
	if program == "caddy" {
		at = strings.Replace(at, "unix:", "unix/", 1)
	}
	port := func(addr string) string { _, port, _ := net.SplitHostPort(addr); return port }
	said := strings.NewReplacer("/etc/ssl/files.pem", p.files.Cert, "/etc/ssl/files.key", p.files.Key, "127.0.0.1:8080", at,
		"\nfiles.example.org {", "\nlocalhost {\n\ttls "+p.files.Cert+" "+p.files.Key,
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
	p.cmd.Env = append(os.Environ(), "HOME="+filepath.Dir(p.errors), "XDG_CONFIG_HOME=", "XDG_DATA_HOME=") // Caddy keeps things there
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

func newCaddy(t *testing.T, addr string) *realProxy {
	t.Helper()
	return newProxy(t, "caddy", "Caddyfile", `
{
	admin off
	storage file_system FOLDER
	http_port PLAIN
	https_port TLS
	default_bind 127.0.0.1
	servers {
		protocols h1 h2
	}
	log {
		output file FOLDER/error.log
	}
}
EXAMPLE
`, addr, "run", "--config", "FILE", "--adapter", "caddyfile")
}
