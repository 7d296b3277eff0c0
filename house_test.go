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
		"./server/backup":       "thorpe/shares thorpe/server/database",
		"./server/clock":        "thorpe/server/database",
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
