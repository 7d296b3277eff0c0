package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/database"
	"thorpe/static/browsertest"
)

// shareOne makes a link with this title, of one file, and returns it; the page is My links then.
func shareOne(t *testing.T, s *site, b *browsertest.Browser, name string) (link string) {
	t.Helper()
	_, link = share(s, b, name)
	b.Open(s.URL + "/links")
	b.WaitText(name)
	return link
}

// shownLink is the link that a dialog shows.
func shownLink(b *browsertest.Browser) (link string) {
	b.Wait("a link", `document.querySelector("dialog [data-link]")`)
	b.Eval(`document.querySelector("dialog [data-link]").dataset.link`, &link)
	return link
}

// choose opens the menu of a link and takes what is called so.
func choose(b *browsertest.Browser, name, what string) {
	b.Click("More for " + name)
	b.Click(what)
}

// save saves a change, whose dialog is open.
func save(b *browsertest.Browser) {
	b.Click("Save")
	b.Wait("the dialog is closed", `!document.querySelector("dialog")`)
}

func (s *site) opens(b *browsertest.Browser, link, says string) {
	b.Open("about:blank")
	b.Open(link)
	b.WaitText(says)
}

func TestALinkIsChangedOnThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	link := shareOne(t, s, b, "lake.txt")
	b.WaitText("1 file · ")
	b.WaitText("0 downloads · not opened yet")
	friend := browsertest.New(t)

	choose(b, "lake.txt", "Change")
	b.Fill("Title", "Summer")
	b.Fill("Note", "By the lake")
	b.Fill("Downloads", "5")
	save(b)
	b.WaitText("0 of 5 downloads")
	s.opens(friend, link, "By the lake")
	friend.WaitText("Summer")
	if heard := s.heard(); strings.Contains(heard, "Summer") || strings.Contains(heard, "By the lake") {
		t.Error("title or note reached the server")
	}

	choose(b, "Summer", "Pause")
	b.WaitText("paused")
	s.opens(friend, link, "This link is paused")
	choose(b, "Summer", "Change") // its owner reads it nevertheless
	b.Wait("the note", `document.querySelector("dialog textarea")?.value === "By the lake"`)
	b.Click("Cancel")
	choose(b, "Summer", "Resume")
	b.WaitText("The link opens again")
	s.opens(friend, link, "Summer")

	// A password that is added makes another text, and the dialog says so before and shows it afterwards.
	choose(b, "Summer", "Change")
	b.Fill("Password", "two words")
	b.WaitText("With a password the link gets another text")
	b.Click("Save")
	b.WaitText("The link has a new text")
	locked := shownLink(b)
	b.Click("Done")
	if locked == link {
		t.Error("it is the same text")
	}
	s.opens(friend, link, "This link was changed by its owner")
	s.opens(friend, locked, "Password")
	friend.Fill("Password", "two words")
	friend.Click("Open")
	friend.WaitText("Summer")

	// Another one keeps the text; none brings the first one back.
	choose(b, "Summer", "Change")
	b.Wait("the password", `document.querySelector("dialog [autocomplete=new-password]")?.value === "two words"`)
	b.Fill("Password", "three words")
	b.WaitText("The link keeps its text")
	save(b)
	choose(b, "Summer", "Change")
	b.Wait("the password", `document.querySelector("dialog [autocomplete=new-password]")?.value === "three words"`)
	b.Fill("Password", "x")
	b.Press("\b")
	b.WaitText("Without its password the link gets another text")
	b.Click("Save")
	b.WaitText("The link has a new text")
	if again := shownLink(b); again != link {
		t.Errorf("without the password the link is %s, was %s", again, link)
	}
	b.Click("Done")
	s.opens(friend, link, "By the lake")
}

// Whoever is quicker than the list, on a slow line, changes what the last change left.
func TestAChangeFollowsTheOneBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	shareOne(t, s, b, "lake.txt")
	b.WaitText("1 file · ")
	release := make(chan struct{})
	s.breakWith(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == "GET" && r.URL.Path == "/api/links" {
			<-release
		}
		return false
	})
	choose(b, "lake.txt", "Change")
	b.Fill("Title", "Summer")
	b.Fill("Password", "two words")
	b.Click("Save")
	b.Click("Done")
	choose(b, "lake.txt", "Change") // the list does not know yet
	close(release)
	b.Wait("the password", `document.querySelector("dialog [autocomplete=new-password]")?.value === "two words"`)
	b.Wait("the title", `[...document.querySelectorAll("dialog input")].some((field) => field.value === "Summer")`)
}

// A new secret over the same content: the old link is gone, the files are not sent again.
func TestANewLinkOfTheSameFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	link := shareOne(t, s, b, "lake.txt")
	uploads := len(s.asked("POST", "/api/uploads/"))
	choose(b, "lake.txt", "New link, same files")
	b.WaitText("The old link stops at once")
	b.WaitText("may have kept the files, and the key")
	b.Click("Make new link")
	b.WaitText("Link is ready")
	made := shownLink(b)
	b.Click("Done")
	b.Wait("one row", `document.querySelectorAll(".links > .line").length === 1`)
	if made == link {
		t.Fatal("it is the old link")
	}
	if n := len(s.asked("POST", "/api/uploads/")); n != uploads {
		t.Error("files were sent again")
	}
	friend := browsertest.New(t)
	s.opens(friend, link, "This link was removed")
	s.opens(friend, made, "a.txt")
	file, state := friend.Download(func() { friend.Click("Download a.txt") })
	if got, err := os.ReadFile(file); state != "completed" || err != nil || len(got) != 11 {
		t.Errorf("downloading: %s, %q, %v", state, got, err)
	}
	objects, err := filepath.Glob(filepath.Join(s.Folder, "sealed", "*", "*"))
	must(t, err)
	if len(objects) != 2 {
		t.Errorf("%d objects on the disk, want a manifest and a content", len(objects))
	}
}

func TestAnExpiredLinkIsRevivedOnThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	link := shareOne(t, s, b, "lake.txt")
	s.sql(`UPDATE links SET expires = ?`, time.Now().Add(-time.Hour).Unix())
	b.Open(s.URL + "/links")
	b.WaitText("expired 1 hour ago")
	friend := browsertest.New(t)
	s.opens(friend, link, "This link has expired")
	b.Wait("a way to copy it", `document.querySelector("[aria-label='Copy the link of lake.txt']")`)
	choose(b, "lake.txt", "Revive")
	b.WaitText("Its files are kept until")
	b.Click("Revive")
	b.WaitText("expires in 30 days")
	s.opens(friend, link, "a.txt")

	// What the operator removed is told, and cannot be changed back.
	s.sql(`UPDATE links SET stopped = 'removed'`)
	s.sql(`UPDATE link_ids SET message = '<b>Against the rules</b>'`)
	b.Open(s.URL + "/links")
	b.WaitText("The operator of this server says: <b>Against the rules</b>")
	b.Click("More for lake.txt")
	var items string
	b.Eval(`[...document.querySelectorAll("[role=menuitem]")].map(e => e.innerText).join()`, &items)
	if items != "Details,Delete" {
		t.Errorf("the menu has %s", items)
	}
}

// sql changes the database behind the server's back.
func (s *site) sql(query string, args ...any) {
	s.t.Helper()
	db, err := database.Open(s.t.Context(), filepath.Join(s.Folder, "thorpe.db"))
	must(s.t, err)
	defer db.Close()
	_, err = db.Exec(query, args...)
	must(s.t, err)
}

// Two devices of one owner see the same, and neither overwrites what it did not see. (A19: what the server shows of an older state is not saved as new.)
func TestTwoDevicesOfOneOwner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	laptop, _ := ann(t, s)
	shareOne(t, s, laptop, "lake.txt")
	phone := browsertest.New(t)
	phone.Open(s.URL + "/links")
	signIn(phone, "ann", goodPassword)
	phone.WaitText("lake.txt")
	choose(phone, "lake.txt", "Change")
	phone.Fill("Title", "By phone")

	choose(laptop, "lake.txt", "Change")
	laptop.Fill("Note", "From the laptop")
	laptop.Fill("Downloads", "7")
	save(laptop)
	laptop.WaitText("0 of 7 downloads")

	phone.Click("Save")
	phone.WaitText("It was changed on another device meanwhile")
	phone.Wait("what was typed", `document.querySelector("dialog input").value === "By phone"`)
	save(phone)
	phone.WaitText("By phone")
	phone.WaitText("0 of 7 downloads")
	laptop.Eval(`document.dispatchEvent(new Event("visibilitychange"))`, nil) // somebody looks at it again
	laptop.WaitText("By phone")

	// The server brings an older manifest back.
	choose(laptop, "By phone", "Change")
	laptop.Wait("what both changed", `document.querySelector("dialog input")?.value === "By phone" && document.querySelector("dialog textarea").value === "From the laptop"`)
	old := s.answer(s.asked("GET", "/api/links/")[len(s.asked("GET", "/api/links/"))-1])
	laptop.Click("Cancel")
	choose(laptop, "By phone", "Change")
	laptop.Fill("Title", "Newest")
	save(laptop)
	laptop.WaitText("Newest")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/own-manifest") {
			return false
		}
		w.Write(old.Body.Bytes())
		return true
	})
	choose(laptop, "Newest", "Change")
	laptop.WaitText("The server shows an older version of this link")
	laptop.Fill("Downloads", "9") // what it counts can be changed nevertheless
	save(laptop)
	laptop.WaitText("0 of 9 downloads")
}
