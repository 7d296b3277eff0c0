package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"thorpe/shares/sealed"
)

func TestPlanNames(t *testing.T) {
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
	for _, c := range []struct {
		name  string
		rules nameRules
		in    []string
		want  []string
	}{
		{"nothing changes where all can be held", nameRules{}, []string{"a.txt", "A.txt", "CON", "d/"}, []string{"a.txt", "A.txt", "CON", "d"}},
		{"case", nameRules{folds: true}, []string{"a.txt", "A.txt", "D/x", "d/x", "d/X", "D/"}, []string{"a.txt", "A (2).txt", "D/x", "d (2)/x", "d (2)/X (2)", "D"}},
		{"a file and a folder", nameRules{folds: true}, []string{"a", "A/b"}, []string{"a", "A (2)/b"}},
		{"reserved", nameRules{windows: true, folds: true}, []string{"CON", "nul.txt", "COM1.a.b", "com\u00b9", "LPT10", "a:b", "a_b", "x.", "y ", "AUX .c", "<>\"|?*", "conf", "..."},
			[]string{"CON_", "nul_.txt", "COM1_.a.b", "com\u00b9_", "LPT10", "a_b (2)", "a_b", "x_", "y_", "AUX _.c", "______", "conf", ".._"}},
	} {
		plan := planNames(manifest(c.in...), c.rules)
		if got := append(plan.files, plan.folders...); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		for _, r := range plan.changed {
			if r.From == r.To {
				t.Errorf("%s: %q is not changed", c.name, r.From)
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
