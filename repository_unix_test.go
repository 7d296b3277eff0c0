//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// A project with its .git, packs and all, is still the same repository in the drive, in another copy of it, and while git works in a mounted drive.
func TestAGitRepositorySurvivesRclone(t *testing.T) {
	t.Parallel()
	program, git := browsertest.Need(t, "rclone"), newGit(t)
	server := startServer(t, t.TempDir())
	remote := newRemote(t, program, server)
	project, back := git.project(), filepath.Join(t.TempDir(), "back")
	stored := filepath.Join(server.Data, "drive", "ann", "project")

	remote.run("copy", "--transfers", "4", "--create-empty-src-dirs", project, "drive:project")
	git.wantSame(project, stored)
	remote.run("copy", "--create-empty-src-dirs", "drive:project", back)
	git.wantSame(project, back)
}

func TestAGitRepositorySurvivesAMount(t *testing.T) {
	t.Parallel()
	program, git := browsertest.Need(t, "rclone"), newGit(t)
	server := startServer(t, t.TempDir())
	remote := newRemote(t, program, server)
	project := git.project()
	stored := filepath.Join(server.Data, "drive", "ann", "project")
	mounted := remote.mount(t)

	if out, err := exec.Command("cp", "-r", project, mounted).CombinedOutput(); err != nil {
		t.Fatalf("cp: %v\n%s", err, out)
	}
	inside := filepath.Join(mounted, "project")
	git.run(inside, "fsck", "--full")
	git.run(inside, "switch", "-q", "-c", "from-the-mount")
	if err := os.WriteFile(filepath.Join(inside, "README.md"), []byte("Edited in the mount.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git.run(inside, "commit", "-q", "-a", "-m", "Edit in the mount")
	made := git.run(inside, "rev-parse", "HEAD")
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) { // rclone sends what was written in its own time
		if out, err := git.try(stored, "rev-parse", "HEAD"); err == nil && out == made {
			if out, err := git.try(stored, "status", "--porcelain"); err == nil && out == "" {
				break
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	git.run(project, "pull", "-q", stored, "from-the-mount")
	git.wantSame(project, stored)
}

// git runs git, with nobody's own configuration.
type git struct {
	t       *testing.T
	program string
	home    string
}

func newGit(t *testing.T) *git { return &git{t, browsertest.Need(t, "git"), t.TempDir()} }

// project is a clone of the repository that this file lies in. What stores it keeps no modes, so that git is told not to mind them, as on Windows.
func (g *git) project() string {
	g.t.Helper()
	folder := filepath.Join(g.t.TempDir(), "project")
	if out, err := g.try(".", "clone", "-q", "--no-local", "--config", "core.fileMode=false", ".", folder); err != nil {
		g.t.Skipf("this is no git repository to clone: %s", out)
	}
	return folder
}

func (g *git) try(folder string, args ...string) (string, error) {
	cmd := exec.CommandContext(g.t.Context(), g.program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "HOME="+g.home, "XDG_CONFIG_HOME="+g.home, "GIT_CONFIG_NOSYSTEM=1", "GIT_OPTIONAL_LOCKS=0",
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GIT_CONFIG_KEY_1=gc.auto", "GIT_CONFIG_VALUE_1=0",
		"GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.org", "GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.org")
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (g *git) run(folder string, args ...string) string {
	g.t.Helper()
	out, err := g.try(folder, args...)
	if err != nil {
		g.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// wantSame fails the test unless the copy is a sound repository at the same commit, with nothing changed in it.
func (g *git) wantSame(project, copied string) {
	g.t.Helper()
	if out := g.run(copied, "fsck", "--full", "--strict"); strings.Contains(out, "error") || strings.Contains(out, "missing") {
		g.t.Errorf("git fsck: %s", out)
	}
	if out := g.run(copied, "status", "--porcelain"); out != "" {
		g.t.Errorf("git status: %s", out)
	}
	if got, want := g.run(copied, "rev-parse", "HEAD", "HEAD^{tree}"), g.run(project, "rev-parse", "HEAD", "HEAD^{tree}"); got != want {
		g.t.Errorf("the copy stands at %s, want %s", got, want)
	}
	if out := g.run(copied, "ls-files"); strings.Count(out, "\n") < 100 {
		g.t.Errorf("only these files: %s", out)
	}
}

// mount mounts the drive until the test ends.
func (r *remote) mount(t *testing.T) string {
	t.Helper()
	needFUSE(t)
	folder, cache := t.TempDir(), t.TempDir()
	cmd := exec.Command(r.program, "mount", "drive:", folder, "--config", r.config, "--cache-dir", cache, "--vfs-cache-mode", "writes", "--vfs-write-back", "100ms")
	cmd.Env = append(os.Environ(), r.environment...)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		unmount(folder)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			cmd.Process.Kill()
			<-ended
			exec.Command("fusermount3", "-uz", folder).Run()
		}
	})
	waitMounted(t, folder, func() string { return log.String() })
	return folder
}

// needFUSE skips the test where nothing can be mounted, as in most containers.
func needFUSE(t *testing.T) {
	t.Helper()
	f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("nothing can be mounted here: %v", err)
	}
	f.Close()
	browsertest.Need(t, "fusermount3", "fusermount")
}

// waitMounted waits until another file system lies at folder than beside it.
func waitMounted(t *testing.T, folder string, log func() string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if isMounted(folder) {
			return
		}
	}
	t.Fatalf("nothing was mounted: %s", log())
}

func isMounted(folder string) bool {
	var at, beside syscall.Stat_t
	return syscall.Stat(folder, &at) == nil && syscall.Stat(filepath.Dir(folder), &beside) == nil && at.Dev != beside.Dev
}

// unmount waits until what was mounted is no longer in use.
func unmount(folder string) {
	for range 100 {
		if !isMounted(folder) || exec.Command("fusermount3", "-u", folder).Run() == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	exec.Command("fusermount3", "-uz", folder).Run()
}
