package static_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// A password that is changed stops the downloads that are under way, and the page says why.
func TestAPasswordChangedWhileADownloadRuns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	link := shareOne(t, s, b, "lake")
	friend := browsertest.New(t)
	s.opens(friend, link, "a.txt")
	changed := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") || isClosed(changed) {
			return false
		}
		body := s.begin(w, r)
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		select {
		case <-changed: // where the server cuts it off: TestAnotherTokenEndsWhatTheOldOneOpened
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	})
	friend.Click("Download a.txt")
	friend.WaitText("Downloading")

	choose(b, "lake", "Change")
	b.Fill("Password", "two words")
	b.Click("Save")
	b.WaitText("The link has a new text")
	close(changed)
	friend.WaitText("Its password is another one now")
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Ten thousand links: titles are searched and put in order here, and few rows stand in the document.
func TestTenThousandLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	shareOne(t, s, b, "lake.txt")
	b.Eval(`(async () => {
		const at = new URL("../", document.querySelector("script[src*='/pages/']").src);
		const [{sealNote}, {currentAccount}, {linkID}, {encodeBase64url, decodeBase64url}] = await Promise.all(
			["accountkeys.js", "account-store.js", "sealed/keys.js", "sealed/link.js"].map(name => import(new URL(name, at))));
		const account = await currentAccount();
		const rows = [];
		for (let i = 0; i < 10000; i++) {
			const secret = crypto.getRandomValues(new Uint8Array(32));
			const note = sealNote(account.accountKey, decodeBase64url(account.id), {link: {password: false, secret}, password: "", title: "Link " + i, revision: 1, files: i});
			rows.push(Promise.all([note, linkID(secret)]).then(([note, id]) => ({id: encodeBase64url(id), note: encodeBase64url(note), version: 1, created: new Date(Date.now() - i * 60000).toISOString(),
				expires: null, max_visits: null, visits: i % 7, size: (i * 7919) % 10007, manifest_size: 4156, last_opened: null, state: "open", message: ""})));
		}
		globalThis.answered = JSON.stringify({links: await Promise.all(rows)});
		const real = fetch;
		globalThis.fetch = (path, ...more) => path === "/api/links" ? Promise.resolve(new Response(answered, {headers: {"Content-Type": "application/json"}})) : real(path, ...more);
	})()`, nil)
	began := time.Now()
	b.Click("Settings")
	b.Click("My links")
	b.WaitText("Link 7")
	t.Logf("first titles after %v", time.Since(began).Round(time.Millisecond))
	bounded := func() {
		t.Helper()
		var rows int
		b.Eval(`document.querySelectorAll(".links > .line").length`, &rows)
		if rows > 60 || rows == 0 {
			t.Errorf("%d rows stand in the document", rows)
		}
	}
	bounded()
	b.Fill("Search titles", "9876")
	b.Wait("the one that is looked for", `document.querySelectorAll(".links > .line").length === 1 && document.body.innerText.includes("Link 9876")`)
	t.Logf("all titles after %v", time.Since(began).Round(time.Millisecond))
	b.WaitText("9,876 files")
	b.Eval(`(e => { e.value = ""; e.dispatchEvent(new Event("input", {bubbles: true})); })(document.querySelector(".links-tools input"))`, nil)
	for column, first := range map[string]string{"title": "Link 0", "size": "10 kB"} {
		b.Eval(fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("change", {bubbles: true})); })(document.querySelector(".links-tools select"))`, column), nil)
		b.Wait(column, fmt.Sprintf(`document.querySelector(".links > .line")?.innerText.includes(%q)`, first))
		bounded()
	}
	b.Click("Turn the order round")
	bounded()
}
