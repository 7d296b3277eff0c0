package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The API's own sentences are English, for programs and logs; a page shows that of the code, in its visitor's language.
func TestEveryErrorCodeHasItsSentence(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`\bcode: *"([a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			codes[found[1]] = file
		}
	}
	if len(codes) < 30 {
		t.Fatalf("only %d codes found", len(codes))
	}
	catalogs, err := filepath.Glob("../static/texts/*.json")
	if err != nil || len(catalogs) < 2 {
		t.Fatalf("catalogs %v, %v", catalogs, err)
	}
	for _, catalog := range catalogs {
		content, err := os.ReadFile(catalog)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(content, &texts); err != nil {
			t.Fatal(err)
		}
		for code, file := range codes {
			if texts["error."+code] == "" {
				t.Errorf("%s fails with the code %q, for which %s has no sentence error.%s", file, code, catalog, code)
			}
		}
	}
}
