package static_test

import (
	"strings"
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
	t.Parallel()
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

func TestALinkWithAPassword(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 11}}, map[string]any{"password": "two words"})
	for _, test := range []struct{ password, want string }{
		{"two words", ""},
		{"two  words", "wrong_token"},
		{"", "password_empty"},
	} {
		var read readLink
		sender.run(&read, "link.js", "readLink", made.Link, test.password)
		if read.Error != test.want || (test.want == "" && len(read.Entries) != 1) {
			t.Errorf("with the password %q: %+v", test.password, read)
		}
	}
	var read readLink
	sender.run(&read, "link.js", "readLink", made.Link)
	if read.Error != "password_needed" {
		t.Errorf("without a password: %+v", read)
	}
	var mine []struct{ Link, Password, Title string }
	sender.run(&mine, "link.js", "myLinks")
	if len(mine) != 1 || mine[0].Password != "two words" || mine[0].Title != "a.txt" {
		t.Errorf("the owner's list has %+v", mine)
	}
}

func TestNamesThatNoManifestHoldsAreChangedAndTold(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a\\b.txt", 1}, {"a_b.txt", 1}, {"../up", 1}, {"line\nbreak", 1}, {"fine", 1}})
	renamed := map[string]string{}
	for _, r := range made.Renamed {
		renamed[r.From] = r.To
	}
	if diff := cmp.Diff(map[string]string{"a\\b.txt": "a_b (2).txt", "../up": "__/up", "line\nbreak": "line_break"}, renamed); diff != "" {
		t.Error("(-want +got)", diff)
	}
}

// What a mail gateway does to a link is undone (B1).
func TestARewrittenFragmentIsMended(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 11}})
	for _, to := range []string{"%23", "%2523", "#%23"} {
		var read readLink
		sender.run(&read, "link.js", "readLink", strings.Replace(made.Link, "#", to, 1))
		if read.Error != "" {
			t.Errorf("with %s: %s", to, read.Error)
		}
	}
}

// One tab names one ticket, whatever it reads; another tab names another (D9 counts them).
func TestAReloadCountsNoSecondVisit(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 11}}, map[string]any{"maxVisits": 1})
	reader := newTab(t, sender.site)
	for range 2 {
		var read readLink
		reader.run(&read, "link.js", "readLink", made.Link)
		if read.Error != "" {
			t.Errorf("the one visit: %s", read.Error)
		}
		reader.open("/test/")
	}
	var late readLink
	newTab(t, sender.site).run(&late, "link.js", "readLink", made.Link)
	if late.Error != "gone" {
		t.Errorf("a second visit: %+v", late)
	}
}

// Nothing that opens a link goes to the server: neither its secret, nor its password, nor the content key (A13).
func TestTheServerHearsNoSecret(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 11}}, map[string]any{"password": "two words", "title": "a secret title"})
	sender.run(nil, "link.js", "readLink", made.Link, "two words")
	_, fragment, _ := strings.Cut(made.Link, "#")
	heard := sender.site.heard()
	for _, secret := range []string{fragment, fragment[4:40], "two words", "two%20words", "a secret title", "correct horse"} {
		if strings.Contains(heard, secret) {
			t.Errorf("the server heard %q", secret)
		}
	}
	if !strings.Contains(heard, "token_hash") {
		t.Error("the test does not see what is sent")
	}
}
