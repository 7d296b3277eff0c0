package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// rclone, a real client, copies a tree of 1,000 files up and back, and finds no difference, byte by byte.
func TestRcloneCopiesATreeUpAndBack(t *testing.T) {
	t.Parallel()
	program := browsertest.Need(t, "rclone")
	server := startServer(t, t.TempDir())
	remote := newRemote(t, program, server)
	source, back := t.TempDir(), t.TempDir()
	files := newTree(t, source, "Sommer am See", 1000)

	remote.run("copy", "--transfers", "4", source, "drive:")
	remote.run("check", "--download", source, "drive:")
	remote.run("copy", "drive:", back)
	files.wantFolder(t, back)
	files.wantFolder(t, filepath.Join(server.Data, "drive", "ann"))
}

// remote is rclone with a drive to work on.
type remote struct {
	t           *testing.T
	program     string
	config      string
	environment []string
}

func newRemote(t *testing.T, program string, server *process) *remote {
	t.Helper()
	secret := server.account("ann")
	config := filepath.Join(t.TempDir(), "rclone.conf") // nobody's own configuration is read
	obscured := rclone(t, program, config, nil, "obscure", secret)
	return &remote{t, program, config, []string{
		"RCLONE_CONFIG_DRIVE_TYPE=webdav", "RCLONE_CONFIG_DRIVE_URL=" + server.URL + "/dav/", "RCLONE_CONFIG_DRIVE_USER=ann",
		"RCLONE_CONFIG_DRIVE_PASS=" + strings.TrimSpace(obscured),
	}}
}

func (r *remote) run(args ...string) {
	r.t.Helper()
	rclone(r.t, r.program, r.config, r.environment, args...)
}

// rclone runs rclone, which must succeed, and returns what it prints.
func rclone(t *testing.T, program, config string, environment []string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append(args, "--config", config, "--retries", "1", "--low-level-retries", "1")...)
	cmd.Env = append(os.Environ(), environment...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("rclone %s: %v\n%s", args[0], err, errs.String())
	}
	return string(out)
}
