// Command release builds what a release hands out. Run it by .ci/build, which says how.
//
// Nothing that it writes depends on when, where or by whom it is run: times are the commit's, owners are root, and whatever is packed is packed by Go, whose version the
// binary tells (go version -m). What differs between two folders of one commit is a bug.
package main

import (
	"crypto/sha256"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// systems are what there are binaries for.
var systems = []target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"}, {"freebsd", "amd64"}, {"freebsd", "arm64"},
}

// target is a system that a binary is for, in Go's names.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	wanted, err := parseTargets(os.Args[2:])
	if err != nil {
		log.Fatal(err)
	}
	if err := build(os.Args[1], wanted); err != nil {
		log.Fatal(err)
	}
}

func parseTargets(words []string) (wanted []target, err error) {
	for _, word := range words {
		at := slices.IndexFunc(systems, func(t target) bool { return t.String() == word })
		if at < 0 {
			return nil, fmt.Errorf("there is no release for %s; there are %v", word, systems)
		}
		wanted = append(wanted, systems[at])
	}
	if wanted == nil {
		wanted = systems
	}
	return wanted, nil
}

// build writes all that there is for the targets into the folder out.
func build(out string, wanted []target) error {
	work, err := os.MkdirTemp("", "thorpe-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	r, err := checkOut(".", work)
	if err != nil {
		return err
	}
	log.Printf("version %s, into %s", r.version, out)
	var made []string
	for _, t := range wanted {
		log.Print(t)
		makers := []func(target, string) (string, error){r.archive}
		if t.os == "linux" {
			makers = append(makers, r.debian, r.container)
		}
		for _, do := range makers {
			name, err := do(t, out)
			if err != nil {
				return fmt.Errorf("%s: %w", t, err)
			}
			made = append(made, name)
		}
	}
	return writeSums(out, made)
}

// writeSums writes the SHA-256 of each file, as sha256sum -c reads it.
func writeSums(out string, names []string) error {
	slices.Sort(names)
	var sums strings.Builder
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}
