package sealed

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCleanPaths(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, c := range []struct {
		name     string
		in, want []string
		renamed  []Renamed
	}{
		{"fine names stay", []string{"a.txt", "b/c d.txt", ".x"}, []string{"a.txt", "b/c d.txt", ".x"}, nil},
		{"NFC is no change worth telling", []string{"e\u0301"}, []string{"\u00e9"}, nil},
		{"forbidden characters", []string{"a\\b", "c\nd", "\u202etxt"}, []string{"a_b", "c_d", "_txt"}, []Renamed{{"a\\b", "a_b"}, {"c\nd", "c_d"}, {"\u202etxt", "_txt"}}},
		{"bytes that are no UTF-8", []string{"caf\xe9"}, []string{"caf_"}, []Renamed{{"caf\xe9", "caf_"}}},
		{"dots", []string{"./a", "../b", "c/.."}, []string{"_/a", "__/b", "c/__"}, []Renamed{{"./a", "_/a"}, {"../b", "__/b"}, {"c/..", "c/__"}}},
		{"whoever keeps a name comes first", []string{"a\\b", "a_b"}, []string{"a_b (2)", "a_b"}, []Renamed{{"a\\b", "a_b (2)"}}},
		{"twins of NFC and NFD", []string{"e\u0301.txt", "\u00e9.txt"}, []string{"\u00e9 (2).txt", "\u00e9.txt"}, []Renamed{{"e\u0301.txt", "\u00e9 (2).txt"}}},
		{"a folder stays one folder", []string{"a\\/1", "a_/1", "a\\/2"}, []string{"a_ (2)/1", "a_/1", "a_ (2)/2"}, []Renamed{{"a\\/1", "a_ (2)/1"}, {"a\\/2", "a_ (2)/2"}}},
		{"the same path twice", []string{"a.txt", "a.txt", "d/b", "d/b"}, []string{"a.txt", "a (2).txt", "d/b", "d/b (2)"}, []Renamed{{"a.txt", "a (2).txt"}, {"d/b", "d/b (2)"}}},
		{"a long name keeps its extension", []string{long + ".jpeg"}, []string{long[:250] + ".jpeg"}, []Renamed{{long + ".jpeg", long[:250] + ".jpeg"}}},
		{"and is cut at a character", []string{strings.Repeat("\u00e9", 200)}, []string{strings.Repeat("\u00e9", 127)}, []Renamed{{strings.Repeat("\u00e9", 200), strings.Repeat("\u00e9", 127)}}},
		{"two that are cut to the same", []string{long, long + "y"}, []string{long[:255], long[:251] + " (2)"}, []Renamed{{long, long[:255]}, {long + "y", long[:251] + " (2)"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, renamed, err := CleanPaths(c.in)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
			if !slices.Equal(renamed, c.renamed) {
				t.Errorf("tells %q, want %q", renamed, c.renamed)
			}
		})
	}
	if _, _, err := CleanPaths([]string{strings.Repeat(strings.Repeat("a", 200)+"/", 21) + "b"}); !errors.Is(err, BadPath) {
		t.Errorf("a path that is too long whatever one does: %v", err)
	}
}

// FuzzCleanPaths: whatever the names, a reader takes what comes out, and what was in one folder still is.
func FuzzCleanPaths(f *testing.F) {
	f.Add("a\\b", "a_b", "x/y")
	f.Add("e\u0301", "\u00e9", "\u00e9/..")
	f.Add("a", "a", "a (2)")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		in := []string{"top/" + a, "top/" + b, c}
		// A path cannot be both a file and a folder where these come from.
		for i, p := range in {
			for j, q := range in {
				if i != j && strings.HasPrefix(q, p+"/") {
					return
				}
			}
		}
		out, _, err := CleanPaths(in)
		if err != nil {
			if !errors.Is(err, BadPath) {
				t.Fatal(err)
			}
			return
		}
		m := &Manifest{Revision: 1}
		for _, p := range out {
			checked, err := CheckPath(p)
			if err != nil || checked != p {
				t.Fatalf("%q became %q, which is refused: %v", in, out, err)
			}
			m.Files = append(m.Files, File{Path: p})
		}
		if err := checkTree(m); err != nil {
			t.Fatalf("%q became %q: %v", in, out, err)
		}
		top0, _, _ := strings.Cut(out[0], "/")
		top1, _, _ := strings.Cut(out[1], "/")
		if top0 != top1 {
			t.Fatalf("%q and %q lay in one folder", out[0], out[1])
		}
	})
}
