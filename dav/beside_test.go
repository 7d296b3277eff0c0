package dav

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// A restored file and an uploaded one get the same name beside one that is there.
func TestNamesBeside(t *testing.T) {
	var cases []struct {
		Name   string
		Taken  []string
		Folder bool
		Want   string
	}
	table, err := os.ReadFile("../static/testdata/besidenames.json")
	if err == nil {
		err = json.Unmarshal(table, &cases)
	}
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, c := range cases {
		got, err := nameBeside(c.Name, c.Folder, func(name string) (bool, error) { return slices.Contains(c.Taken, name), nil })
		if err != nil || got != c.Want {
			t.Errorf("beside %q: %q, %v, want %q", c.Name, got, err, c.Want)
		}
		if len(got) > maxPart {
			t.Errorf("%q has %d bytes", got, len(got))
		}
	}
	if name, err := nameBeside("x", false, func(string) (bool, error) { return true, nil }); err == nil {
		t.Errorf("where all are taken: %q", name)
	}
}
