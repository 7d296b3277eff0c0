package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNothingThatServesRequestsCanOpenALink is the proof of the promise that the server cannot read what is shared: what
// seals and opens links, and what derives an account's keys, is not in what answers requests.
func TestNothingThatServesRequestsCanOpenALink(t *testing.T) {
	t.Parallel()
	for _, dependency := range dependencies(t, "./server/...", "./dav/...", "./shares", "./templates", "./static") {
		switch dependency {
		case "thorpe/shares/sealed", "thorpe/shares/client", "thorpe/shares/accountkeys":
			t.Errorf("what serves requests depends on %s", dependency)
		}
	}
	// The test can see it where it is.
	found := false
	for _, dependency := range dependencies(t, ".") {
		found = found || dependency == "thorpe/shares/sealed"
	}
	if !found {
		t.Error("the command line does not depend on thorpe/shares/sealed either: this test looks in the wrong place")
	}
}

// The top level is this: whoever comes finds their way, and it stays that.
func TestTheTopLevel(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && name[0] != '.' && !slices.Contains([]string{"server", "dav", "shares", "templates", "static", "docs", "data"}, name) {
			t.Errorf("%s/ has no place beside the others: it belongs into one of them", name)
		}
	}
}

// The map of the house in docs/contributing.md has each folder with files of ours, and none that is not there.
func TestTheMapOfTheHouse(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("docs/contributing.md")
	if err != nil {
		t.Fatal(err)
	}
	drawn, within := map[string]bool{}, ""
	for line := range strings.Lines(regexp.MustCompile("(?s)```text\n(main.go.*?)```").FindStringSubmatch(string(document))[1]) {
		name, _, isFolder := strings.Cut(strings.Fields(line)[0], "/")
		switch {
		case !isFolder:
			continue
		case strings.HasPrefix(line, "  "):
			name = filepath.Join(within, name)
		default:
			within = name
		}
		drawn[name] = true
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			t.Errorf("the map has %s/, which is not there", name)
		}
	}
	for top := range drawn {
		if strings.Contains(top, string(filepath.Separator)) || top == "docs" {
			continue
		}
		entries, err := os.ReadDir(top)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if name := filepath.Join(top, entry.Name()); entry.IsDir() && entry.Name() != "testdata" && entry.Name() != "node_modules" && !drawn[name] {
				t.Errorf("the map of docs/contributing.md lacks %s/", name)
			}
		}
	}
}

// TestArrowsPointOneWay holds the map of the house: main, then server, then its parts, which know nothing of each other.
func TestArrowsPointOneWay(t *testing.T) {
	t.Parallel()
	for part, may := range map[string]string{
		"./dav":                 "",
		"./shares":              "",
		"./templates":           "thorpe/static/modulegraph",
		"./static":              "thorpe/static/modulegraph",
		"./static/modulegraph":  "",
		"./server/database":     "",
		"./server/accounts":     "",
		"./shares/sealed":       "",
		"./shares/accountkeys":  "thorpe/shares/sealed",
		"./server/certificates": "",
		"./server/disk":         "",
		"./server/history":      "thorpe/server/database",
		"./server/backup":       "thorpe/shares thorpe/server/database",
	} {
		for _, dependency := range dependencies(t, part) {
			if strings.HasPrefix(dependency, "thorpe/") && "./"+strings.TrimPrefix(dependency, "thorpe/") != part && !strings.Contains(may, dependency) {
				t.Errorf("%s depends on %s", part, dependency)
			}
		}
	}
}

// dependencies lists what the packages are made of, themselves included.
func dependencies(t *testing.T, packages ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-deps"}, packages...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	return strings.Fields(string(out))
}

// TestTheThreatModelNamesRealTests holds docs/threat-model.md to the tests that there are.
func TestTheThreatModelNamesRealTests(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	err = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		tests.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(document), -1)
	if len(named) < 100 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, name := range named {
		if !strings.Contains(tests.String(), "func "+name+"(") {
			t.Errorf("docs/threat-model.md names %s, which is not there", name)
		}
	}
}
