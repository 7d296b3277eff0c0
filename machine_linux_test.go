package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"thorpe/static/browsertest"
)

// machine is a Debian in a folder. Until it is booted, commands run in it as in a chroot; then among its processes.
type machine struct {
	t      *testing.T
	root   string
	leader string // the process id of its systemd, or empty
}

// run runs a command in the machine as root, which must succeed.
func (m *machine) run(stdin, program string, args ...string) string {
	m.t.Helper()
	words := append([]string{m.root, program}, args...)
	cmd := exec.Command("chroot", words...)
	if m.leader != "" {
		words = append([]string{"--target", m.leader, "--mount", "--pid", "--uts", "--ipc", "--", program}, args...)
		cmd = exec.Command("nsenter", words...)
	}
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"}
	stdout, stderr, status := output(m.t, cmd)
	if status != 0 {
		m.t.Fatalf("in the machine, %s %s: status %d\n%s%s\n%s", program, strings.Join(args, " "), status, stdout, stderr, m.journal())
	}
	return stdout
}

func (m *machine) journal() string {
	out, _ := exec.Command("journalctl", "--directory", filepath.Join(m.root, "var/log/journal"), "--no-pager", "--unit", "thorpe").CombinedOutput()
	return string(out)
}

func (m *machine) write(name, content string) {
	m.t.Helper()
	path := filepath.Join(m.root, name)
	must(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(m.t, os.WriteFile(path, []byte(content), 0o644))
}

func (m *machine) read(name string) string {
	content, err := os.ReadFile(filepath.Join(m.root, name))
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// boot starts its systemd, which starts all that is enabled, in this process's network.
func (m *machine) boot() {
	m.t.Helper()
	must(m.t, os.MkdirAll(filepath.Join(m.root, "var/log/journal"), 0o755)) // kept, so that it can be read from outside
	cmd := exec.Command(browsertest.Need(m.t, "systemd-nspawn"), "--quiet", "--directory", m.root, "--machine", "thorpe-"+strconv.Itoa(os.Getpid()),
		"--register=no", "--keep-unit", "--resolv-conf=off", "--console=pipe", "--boot")
	var console bytes.Buffer
	cmd.Stdout, cmd.Stderr = &console, &console
	must(m.t, cmd.Start())
	m.t.Cleanup(func() {
		if leader, err := strconv.Atoi(m.leader); err == nil {
			syscall.Kill(leader, syscall.SIGKILL) // and all that runs in the machine with it
		} else {
			cmd.Process.Kill()
		}
		cmd.Wait()
	})
	children := fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid)
	waitUntil(m.t, "the machine runs systemd", func() bool {
		content, err := os.ReadFile(children)
		if err != nil {
			m.t.Fatalf("the machine does not boot: %v\n%s", err, console.String())
		}
		m.leader = strings.TrimSpace(string(content))
		name, _ := os.ReadFile("/proc/" + m.leader + "/comm")
		return string(name) == "systemd\n"
	})
	waitUntil(m.t, "the machine is up", func() bool {
		out, _ := exec.Command("nsenter", "--target", m.leader, "--mount", "--pid", "--uts", "--ipc", "--", "systemctl", "is-system-running").CombinedOutput()
		return string(out) == "running\n" || string(out) == "degraded\n"
	})
}

// service is what systemd says of the service.
func (m *machine) service(property string) string {
	m.t.Helper()
	return strings.TrimSpace(m.run("", "systemctl", "show", "--value", "--property", property, "thorpe.service"))
}

// TestFromACleanMachine is what a newcomer does: install the package, name a domain, make an account, mount the drive, send a link, and open it elsewhere.
// .ci/clean-machine makes the machine, and runs this where no other process is and no port is taken.
func TestFromACleanMachine(t *testing.T) {
	root := os.Getenv("THORPE_TEST_MACHINE")
	if root == "" {
		t.Skip("needs a machine of its own: .ci/clean-machine runs it")
	}
	must(t, exec.Command("ip", "link", "set", "lo", "up").Run())
	m := &machine{t: t, root: root}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(m.journal())
		}
	})
	pebble := newAuthority(t, "127.0.0.1:443", "127.0.0.1:80", 90*24*3600)

	m.install()
	m.write("etc/hosts", "127.0.0.1 localhost\n") // as Debian's installer would
	m.write("etc/thorpe/thorpe.toml", m.read("etc/thorpe/thorpe.toml")+"domain = \"files.example.org\"\nacme-directory = \""+pebble.Directory+"\"\n")
	own, err := os.ReadFile(strings.TrimPrefix(pebble.Variables[0], "SSL_CERT_FILE="))
	must(t, err)
	m.write("etc/thorpe/pebble.pem", string(own))
	m.write("etc/systemd/system/thorpe.service.d/pebble.conf", "[Service]\nEnvironment=SSL_CERT_FILE=/etc/thorpe/pebble.pem\n")
	m.boot()

	roots := pebble.roots()
	waitUntil(t, "the domain's certificate is shown", func() bool { return shownTo("127.0.0.1:443", "files.example.org", roots) != nil })
	m.wantConfined()
	if got := m.run("", "thorpe", "health", "--config", "/etc/thorpe/thorpe.toml"); got != "ready\n" {
		t.Errorf("thorpe health says %q", got)
	}
	first := m.run("", "runuser", "-u", "thorpe", "--", "thorpe", "user", "add", "ann", "--config", "/etc/thorpe/thorpe.toml")
	if !strings.HasPrefix(first, "https://files.example.org/setup#") {
		t.Errorf("the link for the first account is %q", first)
	}
	asOperator := []string{"-u", "thorpe", "--", "thorpe"}
	m.run(password+"\n", "runuser", append(asOperator, "user", "add", "ann", "--password-stdin", "--config", "/etc/thorpe/thorpe.toml")...)
	secret := strings.TrimSpace(m.run("", "runuser", append(asOperator, "app-password", "ann", "laptop", "--config", "/etc/thorpe/thorpe.toml")...))

	other := newLaptop(t, pebble)
	other.mountAndWrite(secret)
	if got := m.read("var/lib/thorpe/drive/ann/holiday/lake.txt"); got != "from the mount\n" {
		t.Errorf("what was written in the mount is %q on the machine", got)
	}
	other.sendAndGet(filepath.Join(root, "usr/bin/thorpe"))

	if journal := m.journal(); strings.Contains(journal, "setup#") || !strings.Contains(journal, "files.example.org") {
		t.Errorf("the journal: %s", journal)
	}
	m.upgradeAndRemove()
}

// laptop is another computer, with nothing of the server's but its authority's certificate.
type laptop struct {
	t     *testing.T
	roots string // file
	home  string
}

func newLaptop(t *testing.T, pebble *authority) *laptop {
	t.Helper()
	l := &laptop{t: t, home: t.TempDir()}
	l.roots = filepath.Join(l.home, "root.pem")
	_, root := exchange(t, pebble.http, "GET", pebble.manage+"/roots/0", nil)
	block, _ := pem.Decode(root)
	_, err := x509.ParseCertificate(block.Bytes)
	must(t, err)
	must(t, os.WriteFile(l.roots, root, 0o644))
	for _, folder := range []string{l.home, filepath.Dir(l.home)} { // davfs2 reads it as a user of its own
		must(t, os.Chmod(folder, 0o755))
	}
	hosts := filepath.Join(l.home, "hosts") // in this process's own view of the files
	must(t, os.WriteFile(hosts, []byte("127.0.0.1 localhost files.example.org\n"), 0o644))
	tool(t, "mount", "--bind", hosts, "/etc/hosts")
	t.Cleanup(func() { tool(t, "umount", "/etc/hosts") })
	return l
}

func (l *laptop) mountAndWrite(secret string) {
	l.t.Helper()
	needFUSE(l.t)
	folder, config := filepath.Join(l.home, "drive"), filepath.Join(l.home, "davfs2.conf")
	must(l.t, os.Mkdir(folder, 0o700))
	must(l.t, os.WriteFile(config, []byte("trust_ca_cert "+l.roots+"\ndelay_upload 0\n"), 0o600))
	mount := exec.Command(browsertest.Need(l.t, "mount.davfs"), "-o", "conf="+config, "https://files.example.org/dav/", folder)
	mount.Stdin = strings.NewReader("ann\n" + secret + "\n")
	if stdout, stderr, status := output(l.t, mount); status != 0 {
		l.t.Fatalf("mounting: status %d\n%s%s", status, stdout, stderr)
	}
	must(l.t, os.Mkdir(filepath.Join(folder, "holiday"), 0o755))
	must(l.t, os.WriteFile(filepath.Join(folder, "holiday", "lake.txt"), []byte("from the mount\n"), 0o644))
	tool(l.t, "umount", folder) // which waits for what is to be uploaded
}

func (l *laptop) sendAndGet(program string) {
	l.t.Helper()
	thorpe := func(stdin string, args ...string) string {
		l.t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Stdin, cmd.Dir = strings.NewReader(stdin), l.home
		cmd.Env = []string{"HOME=" + l.home, "SSL_CERT_FILE=" + l.roots}
		stdout, stderr, status := output(l.t, cmd)
		if status != 0 {
			l.t.Fatalf("thorpe %s: status %d\n%s", strings.Join(args, " "), status, stderr)
		}
		return strings.TrimSpace(stdout)
	}
	must(l.t, os.WriteFile(filepath.Join(l.home, "photo.jpg"), bytes.Repeat([]byte("octothorpe"), 100_000), 0o600))
	thorpe(password+"\n", "login", "https://files.example.org", "--name", "ann", "--password-stdin")
	link := thorpe("", "send", "photo.jpg", "--title", "Summer")
	if !strings.HasPrefix(link, "https://files.example.org/s/#") {
		l.t.Errorf("the link is %q", link)
	}
	must(l.t, os.Mkdir(filepath.Join(l.home, "opened"), 0o700))
	thorpe("", "get", link, "-o", "opened")
	tool(l.t, "cmp", filepath.Join(l.home, "photo.jpg"), filepath.Join(l.home, "opened", "photo.jpg"))
}
