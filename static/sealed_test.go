package static_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The same vectors as shares/sealed, each whole, byte by byte, and by range. (A1-A11, A14, A16, A20 against the browser's reader.)
func TestSealedVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../shares/testdata/vectors/*.json")
	if err != nil || len(files) < 100 {
		t.Fatal("vectors are missing", len(files), err)
	}
	tab := newTab(t, newSite(t))
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			var wrong []string
			if err := tab.try(&wrong, "vectors.js", "vector", filepath.Base(file)); err != nil {
				t.Fatal(err)
			}
			for _, w := range wrong {
				t.Error(w)
			}
		})
	}
}

// One list of names, in Go and in JavaScript.
func TestErrorNamesAreTheSame(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../shares/sealed/errors.go")
	must(t, err)
	var want []string
	for line := range strings.Lines(string(source)) {
		if _, name, found := strings.Cut(line, "Error = \""); found {
			want = append(want, strings.Trim(strings.TrimSpace(name), `"`))
		}
	}
	var got []string
	newTab(t, newSite(t)).run(&got, "vectors.js", "names")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("Go has %v\nJavaScript has %v", want, got)
	}
}
