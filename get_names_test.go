package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"thorpe/shares/sealed"
)

func TestPlanNames(t *testing.T) {
	t.Parallel()
	manifest := func(paths ...string) *sealed.Manifest {
		m := &sealed.Manifest{}
		for _, path := range paths {
			if folder, ok := strings.CutSuffix(path, "/"); ok {
				m.Folders = append(m.Folders, folder)
			} else {
				m.Files = append(m.Files, sealed.File{Path: path})
			}
		}
		return m
	}
	// The page that saves into a folder has the same cases.
	var cases []struct {
		Name           string
		Windows, Folds bool
		In, Want       []string
	}
	table, err := os.ReadFile("static/testdata/disknames.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(table, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		plan := planNames(manifest(c.In...), nameRules{windows: c.Windows, folds: c.Folds})
		if got := append(plan.files, plan.folders...); !slices.Equal(got, c.Want) {
			t.Errorf("%s: got %q, want %q", c.Name, got, c.Want)
		}
		for _, r := range plan.changed {
			if r.From == r.To {
				t.Errorf("%s: %q is not changed", c.Name, r.From)
			}
		}
	}
}

// FuzzPlanNames: on a file system that folds case, no two paths meet.
func FuzzPlanNames(f *testing.F) {
	f.Add("a", "A", "a (2)", "b/c")
	f.Add("CON", "con", "con_", "CON_/x")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		text := fmt.Sprintf(`{"format":1,"key":"%s","files":[{"path":%q,"size":0},{"path":%q,"size":0},{"path":%q,"size":0},{"path":%q,"size":0}]}`, strings.Repeat("A", 43), a, b, c, d)
		m, err := sealed.ParseManifest([]byte(text))
		if err != nil {
			return
		}
		plan := planNames(m, nameRules{windows: true, folds: true})
		for i, p := range plan.files {
			for j, q := range plan.files {
				p, q := strings.ToLower(strings.ToUpper(p)), strings.ToLower(strings.ToUpper(q))
				if i != j && (p == q || strings.HasPrefix(q, p+"/")) {
					t.Fatalf("%q became %q", []string{a, b, c, d}, plan.files)
				}
			}
			if strings.ContainsAny(p, `<>:"|?*\`) {
				t.Fatalf("%q became %q", m.Files[i].Path, p)
			}
		}
	})
}
