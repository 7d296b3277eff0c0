package static_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thorpe/static/browsertest"
)

// The page and the command give names that a disk cannot hold the same other ones.
func TestDiskNamesAreThoseOfTheCommand(t *testing.T) {
	t.Parallel()
	var cases []map[string]any
	table, err := os.ReadFile("testdata/disknames.json")
	must(t, err)
	must(t, json.Unmarshal(table, &cases))
	var got [][]any
	newTab(t, newSite(t)).run(&got, "folder.js", "named", cases)
	for i, c := range cases {
		if diff := cmp.Diff(c["want"], any(got[i])); diff != "" {
			t.Errorf("%s (-want +got) %s", c["name"], diff)
		}
	}
}

type foundFile struct {
	Path   string
	Size   int64
	SHA256 string
}

func (b *tab) inFolder() map[string]foundFile {
	b.t.Helper()
	var found []foundFile
	b.run(&found, "folder.js", "found")
	byPath := map[string]foundFile{}
	for _, f := range found {
		byPath[f.Path] = f
	}
	return byPath
}

// A link is saved into a new folder, whatever its names are; what a browser refuses to write gets another name, and nothing is written over.
func TestALinkIsSavedIntoAFolder(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{
		{"a/one.bin", 600_000}, {"a/empty", 0}, {"b.bin", 3_000_000}, {"CON", 10}, {"what?.txt", 11}, {"site.url", 12}, {" edge ", 13}, {"~tilde~", 14}, {".hidden", 15},
		{"dot.", 16}, {"100%.txt", 17}, {"soft\u00adhyphen", 18}, {"\u00e4 漢 \u05d0 \U0001F468\u200d\U0001F469\u200d\U0001F467.txt", 19},
	}
	want := []string{"a/one.bin", "a/empty", "b.bin", "CON_", "what_.txt", "site.url_", "_edge_", "~tilde~", ".hidden", "dot_", "100%.txt", "soft_hyphen", files[12].Path}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files, map[string]any{"title": "Summer: 2026", "folders": []string{"nothing/here"}})
	reader := newTab(t, sender.site)
	sums := sender.expect(files)
	for _, folder := range []string{"Summer_ 2026", "Summer_ 2026 (2)"} {
		reader.run(nil, "folder.js", "beginSaving", made.Link)
		var got struct {
			Name, Error, Message string
			Changed              []struct{ From, To string }
		}
		reader.run(&got, "folder.js", "endSaving")
		if got.Name != folder || len(got.Changed) != 6 {
			t.Fatalf("saving told %+v", got)
		}
		found := reader.inFolder()
		for i, path := range want {
			if f := found[folder+"/"+path]; f.Size != files[i].Size || f.SHA256 != sums[i].SHA256 {
				t.Errorf("%s is %+v", path, f)
			}
		}
		if _, ok := found[folder+"/nothing/here/"]; !ok {
			t.Errorf("the empty folder is missing among %v", found)
		}
	}
	var pending bool
	if reader.run(&pending, "folder.js", "goOn", made.Link); pending {
		t.Error("what is done can be gone on with")
	}
}

// A reload in the middle loses no file, and the rest comes by range, without another visit.
func TestSavingIntoAFolderGoesOn(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a.bin", 3_000_000}, {"b.bin", 3_000_000}, {"c.bin", 12_000_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files, map[string]any{"title": "Summer"})
	reader := newTab(t, sender.site)
	release := reader.site.hold(9_000_000)
	reader.run(nil, "folder.js", "beginSaving", made.Link)
	reader.run(nil, "folder.js", "savedSoFar", 7_000_000)
	reader.open("/test/")
	release()
	reader.site.breakWith(nil)
	var pending bool
	if reader.run(&pending, "folder.js", "goOn", made.Link); !pending {
		t.Fatal("after the reload, nothing can be gone on with")
	}
	var got struct{ Name, Error, Message string }
	reader.run(&got, "folder.js", "endSaving")
	if got.Name != "Summer" {
		t.Fatalf("saving told %+v", got)
	}
	found := reader.inFolder()
	for i, f := range sender.expect(files) {
		if found["Summer/"+f.Path].SHA256 != f.SHA256 {
			t.Errorf("%s of %d bytes is %+v", f.Path, files[i].Size, found["Summer/"+f.Path])
		}
	}
	requests := reader.site.asked("GET", "/api/links/"+made.ID+"/content")
	var from int64
	if n, _ := fmt.Sscanf(requests[len(requests)-1].Header.Get("Range"), "bytes=%d-", &from); n != 1 || from < 5_500_000 {
		t.Errorf("after the reload it asked for %q", requests[len(requests)-1].Header.Get("Range"))
	}
	var mine []struct{ Visits int }
	if sender.run(&mine, "link.js", "myLinks"); mine[0].Visits != 1 {
		t.Errorf("the owner sees %d visits", mine[0].Visits)
	}
}

// Of what does not authenticate, nothing stays that looks like a file (A9).
func TestTamperedContentLeavesNoFileInAFolder(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.bin", 1_000_000}, {"b.bin", 9_000_000}})
	reader := newTab(t, sender.site)
	reader.site.breakWith(changedContent(reader.site, 8_000_000))
	defer reader.site.breakWith(nil)
	reader.run(nil, "folder.js", "beginSaving", made.Link)
	var got struct{ Name, Error string }
	reader.run(&got, "folder.js", "endSaving")
	if got.Error != "bad_tag" {
		t.Errorf("saving told %+v", got)
	}
	var left []string
	for path := range reader.inFolder() {
		left = append(left, path)
	}
	if slices.Sort(left); !slices.Equal(left, []string{"files/", "files/a.bin"}) {
		t.Errorf("in the folder lies %v", left)
	}
}

// changedContent changes a byte of the sealed content on its way.
func changedContent(s *site, at int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") {
			return false
		}
		body := s.begin(w, r)
		body[at] ^= 1
		w.Write(body)
		return true
	}
}

// The page: pause and resume, a reload that goes on by itself, and a folder.
func TestTheLinkPagePausesGoesOnAndSavesIntoAFolder(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.bin", 24_000_000}}, map[string]any{"title": "Summer"})
	s := sender.site
	release := s.hold(9_000_000)
	b := browsertest.New(t)
	b.Open(made.Link)
	b.WaitText("Summer")
	path, state := b.Download(func() {
		b.Click("Download")
		b.WaitText("Downloading a.bin")
		b.WaitText(" of 24 MB")
		b.Click("Pause")
		b.WaitText("a.bin is paused")
		picture(b, "download-paused")
		b.Click("Resume")
		b.WaitText("Downloading a.bin")
		b.Reload()
		release()
		s.breakWith(nil)
		b.WaitText("a.bin is saved")
	})
	if state != "completed" || sumOf(t, path) != sender.expect([]wanted{{"a.bin", 24_000_000}})[0].SHA256 {
		t.Errorf("the browser has %s, %s", path, state)
	}
	b.Eval(`import(document.querySelector("script[src*='/pages/']").src.replace(/pages\/.*/, "testdata/folder.js")).then(({chooseForThePerson}) => chooseForThePerson())`, nil)
	b.Click("Save into a folder")
	b.WaitText("It lies in the new folder “Summer”.")
	picture(b, "download-folder")
}

// Of a link's files, those that a person chose go into a folder, and no others.
func TestASelectionOfALinkIsSavedIntoAFolder(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 10}, {"b.txt", 20}, {"Photos/c.txt", 30}, {"Photos/d.txt", 40}}, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(made.Link)
	b.Click("Select Photos")
	b.Click("Select b.txt")
	b.WaitText("3 selected")
	folder := `import(document.querySelector("script[src*='/pages/']").src.replace(/pages\/.*/, "testdata/folder.js"))`
	b.Eval(folder+`.then(({chooseForThePerson}) => chooseForThePerson())`, nil)
	b.Click("Save the selection into a folder")
	b.WaitText("It lies in the new folder “Summer”.")
	var found []foundFile
	b.Eval(folder+`.then(({found}) => found())`, &found)
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%s %d", f.Path, f.Size))
	}
	if want := []string{"Summer/ 0", "Summer/Photos/ 0", "Summer/Photos/c.txt 30", "Summer/Photos/d.txt 40", "Summer/b.txt 20"}; !slices.Equal(got, want) {
		t.Errorf("in the folder lies %v, want %v", got, want)
	}
	picture(b, "link-chosen-folder")
}
