//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestSendTakesNothingThatIsNoFile(t *testing.T) {
	t.Parallel()
	from := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(from, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("pipe", filepath.Join(from, "link")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"pipe", "link", "missing"} {
		if _, err := findFiles([]string{filepath.Join(from, path)}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	found, err := findFiles([]string{from, from})
	if err != nil || len(found.leftOut) != 4 || len(found.folders) != 2 || found.folders[0] == found.folders[1] {
		t.Errorf("a folder twice: %+v, %v", found, err)
	}
}
