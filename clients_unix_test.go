//go:build unix

package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// One session each of real clients, against the server as it runs.

func TestCurlSession(t *testing.T) {
	t.Parallel()
	program := browsertest.Need(t, "curl")
	c := newComputer(t)
	c.write("note.txt", "written by curl")
	curl := func(args ...string) string {
		return c.run("", program, append([]string{"--silent", "--show-error", "--fail", "--max-time", "30", "--netrc-file", filepath.Join(c.home, ".netrc")}, args...)...)
	}
	curl("--request", "MKCOL", c.URL+"/dav/curl/")
	curl("--upload-file", filepath.Join(c.home, "note.txt"), c.URL+"/dav/curl/a%20note.txt")
	c.wantStored("curl/a note.txt", "written by curl")
	if got := curl("--range", "8-9", c.URL+"/dav/curl/a%20note.txt"); got != "by" {
		t.Errorf("a range: %q", got)
	}
	curl("--request", "MOVE", "--header", "Destination: "+c.URL+"/dav/curl/b.txt", c.URL+"/dav/curl/a%20note.txt")
	c.wantStored("curl/a note.txt", "-")
	c.wantStored("curl/b.txt", "written by curl")
	curl("--request", "DELETE", c.URL+"/dav/curl/b.txt")
	c.wantStored("curl/b.txt", "-")
}

func TestCadaverSession(t *testing.T) {
	t.Parallel()
	program := browsertest.Need(t, "cadaver")
	c := newComputer(t)
	c.write("note.txt", "written by cadaver")
	out := c.run("mkcol shelf\ncd shelf\nput note.txt\nmove note.txt b.txt\ncopy b.txt c.txt\nlock c.txt\ndiscover c.txt\nunlock c.txt\n"+
		"propset b.txt note hi\npropget b.txt note\nget b.txt back.txt\ndelete c.txt\nquit\n", program, c.URL+"/dav/")
	if strings.Contains(out, "failed") || !strings.Contains(out, "Value of note is: hi") || !strings.Contains(out, "<opaquelocktoken:") {
		t.Errorf("cadaver: %s", out)
	}
	c.wantStored("shelf/b.txt", "written by cadaver")
	c.wantStored("shelf/c.txt", "-")
	if back, err := os.ReadFile(filepath.Join(c.home, "back.txt")); err != nil || string(back) != "written by cadaver" {
		t.Errorf("got back: %q (%v)", back, err)
	}
}

func TestGvfsSession(t *testing.T) {
	t.Parallel()
	bus := browsertest.Need(t, "dbus-run-session")
	browsertest.Need(t, "gio")
	browsertest.Need(t, "/usr/libexec/gvfsd-dav", "/usr/lib/gvfs/gvfsd-dav")
	c := newComputer(t)
	c.write("one.txt", "one")
	c.write("two.txt", "two, and longer")
	c.write("session", `set -e
printf '%s\n' "$PASSWORD" | gio mount "$DRIVE"
gio mkdir "${DRIVE}shelf"
gio copy one.txt "${DRIVE}shelf/ä one.txt"
gio copy two.txt "${DRIVE}shelf/ä one.txt"
gio cat "${DRIVE}shelf/ä one.txt" | cmp - two.txt
gio rename "${DRIVE}shelf/ä one.txt" b.txt
gio copy "${DRIVE}shelf/b.txt" "${DRIVE}shelf/c.txt"
echo saved | gio save "${DRIVE}shelf/b.txt"
gio list -l "${DRIVE}shelf"
gio mkdir "${DRIVE}shelf/sub"
gio move "${DRIVE}shelf/sub" "${DRIVE}shelf/moved"
gio remove "${DRIVE}shelf/moved"
gio mount -u "$DRIVE"
`)
	c.environment = append(c.environment, "PASSWORD="+c.secret, "DRIVE=dav://ann@"+c.Addr+"/dav/", "GVFS_DISABLE_FUSE=1")
	out := c.run("", bus, "--", "sh", "session")
	c.wantStored("shelf/b.txt", "saved\n")
	c.wantStored("shelf/c.txt", "two, and longer")
	c.wantStored("shelf/moved", "-")
	if !strings.Contains(out, "b.txt\t6\t") || !strings.Contains(out, "c.txt\t15\t") {
		t.Errorf("listed: %s", out)
	}
}

func TestDavfs2Session(t *testing.T) {
	t.Parallel()
	program := browsertest.Need(t, "mount.davfs")
	needFUSE(t)
	if os.Geteuid() != 0 {
		t.Skip("davfs2 is mounted by root only")
	}
	c := newComputer(t)
	mounted := t.TempDir()
	c.write("conf", "use_locks 1\nask_auth 1\ndelay_upload 0\n")
	c.run("ann\n"+c.secret+"\n", program, "-o", "conf="+filepath.Join(c.home, "conf"), c.URL+"/dav/", mounted)
	t.Cleanup(func() {
		if isMounted(mounted) {
			exec.Command("umount", "-l", mounted).Run()
		}
	})
	// Names are used as they are known: in some kernels davfs2 1.6 can't list a folder, whatever the server.
	c.write("in the mount", `set -e
mkdir shelf
echo once > shelf/a.txt; sync shelf/a.txt
echo more >> shelf/a.txt; sync shelf/a.txt
cat shelf/a.txt
mv shelf/a.txt shelf/b.txt
mkdir shelf/sub; mv shelf/sub shelf/moved; rmdir shelf/moved
echo gone > shelf/c.txt; sync shelf/c.txt; rm shelf/c.txt
`)
	c.folder = mounted
	if out := c.run("", "sh", filepath.Join(c.home, "in the mount")); out != "once\nmore\n" {
		t.Errorf("read in the mount: %q", out)
	}
	c.folder = c.home
	c.run("", "umount", mounted) // when it ends, all is written
	c.wantStored("shelf/b.txt", "once\nmore\n")
	c.wantStored("shelf/a.txt", "-")
	c.wantStored("shelf/c.txt", "-")
	c.wantStored("shelf/moved", "-")
}

// computer is the one of somebody with an account on a server. What runs on it finds no configuration but what the test wrote.
type computer struct {
	*process
	t           *testing.T
	secret      string
	home        string
	folder      string // where programs run
	environment []string
}

func newComputer(t *testing.T) *computer {
	t.Helper()
	server := startServer(t, t.TempDir())
	home := t.TempDir()
	c := &computer{process: server, t: t, secret: server.account("ann"), home: home, folder: home}
	c.environment = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, "XDG_CONFIG_HOME=" + home, "XDG_DATA_HOME=" + home, "LC_ALL=C.UTF-8"}
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.write(".netrc", fmt.Sprintf("machine %s login ann password %s\n", at.Hostname(), c.secret))
	return c
}

// write writes a file on the computer.
func (c *computer) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.home, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// run runs a program, which must succeed, and returns what it prints. It and all that it started end with the test's patience at the latest.
func (c *computer) run(stdin, program string, args ...string) string {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = c.folder, c.environment, strings.NewReader(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("%s %s: %v\n%s\n%s", filepath.Base(program), strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

// wantStored fails the test unless the drive holds this file with this text; "-" is nothing of that name.
func (c *computer) wantStored(name, want string) {
	c.t.Helper()
	got, err := os.ReadFile(filepath.Join(c.Data, "drive", "ann", name))
	switch {
	case os.IsNotExist(err) && want == "-":
	case err != nil:
		c.t.Error(err)
	case string(got) != want:
		c.t.Errorf("%s holds %q, want %q", name, got, want)
	}
}
