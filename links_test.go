package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/shares/accountkeys"
	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// links runs a command of the group, which must not fail.
func (c *cli) links(args ...string) (stdout string) {
	c.t.Helper()
	out, stderr, err := c.do("", append([]string{"links"}, args...)...)
	if err != nil {
		c.t.Fatalf("links %q: %v %s", args, err, stderr)
	}
	return out
}

type listedLink struct {
	ID, Title, Link, State string
	Password               bool
	Files                  int64
	Expires                *time.Time
	Max_Downloads          *int64
	Downloads              int64
}

// listed is what the list says, for programs.
func (c *cli) listed() []listedLink {
	c.t.Helper()
	var listed struct{ Links []listedLink }
	if err := json.Unmarshal([]byte(c.links("--json")), &listed); err != nil {
		c.t.Fatal(err)
	}
	return listed.Links
}

// opens tells whether a link opens, and what get ends with.
func (c *cli) opens(link, password string, args ...string) (status int, listed string) {
	out, _, err := c.do(password+"\n", append([]string{"get", link, "--list", "--password-stdin"}, args...)...)
	return exitCode(err), out
}

func TestLinksAreListed(t *testing.T) {
	c := newCLI(t, nil)
	if out, stderr, err := c.do("", "links"); out != "" || err != nil || !strings.Contains(stderr, "thorpe send") {
		t.Errorf("without links: %q %q %v", out, stderr, err)
	}
	from := t.TempDir()
	writeText(t, filepath.Join(from, "d/a.txt"), "a")
	writeText(t, filepath.Join(from, "d/b.txt"), "b")
	first := c.send(filepath.Join(from, "d/a.txt"), "--expires", "never")
	second := c.send(filepath.Join(from, "d"), "--title", "Summer\x1b[2J", "--max-downloads", "3")
	if _, _, err := c.get(second); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(c.links(), "\n")
	if len(lines) != 4 || !strings.Contains(lines[1], `Summer\x1b[2J`) || !regexp.MustCompile(`open +2 +4.1 kB .* 1 of 3 +20`).MatchString(lines[1]) ||
		!regexp.MustCompile(`a.txt +open +1 +4.1 kB +20\S+ \S+ +never +0 +never$`).MatchString(lines[2]) {
		t.Errorf("the list says\n%s", strings.Join(lines, "\n"))
	}
	if whole := c.links("--links"); !strings.Contains(whole, first) || !strings.Contains(whole, second) || strings.Contains(strings.Join(lines, ""), "/s/#") {
		t.Errorf("the whole links: %s", whole)
	}
	listed := c.listed()
	if len(listed) != 2 || listed[0].Link != second || listed[0].Files != 2 || *listed[0].Max_Downloads != 3 || listed[0].Downloads != 1 || listed[0].Expires == nil || listed[1].Link != first || listed[1].Expires != nil {
		t.Errorf("for programs: %+v", listed)
	}

	// D6: another account neither sees them nor can do anything to them.
	if _, stderr, status := run(t, password+"\n", "user", "add", "bob", "--password-stdin", "--data", c.data); status != 0 {
		t.Fatal(stderr)
	}
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	if _, stderr, err := c.do(password+"\n", "login", c.server.URL, "--name", "bob", "--password-stdin"); err != nil {
		t.Fatal(err, stderr)
	}
	if got := c.listed(); len(got) != 0 {
		t.Errorf("bob sees %+v", got)
	}
	for _, words := range [][]string{{"delete", listed[0].ID}, {"change", listed[0].ID, "--pause"}, {"renew", listed[0].ID}} {
		if _, _, err := c.do("", append([]string{"links"}, words...)...); exitCode(err) != exitGone {
			t.Errorf("bob: %q: %v", words, err)
		}
	}
}

func TestLinksAreChanged(t *testing.T) {
	c := newCLI(t, nil)
	from := t.TempDir()
	writeText(t, filepath.Join(from, "a"), "hello")
	link := c.send(filepath.Join(from, "a"), "--title", "Old", "--note", "as it was")
	id := c.listed()[0].ID
	var opened struct{ Title, Note string }
	open := func(link, password string) int {
		t.Helper()
		status, text := c.opens(link, password, "--json")
		opened.Title, opened.Note = "", ""
		if status == exitDone {
			if err := json.Unmarshal([]byte(text), &opened); err != nil {
				t.Fatal(err)
			}
		}
		return status
	}

	if out := c.links("change", id[:8], "--title", "New"); out != "" || open(link, "") != exitDone || opened.Title != "New" || opened.Note != "as it was" || c.listed()[0].Title != "New" {
		t.Errorf("another title: %q, %+v", out, opened)
	}
	c.links("change", link, "--pause")
	if got := open(link, ""); got != exitGone || c.listed()[0].State != "paused" {
		t.Errorf("paused: %d", got)
	}
	c.links("change", id, "--resume", "--max-downloads", "1", "--expires", "never")
	if got := c.listed()[0]; open(link, "") != exitDone || *got.Max_Downloads != 1 || got.Expires != nil {
		t.Errorf("resumed: %+v", got)
	}
	for range 2 {
		if _, _, err := c.get(link); err != nil && exitCode(err) != exitGone {
			t.Fatal(err)
		}
	}
	if got := open(link, ""); got != exitGone || c.listed()[0].State != "used_up" {
		t.Errorf("used up: %d", got)
	}
	c.links("change", id, "--max-downloads", "none", "--note", "")
	if got := c.listed()[0]; open(link, "") != exitDone || opened.Note != "" || got.Max_Downloads != nil || got.State != "open" {
		t.Errorf("without a limit: %+v, %+v", got, opened)
	}

	// A password makes the link's text another one, and taking it away makes it the first again.
	out, _, err := c.do("hunter2\n", "links", "change", id, "--password-stdin")
	locked := strings.TrimSpace(out)
	if err != nil || locked == link || open(locked, "hunter2") != exitDone || opened.Title != "New" || open(locked, "hunter3") != exitPassword || open(link, "") == exitDone {
		t.Errorf("with a password: %v", err)
	}
	if out, _, err := c.do("hunter4\n", "links", "change", id, "--password-stdin"); err != nil || out != "" || open(locked, "hunter4") != exitDone || open(locked, "hunter2") != exitPassword {
		t.Errorf("with another one: %q, %v", out, err)
	}
	if again := strings.TrimSpace(c.links("change", id, "--no-password")); again != link || open(link, "") != exitDone || open(locked, "hunter4") != exitPassword {
		t.Error("without it again")
	}

	// One that has expired is revived.
	data, err := (DataFlag{Data: c.data}).openData(t.Context(), false, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := data.db.Exec("UPDATE links SET expires = ?", time.Now().Add(-time.Hour).Unix()); err != nil {
		t.Fatal(err)
	}
	if err := data.close(); err != nil {
		t.Fatal(err)
	}
	if got := open(link, ""); got != exitGone || c.listed()[0].State != "expired" {
		t.Errorf("expired: %d", got)
	}
	c.links("change", id, "--expires", "12h")
	if left := time.Until(*c.listed()[0].Expires); open(link, "") != exitDone || left < 11*time.Hour || left > 12*time.Hour {
		t.Errorf("revived for %s", left)
	}

	for _, words := range [][]string{
		{id}, {id, "--expires", "soon"}, {id, "--max-downloads", "0"}, {id, "--max-downloads", "x"}, {id, "--title", strings.Repeat("a", 201)}, {"abc", "--pause"},
		{sealed.NewLink(false).URL("https://example.org"), "--pause"},
	} {
		if _, _, err := c.do("", append([]string{"links", "change"}, words...)...); exitCode(err) != exitUsage {
			t.Errorf("%.30q: %v", words, err)
		}
	}
}

func TestLinksAreRenewedAndDeleted(t *testing.T) {
	c := newCLI(t, nil)
	from := t.TempDir()
	text := noise(300_000)
	writeText(t, filepath.Join(from, "a"), text)
	old := c.send(filepath.Join(from, "a"), "--title", "Same", "--max-downloads", "2")
	if _, _, err := c.get(old); err != nil {
		t.Fatal(err)
	}
	renewed := strings.TrimSpace(c.links("renew", old))
	folder, _, err := c.get(renewed)
	if err != nil || namesIn(t, folder)["a"] != text {
		t.Errorf("the new one: %v", err)
	}
	if status, _ := c.opens(old, ""); status != exitGone {
		t.Errorf("the old one: %d", status)
	}
	listed := c.listed()
	if len(listed) != 1 || listed[0].Link != renewed || listed[0].Title != "Same" || *listed[0].Max_Downloads != 2 || listed[0].Downloads != 1 || len(c.objects()) != 1 {
		t.Errorf("listed: %+v, %d contents", listed, len(c.objects()))
	}
	second := c.send(filepath.Join(from, "a"))
	if _, _, err := c.do("", "links", "delete", second, "AAAAAAAA"); exitCode(err) != exitGone || len(c.listed()) != 2 {
		t.Errorf("one of two is not there: %v", err)
	}
	if c.links("delete", second, listed[0].ID); len(c.listed()) != 0 || len(c.objects()) != 0 {
		t.Errorf("deleted: %+v, %d contents", c.listed(), len(c.objects()))
	}
	if status, _ := c.opens(renewed, ""); status != exitGone {
		t.Errorf("opens still: %d", status)
	}
}

// An id may begin with a dash, and is no flag then.
func TestIDsAreNoFlags(t *testing.T) {
	t.Parallel()
	id := "-" + strings.Repeat("A", 21)
	dashes := "--" + strings.Repeat("A", 20)
	got := protectIDs([]string{"links", "delete", id, dashes, "-o", "--password-stdin", "-", "--only=aaaaaaaaaaaaaaa"})
	want := []string{"links", "delete", idPrefix + id, idPrefix + dashes, "-o", "--password-stdin", "-", "--only=aaaaaaaaaaaaaaa"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	links := &ownLinks{c: client.New("https://example.org"), all: []client.OwnLink{{ID: sealed.ID{0xf8}}}}
	for _, word := range []string{got[2], "-AAA", idPrefix + "-AAAA"} {
		if link, err := links.find(word); err != nil || link.ID.String() != id {
			t.Errorf("%s: %v", word, err)
		}
	}
	if got, err := linkIDOf(got[2]); err != nil || got.String() != id { // the operator's
		t.Errorf("%s, %v", got, err)
	}
}

// A19: a manifest that is older than what was saved last is not sealed as the newest.
func TestAnOlderManifestIsNotSealedAsTheNewest(t *testing.T) {
	t.Parallel()
	link := sealed.NewLink(false)
	keys, err := link.Keys("")
	if err != nil {
		t.Fatal(err)
	}
	manifest := &sealed.Manifest{Revision: 1, Title: "Old", Key: sealed.NewContentKey(), Files: []sealed.File{{Path: "a"}}}
	old, err := sealed.SealManifest(keys, manifest)
	if err != nil {
		t.Fatal(err)
	}
	written := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		written = written || r.Method != http.MethodGet
		w.Write(old)
	}))
	defer server.Close()
	links := &ownLinks{c: client.New(server.URL)}
	links.c.Session = &client.Session{}
	one := &client.OwnLink{ID: keys.ID, Note: &accountkeys.Note{Link: link, Revision: 2}}
	_, err = links.reseal(t.Context(), one, func(*sealed.Manifest, *accountkeys.Note) {})
	if exitCode(err) != exitDamaged || written {
		t.Errorf("%v; written: %t", err, written)
	}
	one.Note = nil
	if _, err := links.reseal(t.Context(), one, nil); exitCode(err) != exitDamaged {
		t.Errorf("a note that does not open: %v", err)
	}
}
