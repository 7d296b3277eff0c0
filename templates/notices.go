package templates

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Notice is a work of others that is part of this program, with the licence that asks to be shown.
type Notice struct {
	Name    string
	Version string
	Text    string // the licence as its author wrote it
}

//go:generate go run ./modules

// modules is what the generator in modules/ wrote: the Go modules in the program, and Go itself.
//
//go:embed modules.txt.gz
var modules []byte

// icons is the licence of Lucide, whose icons are static/icons.svg.
//
//go:embed icons.txt
var icons string

// iconsVersion is the release of lucide-static that icons.svg was put together from.
const iconsVersion = "1.62.0"

// ModuleSeparator begins each module in modules.txt.gz, followed by its path and version.
const ModuleSeparator = "======== "

// readNotices collects the notices of the Go modules, of what static/vendor holds, and of the icons.
func readNotices(static fs.FS) ([]Notice, error) {
	text, err := ModulesText()
	if err != nil {
		return nil, err
	}
	notices, err := parseModules(text)
	if err != nil {
		return nil, err
	}
	vendored, err := readVendored(static)
	if err != nil {
		return nil, err
	}
	notices = append(notices, vendored...)
	return append(notices, Notice{Name: "Lucide", Version: iconsVersion, Text: strings.TrimSpace(icons)}), nil
}

// ModulesText is the licences of the modules, in the form that the generator writes.
func ModulesText() (string, error) {
	compressed, err := gzip.NewReader(bytes.NewReader(modules))
	if err != nil {
		return "", fmt.Errorf("reading modules.txt.gz: %w", err)
	}
	text, err := io.ReadAll(compressed)
	if err != nil {
		return "", fmt.Errorf("reading modules.txt.gz: %w", err)
	}
	return string(text), nil
}

// parseModules reads the form that the generator writes.
func parseModules(text string) ([]Notice, error) {
	var notices []Notice
	for i, part := range strings.Split("\n"+text, "\n"+ModuleSeparator) {
		if i == 0 {
			continue // what stands before the first
		}
		head, licence, _ := strings.Cut(part, "\n")
		name, version, ok := strings.Cut(head, " ")
		if !ok || strings.TrimSpace(licence) == "" {
			return nil, fmt.Errorf("reading modules.txt.gz: %q has no version or no licence", head)
		}
		notices = append(notices, Notice{Name: name, Version: version, Text: strings.TrimSpace(licence)})
	}
	return notices, nil
}

// readVendored reads vendor/vendor.json, a list of files with name and version of the library they are from, and the licence
// of each library from the file NAME.LICENSE among them.
func readVendored(static fs.FS) ([]Notice, error) {
	content, err := fs.ReadFile(static, "vendor/vendor.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the vendored libraries: %w", err)
	}
	var list []struct{ Name, Version, File string }
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, fmt.Errorf("reading the vendored libraries: %w", err)
	}
	var notices []Notice
	seen := map[string]bool{}
	for _, file := range list {
		if seen[file.Name] {
			continue
		}
		seen[file.Name] = true
		licence, err := fs.ReadFile(static, "vendor/"+file.Name+".LICENSE")
		if err != nil {
			return nil, fmt.Errorf("reading the licence of the vendored %s: %w", file.Name, err)
		}
		notices = append(notices, Notice{Name: file.Name, Version: file.Version, Text: strings.TrimSpace(string(licence))})
	}
	return notices, nil
}
