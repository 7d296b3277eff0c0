//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What can't be read, or is no file, is told by how many, and keeps nothing else out of the backup.
func TestABackupTellsWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	base, err := os.MkdirTemp("", "thorpe-backup-") // t.TempDir is the tester's alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	data, to := filepath.Join(base, "data"), filepath.Join(base, "to")
	if err := errors.Join(os.Chmod(base, 0o777), os.Mkdir(data, 0o700)); err != nil {
		t.Fatal(err)
	}
	startServer(t, data).stop()
	ann := filepath.Join(data, "drive", "ann")
	if err := errors.Join(os.Mkdir(ann, 0o755), os.Mkdir(filepath.Join(ann, "closed"), 0), syscall.Mkfifo(filepath.Join(ann, "pipe"), 0o600)); err != nil {
		t.Fatal(err)
	}
	writeText(t, filepath.Join(ann, "open.txt"), "open")
	writeText(t, filepath.Join(ann, "Diary.txt"), "mine")
	if err := os.Chmod(filepath.Join(ann, "Diary.txt"), 0); err != nil {
		t.Fatal(err)
	}
	if user := nobody(); user != nil {
		err := filepath.WalkDir(data, func(p string, _ os.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(p, int(user.Uid), int(user.Gid)))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr, status := runAs(t, nobody(), "backup", to, "--data", data)
	if status != exitFailed || !strings.Contains(stderr, "in drive/ann, files or folders that could not be read: 2\n") || !strings.Contains(stderr, "the backup is there") {
		t.Errorf("backup: status %d, %q", status, stderr)
	}
	if strings.Contains(stdout, "changed all the while") || !strings.Contains(stdout, "left out: 1") || strings.Contains(stdout+stderr, "Diary") {
		t.Errorf("backup: %q, %q", stdout, stderr)
	}
	restored := filepath.Join(base, "restored")
	if stdout, stderr, status := runAs(t, nobody(), "restore", to, "--data", restored); status != 0 {
		t.Errorf("restore: status %d, %q, %q", status, stdout, stderr)
	}
	if text, err := os.ReadFile(filepath.Join(restored, "drive", "ann", "open.txt")); string(text) != "open" {
		t.Errorf("what could be read is %q, %v", text, err)
	}
}

// Whose the files are counts where root restores them: the server is somebody else.
func TestARestoreByRootIsTheServersOwn(t *testing.T) {
	user := nobody()
	if user == nil {
		t.Skip("only root can give files away")
	}
	base, err := os.MkdirTemp("", "thorpe-restore-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(base) })
	must(t, os.Chmod(base, 0o777))
	c := newCLI(t, nil)
	source := filepath.Join(base, "a.txt")
	writeText(t, source, "the lake")
	c.send(source)
	c.server.stop()
	data := filepath.Join(base, "data")
	must(t, os.Rename(c.data, data))
	must(t, filepath.WalkDir(data, func(p string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(p, int(user.Uid), int(user.Gid)))
	}))
	for _, maker := range []*syscall.Credential{nil, user} { // root notes owners in the list, the server's user can't
		to, restored := filepath.Join(base, fmt.Sprint("to", maker != nil)), filepath.Join(base, fmt.Sprint("restored", maker != nil))
		if _, stderr, status := runAs(t, maker, "backup", to, "--data", data); status != 0 {
			t.Fatal(stderr)
		}
		if _, stderr, status := runAs(t, nil, "restore", to, "--data", restored); status != 0 {
			t.Fatal(stderr)
		}
		must(t, filepath.WalkDir(restored, func(p string, d os.DirEntry, _ error) error {
			info, err := d.Info()
			if err == nil && info.Sys().(*syscall.Stat_t).Uid != user.Uid {
				t.Errorf("%s belongs to %d", p, info.Sys().(*syscall.Stat_t).Uid)
			}
			return err
		}))
		if _, stderr, status := runAs(t, user, "user", "quota", "ann", "--data", restored); status != 0 {
			t.Errorf("the restored folder is not the server's: %d %s", status, stderr)
		}
	}
}
