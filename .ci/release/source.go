package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// release is one commit to build.
type release struct {
	version    string    // 1.2.3 of a tag v1.2.3; 1.2.3+4.gCOMMIT four commits later; 0.0.0+437.gCOMMIT before any tag
	time       time.Time // of the commit
	maintainer string    // who made the commit, as NAME <ADDRESS>
	source     string    // a folder with the files that git knows, and no others
}

// checkOut copies the files that git knows at root into a folder below work, and tells what they are. What git does not know would end up in the program: it embeds folders.
func checkOut(root, work string) (*release, error) {
	stamp, err := git(root, "log", "-1", "--format=%ct")
	if err != nil {
		return nil, fmt.Errorf("version and time are those of a git commit, and there is none here (elsewhere, go build makes a binary): %w", err)
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return nil, err
	}
	r := &release{time: time.Unix(seconds, 0).UTC(), source: filepath.Join(work, "source")}
	if r.version, err = version(root); err != nil {
		return nil, err
	}
	if r.maintainer, err = git(root, "log", "-1", "--format=%an <%ae>"); err != nil {
		return nil, err
	}
	names, err := git(root, "ls-files", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(names, "\x00"), "\x00") {
		if err := copyFile(filepath.Join(r.source, name), filepath.Join(root, name)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// version never goes down from one commit to the next, as packages compare versions.
func version(root string) (string, error) {
	described, err := git(root, "describe", "--tags", "--match", "v[0-9]*", "--long", "--abbrev=12")
	if err != nil { // there is no tag
		count, err := git(root, "rev-list", "--count", "HEAD")
		if err != nil {
			return "", err
		}
		commit, err := git(root, "rev-parse", "--short=12", "HEAD")
		if err != nil {
			return "", err
		}
		described = "v0.0.0-" + count + "-g" + commit
	}
	parts := strings.Split(described, "-")
	if len(parts) < 3 {
		return "", fmt.Errorf("git describes this as %q", described)
	}
	tag, since, commit := strings.Join(parts[:len(parts)-2], "-"), parts[len(parts)-2], parts[len(parts)-1]
	version := strings.TrimPrefix(tag, "v")
	if since != "0" {
		version += "+" + since + "." + commit
	}
	changed, err := git(root, "status", "--porcelain", "--untracked-files=no")
	if changed != "" {
		version += map[bool]string{true: "+", false: "."}[since == "0"] + "changed"
	}
	return version, err
}

func git(root string, words ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-C", root}, words...)...)
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("git %s: %s", words[0], bytes.TrimSpace(exit.Stderr))
	}
	return strings.TrimSuffix(string(out), "\n"), err
}

func copyFile(to, from string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no plain file", from)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644|info.Mode()&0o111)
}
