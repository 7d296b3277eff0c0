package static_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// wanted is a file that testdata/link.js makes: path and size; its bytes follow from its place in the list.
type wanted struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
}

// sent is what send() told.
type sent struct {
	ID, Link    string
	Renamed     []struct{ From, To string }
	States      []string
	Sent, Total int64
}

type readEntry struct {
	Path     string
	Size     int64
	SHA256   string
	Range    bool
	Modified *time.Time
	Type     string
}

type readLink struct {
	Title, Note, Error string
	Entries            []readEntry
}

// newSender is a browser in which somebody with an account sits.
func newSender(t *testing.T) *tab {
	t.Helper()
	s := newSite(t)
	b := newTab(t, s)
	b.run(nil, "link.js", "signUp", s.setupToken())
	return b
}

// expect gives what reading a link with these files must show, in the order of a walk.
func (b *tab) expect(files []wanted) []readEntry {
	b.t.Helper()
	var sums []string
	b.run(&sums, "link.js", "digests", files)
	var entries []readEntry
	modified := time.Date(2026, 8, 1, 10, 0, 0, 0, time.UTC)
	for i, f := range files {
		entries = append(entries, readEntry{f.Path, f.Size, sums[i], true, &modified, "text/plain"})
	}
	return entries
}

func TestSendAndOpenALink(t *testing.T) {
	sender := newSender(t)
	files := []wanted{{"a.txt", 11}, {"b-empty.txt", 0}, {"c-chunk.bin", 262144}, {"d-large.bin", 20_000_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files, map[string]any{"title": "Summer", "note": "The ones from the lake"})
	if made.Sent != made.Total || made.Total != 20_262_155 {
		t.Errorf("sent %d of %d bytes, want 20262155 of as many", made.Sent, made.Total)
	}
	if last := made.States[len(made.States)-1]; last != "publishing" {
		t.Errorf("the last state is %s", last)
	}
	reader := newTab(t, sender.site)
	var read readLink
	reader.run(&read, "link.js", "readLink", made.Link)
	if diff := cmp.Diff(readLink{Title: "Summer", Note: "The ones from the lake", Entries: sender.expect(files)}, read); diff != "" {
		t.Error("(-want +got)", diff)
	}
	var mine []struct{ ID, Link, Title, Password string }
	sender.run(&mine, "link.js", "myLinks")
	if len(mine) != 1 || mine[0].Link != made.Link || mine[0].Title != "Summer" || mine[0].ID != made.ID {
		t.Errorf("the owner's list has %+v, want %s", mine, made.Link)
	}
}
