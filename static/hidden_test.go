package static_test

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// J8: the web drive takes the same files for hidden as the command.
func TestHiddenNamesAreThoseOfTheCommand(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Name   string `json:"name"`
		Folder bool   `json:"folder"`
		Hidden bool   `json:"hidden"`
	}
	table, err := os.ReadFile("testdata/hidden.json")
	must(t, err)
	must(t, json.Unmarshal(table, &cases))
	var got []bool
	newTab(t, newSite(t)).run(&got, "views.js", "hidden", cases)
	for i, c := range cases {
		if got[i] != c.Hidden {
			t.Errorf("%+v: %v", c, got[i])
		}
	}
}

// J8: what systems write beside people's own files is neither listed nor counted, and a folder with nothing else is empty.
func TestHiddenFilesAreNotListed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"lake.jpg", "._lake.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "._mine/a.txt", "Album/.DS_Store"} {
		write(t, filepath.Join(driveFolder(s), name), "x")
	}
	b.Open(s.URL + "/")
	shows(b, "._mine", "Album", "desktop.ini", "lake.jpg")
	b.ClickAt("the box for all", `document.querySelector("[data-all]")`)
	b.WaitText("4 selected")
	b.ClickAt("the box for all", `document.querySelector("[data-all]")`)

	// No name makes a file disappear.
	b.Click("More for lake.jpg")
	b.Click("Rename")
	b.Fill("New name for lake.jpg", "._lake")
	b.Press(kb.Enter)
	b.WaitText("it would not be shown any more")
	b.Press(kb.Escape)
	shows(b, "._mine", "Album", "desktop.ini", "lake.jpg")

	b.Click("Album")
	b.WaitText("Nothing here yet")
	b.Open(s.URL + "/")

	// With its folder all of it goes.
	b.Click("More for Album")
	b.Click("Delete")
	shows(b, "._mine", "desktop.ini", "lake.jpg")
	if got := found(t, driveFolder(s)); slices.ContainsFunc(got, func(name string) bool { return strings.HasPrefix(name, "Album") }) {
		t.Errorf("on the disk: %q", got)
	}
}

// J8: what macOS knows of a file stays beside it where it is renamed, moved and deleted; a folder of such a name is somebody's own, and stays.
func TestWhatMacOSKnowsFollowsItsFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for name, content := range map[string]string{
		"lake.jpg": "1", "._lake.jpg": "12", "._sea.jpg": "of one that is gone", "plain.txt": "x", "twin.txt": "x", "._twin.txt/a": "a", "Trip/a": "a", "._Trip": "123", "Album/a": "a",
	} {
		write(t, filepath.Join(driveFolder(s), name), content)
	}
	b.Open(s.URL + "/")
	shows(b, "._twin.txt", "Album", "Trip", "lake.jpg", "plain.txt", "twin.txt")
	on := func(what string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, found(t, driveFolder(s))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}

	b.Click("More for lake.jpg")
	b.Click("Rename")
	b.Fill("New name for lake.jpg", "sea.jpg")
	b.Press(kb.Enter)
	shows(b, "._twin.txt", "Album", "Trip", "plain.txt", "sea.jpg", "twin.txt")
	on("renamed", "._Trip 3", "._sea.jpg 2", "._twin.txt/", "._twin.txt/a 1", "Album/", "Album/a 1", "Trip/", "Trip/a 1", "plain.txt 1", "sea.jpg 1", "twin.txt 1")

	move := func(name string) {
		t.Helper()
		b.Click("More for " + name)
		b.Click("Move to…")
		b.ClickAt("the album", `[...document.querySelectorAll("dialog .place")].find(e => e.textContent === "Album")`)
		b.WaitText("Into: Album")
		b.Click("Move here")
		b.Wait(name+" gone", "!"+names+`.includes("`+name+`")`)
	}
	move("sea.jpg")
	move("Trip")
	move("twin.txt")
	on("moved", "._twin.txt/", "._twin.txt/a 1", "Album/", "Album/._Trip 3", "Album/._sea.jpg 2", "Album/Trip/", "Album/Trip/a 1", "Album/a 1", "Album/sea.jpg 1", "Album/twin.txt 1", "plain.txt 1")

	remove := func(name string) {
		t.Helper()
		b.Click("More for " + name)
		b.Click("Delete")
		b.Wait(name+" gone", "!"+names+`.includes("`+name+`")`)
	}
	remove("plain.txt")
	if asked := s.asked("PROPFIND", "/files/._plain.txt"); len(asked) > 0 {
		t.Error("it was asked for what the list says is not there: the browser's console tells of each")
	}
	b.Open(s.URL + "/drive/Album")
	shows(b, "Trip", "a", "sea.jpg", "twin.txt")
	remove("sea.jpg")
	remove("Trip")
	on("deleted", "._twin.txt/", "._twin.txt/a 1", "Album/", "Album/a 1", "Album/twin.txt 1")
}

// J8: dropped and chosen from this computer, such files are left out, and not counted.
func TestHiddenFilesAreNotUploaded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	for _, name := range []string{"Trip/lake.jpg", "Trip/._lake.jpg", "Trip/.DS_Store", "Trip/only/.DS_Store", "._loose", "loose"} {
		write(t, filepath.Join(here, name), "x")
	}
	b.Drop(filepath.Join(here, "Trip"), filepath.Join(here, "._loose"), filepath.Join(here, "loose"))
	b.WaitText("2 files uploaded")
	if diff := cmp.Diff([]string{"Trip/", "Trip/lake.jpg 1", "Trip/only/", "loose 1"}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	b.Choose(func() { b.Click("Upload") }, filepath.Join(here, "._loose"), filepath.Join(here, "loose"))
	b.Click("Keep both")
	shows(b, "Trip", "loose", "loose (2)")
	if got := found(t, driveFolder(s)); slices.Contains(got, "._loose 1") {
		t.Errorf("chosen: %q", got)
	}
}

// J8: links and zips of folders of the drive hold what is shown there.
func TestHiddenFilesAreNotShared(t *testing.T) {
	t.Parallel()
	owner := newSender(t)
	owner.run(nil, "link.js", "fillDrive", []wanted{{"photos/1.jpg", 11}, {"photos/._1.jpg", 5}, {"photos/.DS_Store", 6}, {"photos/only/Thumbs.db", 7}, {"._x", 5}, {"x", 5}})
	var made sent
	owner.run(&made, "link.js", "sendDrive")
	var read readLink
	newTab(t, owner.site).run(&read, "link.js", "readLink", made.Link)
	var got []string
	for _, e := range read.Entries {
		got = append(got, e.Path)
	}
	slices.Sort(got)
	if want := []string{"photos/", "photos/1.jpg", "photos/only/", "x"}; !slices.Equal(got, want) {
		t.Errorf("the link has %q, want %q", got, want)
	}

	var file saved
	owner.run(&file, "link.js", "save", "", []string{"photos"})
	archive, err := zip.OpenReader(owner.nextDownload().File)
	must(t, err)
	defer archive.Close()
	got = nil
	for _, f := range archive.File {
		got = append(got, f.Name)
	}
	slices.Sort(got)
	if want := []string{"photos/", "photos/1.jpg", "photos/only/"}; !slices.Equal(got, want) {
		t.Errorf("the zip has %q, want %q", got, want)
	}
}
