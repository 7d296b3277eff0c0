package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// share makes a link of one small file with this title.
func share(s *site, b *browsertest.Browser, title string) (id, link string) {
	s.t.Helper()
	var made sent
	b.Eval(fmt.Sprintf(`import("%s/testdata/link.js").then(m => m.sendFiles([{path: "a.txt", size: 11}], {title: %q}))`, s.tree.Path(), title), &made)
	return made.ID, made.Link
}

// sealedObjects are how many objects lie on the disk for links.
func sealedObjects(s *site) int {
	s.t.Helper()
	found, err := filepath.Glob(filepath.Join(s.Folder, "sealed", "*", "*"))
	must(s.t, err)
	return len(found)
}

// D6: the operator takes a link down by what somebody sent them of it; its owner and its recipient read why, as text, and the server never hears the key.
func TestTheOperatorTakesDownALinkThatIsPasted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	operator, _ := ann(t, s)
	owner := bob(t, s)
	id, link := share(s, owner, "Summer")
	share(s, owner, "Winter")
	_, fragment, _ := strings.Cut(link, "#")

	operator.Click("Server")
	operator.WaitText("This server")
	operator.Click("All links")
	operator.WaitText(id)
	const field = "Find by owner, by id, or by the whole link"
	for _, c := range []struct{ typed, says string }{
		{link[:len(link)-3], "This link is cut off. Paste the whole link, or its id."},
		{fragment[:40], "This link is cut off."},
		{fragment[:30], "This is no name, no id and no link."},
		{s.URL + "/s/", "This is no name, no id and no link."},
		{"nobody", "No link is found."},
	} {
		operator.Fill(field, c.typed)
		operator.Click("Find")
		operator.WaitText(c.says)
	}
	operator.Fill(field, " "+strings.Replace(link, "#", "%23", 1)+" ")
	operator.Click("Find")
	operator.Wait("the one link", `document.querySelectorAll("main .line").length === 1`)
	if at := operator.URL(); at != s.URL+"/operator/links?find="+id {
		t.Errorf("the address is %s, and is to have the id alone", at)
	}
	operator.Click("Take down")
	operator.WaitText("It is bob’s and takes")
	operator.Fill("Reason", "<img src=x onerror=alert(1)>\nby order of a court")
	operator.ClickAt("the button of the dialog", `document.querySelector("dialog [type=submit]")`)
	operator.WaitText("The link is taken down")
	operator.WaitText("by order of a court")
	if n := sealedObjects(s); n != 2 {
		t.Errorf("%d objects on the disk, want those of the other link", n)
	}

	recipient := browsertest.New(t)
	recipient.Open(link)
	recipient.WaitText("This link was removed")
	recipient.WaitText("<img src=x onerror=alert(1)>\nby order of a court")
	owner.Click("My links")
	owner.WaitText("The operator of this server says: <img src=x onerror=alert(1)> by order of a court")
	choose(owner, "Summer", "Details")
	owner.WaitText("<img src=x onerror=alert(1)>\nby order of a court")
	for name, b := range map[string]*browsertest.Browser{"operator": operator, "owner": owner, "recipient": recipient} {
		var images int
		b.Eval(`document.images.length`, &images)
		if images != 0 {
			t.Errorf("the reason became markup before the %s", name)
		}
	}

	operator.Click("Change the reason")
	operator.Fill("Reason", "by mistake")
	operator.Click("Save")
	operator.WaitText("The reason is changed")
	recipient.Open("about:blank")
	recipient.Open(link)
	recipient.WaitText("by mistake")
	if strings.Contains(recipient.Text(), "by order of a court") {
		t.Error("the page tells a reason that was taken back")
	}

	if strings.Contains(owner.Text(), "Server") {
		t.Error("a guest is shown the operator's page")
	}
	for _, path := range []string{"/operator", "/operator/links", "/operator/reports"} {
		owner.Open(s.URL + path)
		owner.Wait("the drive in place of the operator's page", `location.pathname === "/"`)
	}
	for _, part := range []string{fragment[:30], fragment[10:40]} {
		if strings.Contains(s.heard(), part) {
			t.Error("the server heard the key of the link that was pasted")
		}
	}
}

// What is asked for page by page comes once and in its order, and what fails can be tried again.
func TestTheOperatorPagesThroughAllLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	operator, _ := ann(t, s)
	row := func(i int) string {
		return fmt.Sprintf(`{"id":"id-%d","owner":"bob","state":"open","message":"","size":%d,"manifest_size":1,"created":"2026-08-01T10:00:00Z","expires":null,"max_visits":null,"visits":1,"last_opened":null,"wrong_tokens":0,"reports":0}`, i, i)
	}
	broken := false
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/operator/links" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		switch after := r.URL.Query().Get("after"); {
		case after == "":
			fmt.Fprintf(w, `{"links":[%s,%s],"next":7,"total":1000,"limit":2000}`, row(1), row(2))
		case after == "7" && !broken:
			broken = true
			w.WriteHeader(500)
		case after == "7":
			fmt.Fprintf(w, `{"links":[%s],"next":null,"total":1000,"limit":2000}`, row(3))
		}
		return true
	})
	operator.Open(s.URL + "/operator/links")
	operator.WaitText("All of them take 1 kB of the 2 kB that links may take on this server.")
	operator.Click("Show more")
	operator.WaitText("Something went wrong")
	operator.Click("Try again")
	operator.Wait("three links in their order", `[...document.querySelectorAll("main .line .mono")].map(e => e.textContent).join() === "id-1,id-2,id-3"`)
	operator.Wait("no more to show", `!document.body.innerText.includes("Show more")`)
}

// B2: whoever opened a link tells the operator of it: its id and their words are sent, no key and no cookie. The operator looks, and takes it down or not.
func TestALinkIsReported(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	operator, _ := ann(t, s)
	id, link := share(s, operator, "Summer")
	_, fragment, _ := strings.Cut(link, "#")

	recipient := browsertest.New(t)
	recipient.Open(link)
	recipient.WaitText("Summer")
	recipient.Eval(`(document.cookie = "other=1; path=/", 0)`, nil)
	recipient.Click("Report this link")
	recipient.WaitText("never the key")
	recipient.WaitText("abuse@example.org")
	recipient.Click("Send the report")
	recipient.WaitText("Say what is wrong first.")
	recipient.Fill("What is wrong", "<img src=x onerror=alert(1)> a trap for my bank")
	recipient.Click("Send the report")
	recipient.WaitText("The link stays as it is until they decide.")
	recipient.Click("Done")
	sent := s.asked("POST", "/api/links/"+id+"/reports")
	if len(sent) != 1 || sent[0].Header.Get("Cookie") != "" || sent[0].Header.Get("Authorization") != "" || sent[0].Header.Get("Referer") != "" {
		t.Errorf("sent %+v", sent)
	}
	for _, part := range []string{fragment[:30], fragment[10:40]} {
		if strings.Contains(s.heard(), part) {
			t.Error("the server heard the key of the link that was reported")
		}
	}

	operator.Open(s.URL + "/operator/reports")
	operator.WaitText("1 report")
	operator.WaitText("<img src=x onerror=alert(1)> a trap for my bank")
	var images int
	operator.Eval(`document.images.length`, &images)
	if images != 0 {
		t.Error("a report became markup")
	}
	operator.Click("Show the link")
	operator.Wait("the link that was reported", `location.pathname.endsWith("/links") && [...document.querySelectorAll("main .line .mono")].map(e => e.textContent).join() === `+fmt.Sprintf("%q", id))
	operator.Click("Reports")
	operator.Click("Dismiss")
	operator.Wait("no report", `!document.body.innerText.includes("a trap for my bank")`)
	recipient.Open("about:blank")
	recipient.Open(link)
	recipient.WaitText("Summer") // it is as it was

	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/reports") {
			return false
		}
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
		w.Write([]byte(`{"code": "slow_down", "message": "x"}`))
		return true
	})
	recipient.Click("Report this link")
	recipient.Fill("What is wrong", "once more")
	recipient.Click("Send the report")
	recipient.WaitText("Wait 10 minutes")
	recipient.Axe("a report that was not taken")
}
