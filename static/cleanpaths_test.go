package static_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thorpe/shares/sealed"
)

// The page and the command put the same names into a manifest.
func TestCleanPathsAreThoseOfTheCommand(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Name     string
		In, Want []string
	}
	table, err := os.ReadFile("testdata/cleanpaths.json")
	must(t, err)
	must(t, json.Unmarshal(table, &cases))
	lists := make([][]string, len(cases))
	for i, c := range cases {
		lists[i] = c.In
	}
	b := newTab(t, newSite(t))
	var got [][]string
	b.run(&got, "views.js", "cleaned", lists)
	for i, c := range cases {
		if diff := cmp.Diff(c.Want, got[i]); diff != "" {
			t.Errorf("%s: the page (-want +got) %s", c.Name, diff)
		}
		clean, _, err := sealed.CleanPaths(c.In)
		if (c.Want == nil) != errors.Is(err, sealed.BadPath) || !cmp.Equal(c.Want, clean) {
			t.Errorf("%s: the command gives %q, %v, want %q", c.Name, clean, err, c.Want)
		}
	}
	var folders struct{ Files, Folders []string }
	b.run(&folders, "views.js", "cleanedFolders")
	if diff := cmp.Diff([][]string{{"a_ (2)/x", "a_"}, {"a_ (2)", "b_ (2)", "b_", "b_ (2)"}}, [][]string{folders.Files, folders.Folders}); diff != "" {
		t.Error("folders (-want +got)", diff)
	}
}
