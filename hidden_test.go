package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"thorpe/dav"
)

// J8: the command and the web drive take the same files for hidden.
func TestHiddenNames(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Name           string
		Folder, Hidden bool
	}
	table, err := os.ReadFile("static/testdata/hidden.json")
	if err == nil {
		err = json.Unmarshal(table, &cases)
	}
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, c := range cases {
		if got := dav.IsHidden(c.Name, c.Folder); got != c.Hidden {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// J8: what systems write beside people's own files is not sent with a folder, a folder with nothing else is empty, and whoever names such a file sends it.
func TestSendLeavesHiddenFilesOut(t *testing.T) {
	t.Parallel()
	from := filepath.Join(t.TempDir(), "Photos")
	for _, name := range []string{"lake.jpg", "._lake.jpg", ".DS_Store", "only/.DS_Store", "only/Thumbs.db", "._mine/kept.txt"} {
		path := filepath.Join(from, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sent := func(paths ...string) (list []string) {
		t.Helper()
		found, err := findFiles(paths)
		if err != nil || len(found.leftOut) != 0 {
			t.Fatal(found, err)
		}
		for _, file := range found.files {
			list = append(list, file.sent)
		}
		for _, folder := range found.folders {
			list = append(list, folder+"/")
		}
		slices.Sort(list)
		return list
	}
	if got, want := sent(from), []string{"Photos/._mine/kept.txt", "Photos/lake.jpg", "Photos/only/"}; !slices.Equal(got, want) {
		t.Errorf("a folder: %q, want %q", got, want)
	}
	if got, want := sent(filepath.Join(from, "._lake.jpg")), []string{"._lake.jpg"}; !slices.Equal(got, want) {
		t.Errorf("a file: %q, want %q", got, want)
	}
}
