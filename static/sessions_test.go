package static_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// signIn opens another session of ann's, as a browser of that name.
func (s *site) signIn(t *testing.T, name, auth string) {
	t.Helper()
	request, err := http.NewRequest("POST", s.URL+"/api/session", strings.NewReader(fmt.Sprintf(`{"name": "ann", "auth": %q}`, auth)))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", name)
	answer, err := http.DefaultClient.Do(request)
	must(t, err)
	answer.Body.Close()
	if answer.StatusCode != 200 {
		t.Fatalf("signing in: %d", answer.StatusCode)
	}
}

// The browser in use says so. Another one is signed out after a question that names it, and all others with one button; an app password's question says when it was used.
func TestSigningOutElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	n, err := annsKeys()
	must(t, err)
	auth := base64.RawURLEncoding.EncodeToString(n.keys.Auth[:])
	for _, name := range []string{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "Mozilla/5.0 (Macintosh) Firefox/140.0"} {
		s.signIn(t, name, auth)
	}
	mountPassword(b, "Ann's laptop")
	b.Open(s.URL + "/settings")
	line := `[...document.querySelectorAll("[aria-label='Signed in'] li")]`
	b.Wait("the one in use first", line+`.length === 4 && `+line+`[0].innerText.includes("in use now") && `+line+`[0].innerText.includes("This browser")`)
	yes := `[...document.querySelectorAll("dialog .end .btn")].at(-1)`
	b.ClickAt("signing the phone out", line+`.find(e => e.innerText.includes("Safari on iPhone")).querySelector(".btn")`)
	b.WaitText("Sign out “Safari on iPhone”?")
	b.WaitText("Last seen now, signed in since")
	b.Click("Cancel")
	b.Wait("it stays", line+`.length === 4`)
	b.ClickAt("signing the phone out", line+`.find(e => e.innerText.includes("Safari on iPhone")).querySelector(".btn")`)
	b.ClickAt("the button", yes)
	b.WaitText("Signed out there.")
	b.Wait("it is gone", line+`.length === 3`)
	b.Click("Sign out everywhere else")
	b.WaitText("Sign out 2 other browsers and programs?")
	b.Axe("the question")
	b.ClickAt("the button", yes)
	b.WaitText("Signed out in 2 other places.")
	b.Wait("only this one", line+`.length === 1 && ![...document.querySelectorAll("button")].some(e => e.offsetParent && e.innerText === "Sign out everywhere else")`)
	b.Click("Revoke")
	b.WaitText("Revoke the app password “Ann's laptop”?")
	b.WaitText("never used. It cannot be used to mount the drive any more")
	b.Click("Cancel")
}
