// Package list finds the Go modules that are in the program on any system it is released for, and their licences.
//
// Start from [Modules]. It asks the go command, so it is for generating and testing, not for the program.
package list

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Module is a module of others, or Go's own library.
type Module struct {
	Path    string
	Version string
	Dir     string // where its sources are on this machine
}

// systems are those that modules are looked for on; what is imported differs between them.
var systems = []string{"linux", "darwin", "windows", "freebsd"}

// Modules lists what the program imports, directly or not, sorted by path, Go itself first.
func Modules() ([]Module, error) {
	found := map[string]Module{}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-e", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "thorpe")
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("listing the modules for %s: %w: %s", system, err, stderr.String())
		}
		for line := range strings.Lines(string(out)) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) == 3 {
				found[fields[0]] = Module{Path: fields[0], Version: fields[1], Dir: fields[2]}
			}
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("asking where Go is: %w", err)
	}
	modules := slices.SortedFunc(maps.Values(found), func(a, b Module) int { return cmp.Compare(a.Path, b.Path) })
	return append([]Module{{Path: "Go", Version: strings.TrimPrefix(runtime.Version(), "go"), Dir: strings.TrimSpace(string(root))}}, modules...), nil
}

// Licence reads all files of the module's root that hold terms, joined by an empty line.
func (m Module) Licence() (string, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return "", fmt.Errorf("reading the licence of %s: %w", m.Path, err)
	}
	var texts []string
	for _, entry := range entries {
		name, _, _ := strings.Cut(strings.ToUpper(entry.Name()), "-")
		name = strings.TrimSuffix(name, filepath.Ext(name))
		if entry.IsDir() || !slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, name) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.Dir, entry.Name()))
		if err != nil {
			return "", fmt.Errorf("reading the licence of %s: %w", m.Path, err)
		}
		texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
	}
	if len(texts) == 0 {
		return "", fmt.Errorf("reading the licence of %s: there is none in %s", m.Path, m.Dir)
	}
	return strings.Join(texts, "\n\n"), nil
}
