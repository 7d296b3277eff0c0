package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// binary builds the program for a target, once, and returns where it is.
func (r *release) binary(t target) (string, error) {
	name := "thorpe"
	if t.os == "windows" {
		name += ".exe"
	}
	path := filepath.Join(filepath.Dir(r.source), t.os+"-"+t.arch, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -X main.version="+r.version, "-o", path, ".")
	build.Dir = r.source
	build.Env = append(os.Environ(), // what a machine has set for itself must not show
		"CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=-mod=readonly", "GOWORK=off", "GOFIPS140=off")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}

// print runs the program here, and returns what it prints.
func (r *release) print(words ...string) ([]byte, error) {
	path, err := r.binary(target{runtime.GOOS, runtime.GOARCH})
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, words...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "THORPE_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("thorpe %s: %w", strings.Join(words, " "), err)
	}
	return out, nil
}
