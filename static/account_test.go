package static_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// setUp makes the first account of a server by its setup link, as a person does, and stands in her drive.
func setUp(t *testing.T, s *site) (b *browsertest.Browser, recoveryKey string) {
	t.Helper()
	b = browsertest.New(t)
	b.Open(s.URL + "/setup#" + s.setupToken())
	b.Fill("Name", "ann")
	b.Fill("New password", goodPassword)
	b.Click("Make my account")
	recoveryKey = keepRecoveryKey(b)
	b.Click("Open my drive")
	b.WaitText("Nothing here yet")
	return b, recoveryKey
}

// keepRecoveryKey reads the recovery key that is shown, and says that it is kept.
func keepRecoveryKey(b *browsertest.Browser) (recoveryKey string) {
	b.WaitText("Keep your recovery key")
	b.Eval(`[...document.querySelectorAll(".recovery-key span")].map(e => e.textContent).join("-")`, &recoveryKey)
	b.Click("I have kept it in a safe place.")
	return recoveryKey
}

func signIn(b *browsertest.Browser, name, password string) {
	b.Fill("Name", name)
	b.Fill("Password", password)
	b.Click("Sign in")
}

// settings goes to the settings as a person would.
func settings(b *browsertest.Browser) {
	b.Click("Settings")
	b.Wait("the settings", `document.querySelector("h1")?.textContent === "Settings" && document.querySelector("[aria-label='Signed in'] li")`)
}

func TestSetupTokenLeavesTheAddressBarAndTheNetworkSeesNoPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.setupToken()
	var mu sync.Mutex
	var bodies strings.Builder
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Body == nil {
			return false
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return false
		}
		mu.Lock()
		bodies.Write(body)
		mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		return false
	})
	b := browsertest.New(t)
	b.Open(s.URL + "/setup#" + token)
	b.Fill("Name", "Ann")
	if got := b.URL(); got != s.URL+"/setup" {
		t.Errorf("the address bar shows %s", got)
	}
	b.Fill("New password", "short")
	b.Click("Make my account")
	b.WaitText("A password needs at least 10 characters.")
	b.Fill("New password", "passwordpassword")
	b.Click("Make my account")
	b.WaitText("This is one of the first that anyone would try.")
	b.Fill("New password", goodPassword)
	b.Click("Make my account")
	recoveryKey := keepRecoveryKey(b)
	b.Click("Open my drive")
	b.WaitText("Nothing here yet")
	mu.Lock()
	sent := bodies.String()
	mu.Unlock()
	if !strings.Contains(sent, token) || !strings.Contains(sent, `"name":"ann"`) {
		t.Fatal("the requests were not seen")
	}
	for _, secret := range []string{goodPassword, "correct", recoveryKey, strings.ReplaceAll(recoveryKey, "-", "")} {
		if strings.Contains(sent, secret) {
			t.Errorf("a request held %q", secret)
		}
	}

	other := browsertest.New(t)
	other.Open(s.URL + "/setup#" + token)
	other.WaitText("This setup link is used up")
	other.Open(s.URL + "/setup")
	other.WaitText("Open the whole link, with all that follows the #.")
}

func TestSignOutForgetsTheKeysAndSignInMakesThemAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := setUp(t, s)
	kept := func() (kept bool) {
		b.Eval(`import(document.querySelector("script[src*='/pages/']").src.replace(/pages\/.*/, "account-store.js")).then(m => m.currentAccount()).then(a => a !== null && !a.accountKey.extractable)`, &kept)
		return kept
	}
	if !kept() {
		t.Error("the browser does not hold the account key, or it can be extracted")
	}
	settings(b)
	b.Click("Sign out")
	b.WaitText("Forgotten your password?")
	if kept() {
		t.Error("the account key outlives sign-out")
	}
	b.Open(s.URL + "/settings")
	signIn(b, "ann", "wrong horse battery staple")
	b.WaitText("The name or the password is wrong.")
	signIn(b, "nobody", goodPassword)
	b.WaitText("Making keys…")
	b.Wait("the answer", `!document.body.innerText.includes("Making keys…")`)
	b.WaitText("The name or the password is wrong.")
	signIn(b, "ANN", goodPassword)
	b.WaitText("Mount your drive") // the address is still that of the settings
	if got := b.URL(); got != s.URL+"/settings" {
		t.Errorf("after sign-in the page is %s", got)
	}
}

func TestLostKeysAreMadeAgainFromThePassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Eval(`new Promise((done, failed) => { const r = indexedDB.deleteDatabase("thorpe"); r.onsuccess = () => done(1); r.onerror = failed; })`, nil)
	b.Open(s.URL + "/settings")
	b.WaitText("this browser no longer has your keys")
	b.Fill("Password", "wrong horse battery staple")
	b.Click("Sign in")
	b.WaitText("This is not the right password.")
	b.Fill("Password", goodPassword)
	b.Click("Sign in")
	b.WaitText("Mount your drive")
}

func TestAppPasswordIsShownOnceAndEndsWhenRevoked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	settings(b)
	asked := 0
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/api/app-passwords" {
			return false
		}
		if asked++; asked > 1 {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `{"code": "proof_needed", "message": "Show your password once more."}`)
		return true
	})
	b.Click("New app password")
	b.Fill("What is it for?", "Laptop")
	b.Click("Make it")
	b.WaitText("Is it you?")
	b.Fill("Password", "wrong horse battery staple")
	b.Click("Confirm")
	b.WaitText("This is not the right password.")
	b.Fill("Password", goodPassword)
	b.Click("Confirm")
	b.WaitText("App password for “Laptop”")
	b.Press("\x1b")
	b.Press("\x1b")
	b.WaitText("This is shown once.")
	var password string
	b.Eval(`document.querySelector("dialog .value span").textContent`, &password)
	b.Click("Done")
	b.WaitText("never used")
	if strings.Contains(b.Text(), password) {
		t.Error("the password is still shown")
	}
	if got := mount(t, s, "ann", password); got != http.StatusMultiStatus {
		t.Fatalf("mounting with the app password: %d", got)
	}
	if got := mount(t, s, "ann", goodPassword); got != http.StatusUnauthorized {
		t.Errorf("mounting with the login password: %d", got)
	}
	b.Click("Revoke")
	b.WaitText("Revoke the app password “Laptop”?")
	b.Click("Revoke")
	b.WaitText("None yet.")
	if got := mount(t, s, "ann", password); got != http.StatusUnauthorized {
		t.Errorf("mounting with a revoked app password: %d", got)
	}
}

// mount asks for the root of the drive as a WebDAV client does.
func mount(t *testing.T, s *site, name, password string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "PROPFIND", s.URL+"/dav/", nil)
	must(t, err)
	r.Header.Set("Depth", "0")
	r.SetBasicAuth(name, password)
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	answer.Body.Close()
	return answer.StatusCode
}

func TestNewPasswordEndsOtherSessionsAndTheRecoveryKeyGetsBackIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, first := setUp(t, s)
	phone := browsertest.New(t)
	phone.Open(s.URL + "/people")
	signIn(phone, "ann", goodPassword)
	phone.WaitText("Runs this server")

	settings(b)
	b.Click("Change password")
	b.Fill("Present password", goodPassword)
	b.Fill("New password", "staple battery horse wrong")
	b.Click("Change password")
	b.WaitText("Your password is changed.")
	phone.Click("Settings")
	phone.WaitText("You are no longer signed in.")
	phone.Click("Sign in")
	phone.WaitText("Forgotten your password?")

	b.Click("New recovery key")
	b.Fill("Password", "staple battery horse wrong")
	b.Click("Make a new one")
	second := keepRecoveryKey(b)
	b.Click("Done")

	phone.Open(s.URL + "/recover")
	phone.Fill("Name", "ann")
	phone.Fill("Recovery key", second[1:]+second[:1])
	phone.Fill("New password", goodPassword)
	phone.WaitText("There is a slip somewhere")
	phone.Fill("Recovery key", second[1:])
	phone.Click("Set the new password")
	phone.WaitText("One character is missing.")
	phone.Fill("Recovery key", first)
	phone.Click("Set the new password")
	phone.WaitText("There is no account of this name with this recovery key.")
	phone.Fill("Recovery key", strings.ToLower(strings.ReplaceAll(second, "-", " ")))
	phone.Click("Set the new password")
	if third := keepRecoveryKey(phone); third == second || third == first {
		t.Error("recovery did not make a new recovery key")
	}
	phone.Click("Open my drive")
	phone.WaitText("Nothing here yet")
	b.Click("People")
	b.WaitText("You are no longer signed in.")
}

func TestInviteMakesOneAccountThatIsNoOperators(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Click("People")
	b.Click("Invite someone")
	b.Fill("Name", "Bob!")
	b.Click("Make the link")
	b.WaitText("A name has 1 to 32")
	b.Fill("Name", "bob")
	b.Click("Make the link")
	b.WaitText("The invitation is ready")
	var link string
	b.Eval(`document.querySelector("dialog .value span").textContent`, &link)
	b.Click("Done")
	b.WaitText("For bob")

	guest := browsertest.New(t)
	guest.Open(link)
	guest.Fill("New password", guestPassword)
	guest.Click("Make my account")
	keepRecoveryKey(guest)
	guest.Click("Open my drive")
	guest.WaitText("Nothing here yet")
	if strings.Contains(guest.Text(), "People") {
		t.Error("a guest is shown the operator's page")
	}
	guest.Open(s.URL + "/people")
	guest.Wait("the drive in place of the operator's page", `location.pathname === "/"`)

	b.Open(s.URL + "/people")
	b.WaitText("bob")
	b.Wait("no open invitation", `!document.body.innerText.includes("For bob")`)
	guest.Open(s.URL + "/invite#" + link[strings.Index(link, "#")+1:])
	guest.WaitText("This invitation is used up, expired or withdrawn.")
}

func TestThrottledSignInSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/api/session" {
			return false
		}
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusTooManyRequests)
		io.WriteString(w, `{"code": "slow_down", "message": "That was tried too often. Wait a moment."}`)
		return true
	})
	b := browsertest.New(t)
	b.Open(s.URL)
	signIn(b, "ann", goodPassword)
	b.WaitText("Too many tries. Wait 2 minutes, then try again.")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/salt" {
			return false
		}
		drop(w)
		return true
	})
	b.Click("Sign in")
	b.WaitText("The server does not answer.")
}

// Everything that asks for secrets works only where browsers have WebCrypto; elsewhere the pages say why.
func TestPagesSayWhyTheyNeedHTTPS(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := browsertest.New(t)
	// What a browser shows of itself to a page that came over plain http from another computer.
	b.Do("making pages insecure", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			Object.defineProperty(globalThis, "isSecureContext", {value: false});
			delete Crypto.prototype.subtle;`})
		return err
	}))
	for _, path := range []string{"/", "/setup", "/invite", "/recover"} {
		b.Open(s.URL + path)
		b.WaitText("Open it at an address that begins with https.")
	}
}

func TestTextsAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := browsertest.New(t)
	b.Open(s.URL)
	b.WaitText("Forgotten your password?")
	module := func(name string) string { return `import("` + s.tree.Path() + "/" + name + `")` }
	now := time.Date(2026, 7, 15, 12, 0, 0, 0, time.Local).Format(time.RFC3339)
	for _, test := range []struct{ script, want string }{
		{`bytes(0)`, "0 bytes"}, {`bytes(1)`, "1 byte"}, {`bytes(999)`, "999 bytes"}, {`bytes(1000)`, "1 kB"}, {`bytes(999499)`, "999 kB"}, {`bytes(999500)`, "1 MB"},
		{`bytes(4_200_000)`, "4.2 MB"}, {`bytes(123_456_789)`, "123 MB"}, {`bytes(3e9)`, "3 GB"}, {`bytes(1.5e12)`, "1.5 TB"},
		{`relative(new Date(now - 3000), now)`, "now"}, {`relative(new Date(now - 180000), now)`, "3 minutes ago"}, {`relative(new Date(+now + 7 * 864e5), now)`, "in 7 days"},
		{`date(new Date(now - 3 * 3600e3), now)`, "09:00 AM"}, {`date(new Date(now - 864e5), now)`, "Tue 12:00 PM"}, {`date(new Date(now - 30 * 864e5), now)`, "Jun 15"}, {`date(new Date(now - 400 * 864e5), now)`, "Jun 10, 2025"},
		{`date(null)`, ""}, {`relative("no date")`, ""}, {`duration(18)`, "18 seconds"}, {`duration(90)`, "2 minutes"}, {`duration(0)`, "1 second"},
		{`t("recover.key_short", {count: 1})`, "One character is missing."}, {`t("recover.key_short", {count: 1200})`, "1,200 characters are missing."},
		{`t("shell.space", {used: "1 kB", free: "<b>{free}</b>"})`, "1 kB used, <b>{free}</b> free on the server"},
	} {
		var got string
		b.Eval(module("texts.js")+`.then(({t, bytes, date, relative, duration}) => { const now = new Date("`+now+`"); return `+test.script+`; })`, &got)
		if got != test.want {
			t.Errorf("%s = %q, want %q", test.script, got, test.want)
		}
	}
}

// What an estimate says must at least be in the right order: nobody may be told that a bad password is a good one.
func TestPasswordStrengthIsHonest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := browsertest.New(t)
	b.Open(s.URL)
	b.WaitText("Forgotten your password?")
	for _, test := range []struct {
		password    string
		least, most int
	}{
		{"password", 0, 0}, {"passwordpassword", 0, 0}, {"P@ssw0rd2024", 0, 1}, {"qwertyuiop", 0, 0}, {"1234567890", 0, 0}, {"aaaaaaaaaaaaaaa", 0, 0},
		{"abcabcabcabc", 0, 0}, {"annannann1", 0, 0}, {"files.example.org", 0, 1}, {"summer2026!", 0, 1}, {"Schatz1987", 0, 1},
		{"kitchen table", 1, 3}, {"correct horse battery staple", 3, 4}, {"j4Kd9!xPq2w$", 3, 4}, {"mvbq tkwz rplh xnfg", 4, 4}, {"日本語のパスワードは長い", 3, 4},
	} {
		var got int
		b.Eval(`import("`+s.tree.Path()+`/ui/password-strength.js").then(m => m.strength("`+test.password+`", ["ann", "files.example.org"]).score)`, &got)
		if got < test.least || got > test.most {
			t.Errorf("%q has score %d, want %d to %d", test.password, got, test.least, test.most)
		}
	}
}
