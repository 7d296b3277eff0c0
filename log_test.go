package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestTheLogTellsNoNamesOfFiles(t *testing.T) {
	t.Parallel()
	for _, format := range []string{logText, logJSON} {
		theLogTellsNoNames(t, format)
	}
}

func theLogTellsNoNames(t *testing.T, format string) {
	t.Helper()
	var out bytes.Buffer
	log := newLog(&out, format)
	log.Error("it failed", "error", fmt.Errorf("listing: %w", &fs.PathError{Op: "open", Path: "drive/ann/Diary.txt", Err: syscall.EACCES}))
	log.Error("it failed", "cause", fmt.Errorf("moving: %w", &os.LinkError{Op: "rename", Old: "drive/ann/Diary.txt", New: "kept/Diary.txt", Err: syscall.EIO}))
	log.With("error", &fs.PathError{Op: "stat", Path: "Diary", Err: syscall.EIO}).WithGroup("g").Error("it failed", slog.Group("h", "cause", &fs.PathError{Op: "read", Path: "Diary", Err: syscall.EIO}))
	if strings.Contains(out.String(), "Diary") || !strings.Contains(out.String(), "permission denied") || !strings.Contains(out.String(), "moving: rename") {
		t.Errorf("the log: %s", out.String())
	}
}
