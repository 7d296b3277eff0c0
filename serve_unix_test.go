//go:build unix

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

func TestStartRefusesAnUnwritableFolder(t *testing.T) {
	t.Parallel()
	unwritable := t.TempDir()
	for _, folder := range []string{unwritable, filepath.Dir(unwritable)} {
		if err := os.Chmod(folder, 0o555); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(folder, 0o700)
	}
	_, stderr, status := runAs(t, nobody(), "serve", "--addr", "127.0.0.1:0", "--data", unwritable)
	wantSentence(t, "an unwritable folder", stderr, status, unwritable)
}

// runAs is run by a user to whom the file system's modes mean something.
func runAs(t *testing.T, user *syscall.Credential, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	return output(t, cmd)
}

// nobody is whom to be where the tests run as root, who may write everywhere; otherwise nil: oneself.
func nobody() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}
