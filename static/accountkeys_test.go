package static_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAccountKeysVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../shares/accountkeys/testdata/vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	tab := newTab(t, newSite(t))
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			var v struct{ Want, Got map[string]any }
			tab.run(&v, "accountkeys.js", "vector", filepath.Base(file))
			if diff := cmp.Diff(v.Want, v.Got); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}
