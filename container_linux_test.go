package main

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// image is docs/Containerfile as an image, made of what a release hands out.
type image struct {
	t       *testing.T
	buildah []string // and where it keeps what it makes
	name    string   // of a container that commands run in
}

func newImage(t *testing.T) *image {
	t.Helper()
	program := browsertest.Need(t, "buildah")
	if os.Geteuid() != 0 {
		t.Skip("images are built by root only")
	}
	context, store := t.TempDir(), t.TempDir()
	tool(t, "tar", "xzf", releaseFile(t, "container-"+runtime.GOARCH+".tar.gz"), "-C", context)
	i := &image{t: t, buildah: []string{program, "--root", filepath.Join(store, "root"), "--runroot", filepath.Join(store, "run"), "--storage-driver", "vfs"}}
	i.do("bud", "--isolation", "chroot", "--format", "docker", "--tag", "thorpe", context)
	i.name = strings.TrimSpace(i.do("from", "--pull-never", "thorpe"))
	t.Cleanup(func() { i.do("rm", i.name) })
	return i
}

func (i *image) command(words ...string) *exec.Cmd {
	return exec.Command(i.buildah[0], append(i.buildah[1:len(i.buildah):len(i.buildah)], words...)...)
}

func (i *image) do(words ...string) string {
	i.t.Helper()
	stdout, stderr, status := output(i.t, i.command(words...))
	if status != 0 {
		i.t.Fatalf("buildah %s: status %d\n%s%s", strings.Join(words, " "), status, stdout, stderr)
	}
	return stdout
}

// config is what the image says of itself.
func (i *image) config() (config struct {
	User        string
	Env         []string
	Entrypoint  []string
	Cmd         []string
	Volumes     map[string]struct{}
	Healthcheck struct{ Test []string }
}) {
	i.t.Helper()
	var said struct {
		Docker struct{ Config json.RawMessage } `json:"Docker"`
	}
	must(i.t, json.Unmarshal([]byte(i.do("inspect", "--type", "image", "thorpe")), &said))
	must(i.t, json.Unmarshal(said.Docker.Config, &config))
	return config
}

// The image has nothing but the program, and no shell: what it says to run, and to ask for its health, is run here as a container engine would.
func TestTheImageServesAndTellsItsHealth(t *testing.T) {
	t.Parallel()
	i := newImage(t)
	config := i.config()
	if config.User != "65532:65532" || len(config.Volumes) != 1 {
		t.Errorf("the image runs as %q, with the volumes %v", config.User, config.Volumes)
	}
	serve := append(config.Entrypoint, config.Cmd...)
	inside := func(variables []string, words ...string) *exec.Cmd {
		flags := []string{"run", "--isolation", "chroot"}
		for _, variable := range variables {
			flags = append(flags, "--env", variable)
		}
		return i.command(append(append(flags, i.name, "--"), words...)...)
	}
	// As it comes it would listen in the open, and says what to do.
	if _, stderr, status := output(t, inside(nil, serve...)); status != exitUsage || !strings.Contains(stderr, "--insecure-http") {
		t.Errorf("without settings: status %d %s", status, stderr)
	}
	addr := freePort(t) // the network is this machine's
	variables := []string{"THORPE_ADDR=" + addr, "THORPE_URL=http://" + addr}
	check := config.Healthcheck.Test
	if len(check) < 2 || check[0] != "CMD" {
		t.Fatalf("the health check is %q", check)
	}
	if _, stderr, status := output(t, inside(variables, check[1:]...)); status == 0 {
		t.Errorf("a container in which no server runs is healthy: %s", stderr)
	}
	server := inside(variables, serve...)
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	must(t, server.Start())
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		server.Process.Signal(os.Interrupt)
		<-ended
	})
	waitUntil(t, "the container listens", func() bool {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the container ended: %v\n%s", err, log.String())
		default:
		}
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	if stdout, stderr, status := output(t, inside(variables, check[1:]...)); status != 0 || stdout != "ready\n" {
		t.Errorf("the health check: status %d %q %s", status, stdout, stderr)
	}
	if answer, _ := exchange(t, http.DefaultClient, "GET", "http://"+addr+"/", nil); answer.StatusCode != 200 {
		t.Errorf("a page from the container: %s", answer.Status)
	}
}

// Let's Encrypt has to be believed, where no system keeps a list of authorities.
func TestTheImageKnowsTheAuthoritiesOfTheWeb(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	tool(t, "tar", "xzf", releaseFile(t, "container-"+runtime.GOARCH+".tar.gz"), "-C", folder)
	rest, err := os.ReadFile(filepath.Join(folder, "root/etc/ssl/certs/ca-certificates.crt"))
	must(t, err)
	names := map[string]bool{}
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		must(t, err)
		names[certificate.Subject.CommonName] = true
	}
	if len(names) < 80 || !names["ISRG Root X1"] || !names["ISRG Root X2"] {
		t.Errorf("%d authorities, and those of Let's Encrypt: %v %v", len(names), names["ISRG Root X1"], names["ISRG Root X2"])
	}
}
