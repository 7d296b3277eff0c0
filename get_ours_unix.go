//go:build unix

package main

import (
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// isOurs tells whether a temporary folder is one that nobody else could put files into.
func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.IsDir() && int(stat.Uid) == os.Geteuid() && info.Mode().Perm()&0o022 == 0
}

// bootID is another after each start of the computer; empty where the system does not tell.
func bootID() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
