package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
)

// debian packs the Debian package that nfpm.yaml describes.
func (r *release) debian(t target, out string) (string, error) {
	binary, err := r.binary(t)
	if err != nil {
		return "", err
	}
	made := filepath.Join(filepath.Dir(binary), "debian") // what is no file of the source
	if err := r.writeDocuments(made); err != nil {
		return "", err
	}
	recipe, err := os.ReadFile(filepath.Join(r.source, ".ci/release/nfpm.yaml"))
	if err != nil {
		return "", err
	}
	values := map[string]string{"ARCH": t.arch, "VERSION": r.debianVersion(), "MAINTAINER": strings.ReplaceAll(r.maintainer, `"`, ""), "BINARY": binary, "MADE": made, "SOURCE": r.source}
	filled := os.Expand(string(recipe), func(name string) string { return values[name] })
	config, err := nfpm.Parse(strings.NewReader(filled))
	if err != nil {
		return "", fmt.Errorf("nfpm.yaml: %w", err)
	}
	config.MTime = r.time
	sockets, err := filepath.Glob(filepath.Join(r.source, "docs/systemd/*.socket"))
	if err != nil {
		return "", err
	}
	for _, socket := range sockets { // for whoever enables them
		config.Contents = append(config.Contents, &files.Content{Source: socket, Destination: "/usr/lib/systemd/system/" + filepath.Base(socket), FileInfo: &files.ContentFileInfo{Mode: 0o644}})
	}
	var packed bytes.Buffer
	if err := deb.Default.Package(&config.Info, &packed); err != nil {
		return "", err
	}
	name := "thorpe_" + r.debianVersion() + "_" + t.arch + ".deb"
	return name, os.WriteFile(filepath.Join(out, name), packed.Bytes(), 0o644)
}

// debianVersion is the version as dpkg orders it: 1.2.3~rc.1 comes before 1.2.3.
func (r *release) debianVersion() string { return strings.ReplaceAll(r.version, "-", "~") }

// writeDocuments writes the files of the package that are made.
func (r *release) writeDocuments(folder string) error {
	manual, err := r.print("man")
	if err != nil {
		return err
	}
	copyright, err := r.copyright()
	if err != nil {
		return err
	}
	changelog := fmt.Sprintf("thorpe (%s) stable; urgency=medium\n\n  * As of this version's commit.\n\n -- %s  %s\n", r.debianVersion(), r.maintainer, r.time.Format(time.RFC1123Z))
	files := map[string][]byte{"copyright": copyright}
	for name, content := range map[string][]byte{"thorpe.1.gz": manual, "changelog.gz": []byte(changelog)} {
		if files[name], err = compress(content); err != nil {
			return err
		}
	}
	for shell, name := range map[string]string{"bash": "thorpe", "zsh": "_thorpe", "fish": "thorpe.fish"} {
		if files[name], err = r.print("completion", shell); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// copyright is the licence, and those of all that is in the program, as its page of notices has them.
func (r *release) copyright() ([]byte, error) {
	var text bytes.Buffer
	text.WriteString("Thorpe is free software: you can redistribute it and modify it under the terms of the GNU Affero General Public License, version 3 or any later one.\n" +
		"A running server hands out its source: every page links to it, at /source.tar.gz. The licence, and those of all that is in the program, follow.\n")
	paths := []string{filepath.Join(r.source, "LICENSE"), filepath.Join(r.source, "templates/icons.txt"), filepath.Join(r.source, "templates/modules.txt.gz")}
	vendored, err := filepath.Glob(filepath.Join(r.source, "static/vendor/*.LICENSE"))
	if err != nil {
		return nil, err
	}
	for _, path := range append(paths, vendored...) {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name, compressed := strings.CutSuffix(filepath.Base(path), ".gz")
		if compressed {
			if content, err = decompress(content); err != nil {
				return nil, fmt.Errorf("reading %s: %w", path, err)
			}
		}
		fmt.Fprintf(&text, "\n\n======== %s\n\n%s", name, content)
	}
	return apacheLicence.ReplaceAll(text.Bytes(), []byte("\nThe Apache License, version 2.0: /usr/share/common-licenses/Apache-2.0")), nil
}

func decompress(content []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

// apacheLicence is the text that each Debian system has already, and wants in no other place.
var apacheLicence = regexp.MustCompile(`(?s)\n *Apache License\s+Version 2\.0, January 2004\s.*?END OF TERMS AND CONDITIONS`)
