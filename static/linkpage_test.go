package static_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// linkSite is a site with one link on it, without a password unless one is given.
func linkSite(t *testing.T, choices map[string]any) (s *site, link, fragment string) {
	t.Helper()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"lake/a.txt", 11}, {"lake/b.bin", 300_000}, {"c.txt", 7}}, choices)
	_, fragment, _ = strings.Cut(made.Link, "#")
	return sender.site, made.Link, fragment
}

// answerLinks has the server answer all that is asked of links so.
func answerLinks(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/api/links/") {
			return false
		}
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
		return true
	}
}

func gone(reason string) func(http.ResponseWriter, *http.Request) bool {
	return answerLinks(http.StatusGone, `{"code":"gone","reason":"`+reason+`"}`)
}

// Each way in which a link does not open has its own words, and where it helps, a way on.
func TestALinkThatDoesNotOpenSaysWhy(t *testing.T) {
	t.Parallel()
	s, _, fragment := linkSite(t, map[string]any{"title": "Summer"})
	const paste, again = "Paste the whole link", "Try again"
	other := strings.Map(func(r rune) rune { // another secret
		if r == 'B' {
			return 'C'
		}
		return r
	}, fragment[:5]) + "BBBB" + fragment[9:]
	b := browsertest.New(t)
	for _, c := range []struct {
		name, fragment string
		fault          func(http.ResponseWriter, *http.Request) bool
		says, way      string
	}{
		{"no fragment", "", nil, "There is no key in this address", paste},
		{"cut off", fragment[:30], nil, "This link is cut off", paste},
		{"something added", fragment + "AA", nil, "This link is too long", paste},
		{"mistyped", fragment[:45] + "!", nil, "This link is mistyped", paste},
		{"another format", "Ag" + fragment[2:], nil, "This link was made by a newer version", ""},
		{"another flag", "AQI" + fragment[3:], nil, "This link was made by a newer version", ""},
		{"unknown to the server", other, nil, "The server does not know this link", paste},
		{"expired", fragment, gone("expired"), "This link has expired", ""},
		{"used up", fragment, gone("used_up"), "This link is used up", ""},
		{"paused", fragment, gone("paused"), "This link is paused", ""},
		{"removed", fragment, gone("removed"), "This link was removed", ""},
		{"a reason of the future", fragment, gone("frozen"), "This link is gone", ""},
		{"too many tries", fragment, answerLinks(429, `{"code":"slow_down"}`, "Retry-After", "47"), "Wait 47 seconds", again},
		{"the server stumbles", fragment, answerLinks(500, `oops`), "The server could not do this", again},
		{"another token", fragment, answerLinks(403, `{"code":"wrong_token"}`), "This link was changed by its owner", ""},
		{"A3 a manifest of nothing", fragment, answerLinks(200, strings.Repeat("x", 4156)), "This is not what was sealed", ""},
		{"A6 a manifest that is cut", fragment, answerLinks(200, strings.Repeat("x", 50)), "This is not what was sealed", ""},
		{"A7 no manifest at all", fragment, answerLinks(200, ""), "This is not what was sealed", ""},
		{"no answer", fragment, func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/api/links/") {
				return false
			}
			drop(w)
			return true
		}, "No answer from the server", again},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.breakWith(c.fault)
			defer s.breakWith(nil)
			b.Open("about:blank")
			b.Open(s.URL + "/s/#" + c.fragment)
			b.WaitText(c.says)
			if c.way != "" {
				b.WaitText(c.way)
			}
			if text := b.Text(); strings.Contains(text, "Summer") || strings.Contains(text, "Decrypted in your browser") {
				t.Errorf("the page claims to have opened it: %s", text)
			}
			b.Look(false, 360, 740)
			roomFor(t, b, "link, "+c.name, "360×740")
		})
	}
}

func TestTheOperatorsWordsArePlainText(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, nil)
	s.breakWith(answerLinks(http.StatusGone, `{"code":"gone","reason":"removed","message":"<img src=x onerror=alert(1)> write to abuse@example.org"}`))
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("<img src=x onerror=alert(1)> write to abuse@example.org")
	var images int
	b.Eval(`document.images.length`, &images)
	if images != 0 {
		t.Error("the operator's words became markup")
	}
}

// A server that lost its answer for a while is asked again, and then the link opens.
func TestAnotherTryOpensTheLink(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer"})
	s.breakWith(answerLinks(500, "oops"))
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("The server could not do this")
	s.breakWith(nil)
	b.Click("Try again")
	b.WaitText("Summer")
	b.WaitText("Decrypted in your browser")
}

// B1: mail gateways write "%23" for "#". The page puts the address right, opens the link, and says that the server was sent the key.
func TestAFragmentThatBecameAPath(t *testing.T) {
	t.Parallel()
	s, link, fragment := linkSite(t, map[string]any{"title": "Summer"})
	for _, sign := range []string{"%23", "%2523"} {
		b := browsertest.New(t)
		b.Open(s.URL + "/s/" + sign + fragment)
		b.WaitText("Summer")
		b.WaitText("the server was sent the key")
		if got := b.URL(); got != link {
			t.Errorf("%s: the address is %s", sign, got)
		}
		if strings.Contains(b.Text(), "never reaches the server") {
			t.Errorf("%s: the page says that the key never reached the server", sign)
		}
	}
}

func TestAnotherFragmentInTheSameTabOpensTheOtherLink(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(s.URL + "/s/#AQ")
	b.WaitText("This link is cut off")
	b.Fill("Paste the whole link", "  "+link+" ")
	b.Press(kb.Enter)
	b.WaitText("Summer")
	if got := b.URL(); got != link {
		t.Errorf("the address is %s", got)
	}
	b.Eval(`history.back()`, nil)
	b.WaitText("This link is cut off")
}

// Until a person acts nothing of the content is asked for and no visit is counted; and nothing carries a cookie, not even of one who is signed in. (B9, FORMAT)
func TestALinkIsOpenedWithoutACookieAndCountsNoVisitByItself(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.Eval(`(document.cookie = "other=1; path=/", 0)`, nil)
	b.Open("about:blank")
	b.Open(link)
	b.WaitText("Summer")
	b.Click("lake") // closes the folder
	b.Click("lake")
	b.WaitText("a.txt")
	if n := len(s.asked("POST", "/api/links/")); n != 0 {
		t.Errorf("%d tickets were asked for by looking", n)
	}
	for _, r := range s.asked("GET", "/api/links/") {
		if r.Header.Get("Cookie") != "" {
			t.Errorf("%s carries a cookie", r.URL.Path)
		}
		if strings.HasSuffix(r.URL.Path, "/content") {
			t.Error("the content was asked for by looking")
		}
	}
	saved, state := b.Download(func() { b.Click("Download a.txt") })
	if content, err := os.ReadFile(saved); err != nil || len(content) != 11 || state != "completed" {
		t.Errorf("saved %d bytes, %s, %v", len(content), state, err)
	}
	saved, state = b.Download(func() { b.Click("Download the folder lake") })
	if !strings.HasSuffix(saved, "lake.zip") || state != "completed" {
		t.Errorf("the folder became %s, %s", saved, state)
	}
	b.WaitText("lake.zip is saved")
	saved, state = b.Download(func() { b.Click("Download all") })
	if !strings.HasSuffix(saved, "Summer.zip") || state != "completed" {
		t.Errorf("all became %s, %s", saved, state)
	}
	if n := len(s.asked("POST", "/api/links/")); n != 1 {
		t.Errorf("three downloads asked for %d tickets", n)
	}
}

// A link with a password: each try that cannot be is told in the form, the page stays alive, and the right one opens it.
func TestThePasswordOfALink(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer", "password": "two words"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("This link has a password")
	b.Axe("the password of a link")
	if n := len(s.asked("GET", "/api/links/")); n != 0 {
		t.Errorf("%d requests before the password was typed", n)
	}
	b.Click("Open")
	b.WaitText("Type the password first.")
	b.Fill("Password", "wrong")
	b.Click("Open")
	b.WaitText("Checking…")
	b.WaitText("That is not the password of this link.")
	b.Fill("Password", "two words")
	b.Press(kb.Enter)
	b.WaitText("Summer")
	if strings.Contains(s.heard(), "two+words") || strings.Contains(s.heard(), "two words") {
		t.Error("the password reached the server")
	}
}

// The sender's words are text, whatever they hold. (F5, F2)
func TestTitleAndNoteAreText(t *testing.T) {
	t.Parallel()
	_, link, _ := linkSite(t, map[string]any{"title": "<img src=x onerror=alert(1)>", "note": "<script>alert(2)</script>\nsecond line"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("<img src=x onerror=alert(1)>")
	b.WaitText("<script>alert(2)</script>\nsecond line")
	var markup int
	b.Eval(`document.querySelectorAll("main img, main script").length`, &markup)
	if markup != 0 {
		t.Error("the sender's words became markup")
	}
}

// Without WebCrypto nothing is opened, and the page says which browser or command does.
func TestALinkWithoutWebCrypto(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, nil)
	b := browsertest.New(t)
	// What http on a foreign host is like: the page's own script finds no crypto.subtle.
	b.Open(s.URL + "/s/")
	b.WaitText("There is no key in this address")
	b.Eval(`(Object.defineProperty(crypto, "subtle", {value: undefined}), location.hash = `+"`"+link[strings.Index(link, "#"):]+"`"+`, 0)`, nil)
	b.WaitText("This browser cannot decrypt here")
	b.WaitText("thorpe get")
	if n := len(s.asked("GET", "/api/links/")); n != 0 {
		t.Errorf("%d requests for a link that cannot be opened", n)
	}
}
