package static_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// The page opens with the steps for the visitor's system.
func TestConnectKnowsTheSystem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	const safari = " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
	for _, visitor := range []struct {
		agent, platform string
		touches         int64
		system, step    string
	}{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Windows", 0, "Windows", "Map network drive"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" + safari, "", 0, "macOS", "Connect to Server"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" + safari, "", 5, "iPhone and iPad", "speaks WebDAV"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)" + safari, "", 5, "iPhone and iPad", "speaks WebDAV"},
		{"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Android", 5, "Android", "DAVx⁵"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "", 0, "GNOME", "dav://ann@"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Konqueror/24 Chrome/130.0 Safari/537.36", "", 0, "KDE", "webdav://ann@"},
		{"SomethingElse/1.0", "", 0, "rclone", "rclone config create"},
	} {
		b.Agent(visitor.agent, visitor.platform, visitor.touches)
		b.Open(s.URL + "/connect")
		b.WaitText(visitor.step)
		if got := chosenSystem(b); got != visitor.system {
			t.Errorf("%s with %d touches: %s; want %s", visitor.agent, visitor.touches, got, visitor.system)
		}
	}
	b.Open(s.URL + "/connect?on=linux")
	b.WaitText("mount -t davfs")
	b.Click("macOS")
	b.WaitText("Connect to Server")
	b.Press(kb.ArrowLeft)
	b.WaitText("net use Z:")
	b.Reload()
	b.WaitText("net use Z:")
	if got := chosenSystem(b); got != "Windows" {
		t.Errorf("after a reload the page shows %s", got)
	}
}

func chosenSystem(b *browsertest.Browser) (name string) {
	b.Eval(`document.querySelector(".connect-systems input:checked").labels[0].textContent`, &name)
	return name
}

// commands are the lines for a terminal that the page shows.
func commands(b *browsertest.Browser) (lines []string) {
	b.Eval(`[...document.querySelectorAll(".connect-command > span")].map(e => e.textContent)`, &lines)
	return lines
}

// What the page says to type does what it says, with the app password that was made on it; the page sees the computer come.
func TestTheStepsWork(t *testing.T) {
	t.Parallel()
	browsertest.Need(t, "rclone")
	browsertest.Need(t, "curl")
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "there.txt"), "there")
	b.Open(s.URL + "/connect?on=rclone")
	b.WaitText("pass=APP-PASSWORD")
	picture(b, "connect-rclone")
	b.Click("Make an app password")
	b.WaitText("“rclone” has not signed in yet")
	if strings.Contains(b.Text(), "pass=APP-PASSWORD") {
		t.Error("the steps do not hold the password")
	}
	here := t.TempDir()
	run := func(line string) string {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		command := exec.CommandContext(ctx, "sh", "-c", line)
		command.Dir, command.Env = here, append(os.Environ(), "HOME="+here, "XDG_CONFIG_HOME="+here)
		out, err := command.Output()
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return string(out)
	}
	lines := commands(b)
	run(lines[0])
	if got := run(lines[1]); got != "there.txt\n" {
		t.Errorf("%s says %q", lines[1], got)
	}
	b.WaitText("“rclone” has signed in. You are connected.")
	write(t, filepath.Join(here, "FOLDER", "up.txt"), "up")
	copies := lines[slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "rclone copy") })]
	run(copies)
	b.Click("Linux command line")
	b.WaitText("curl -u")
	write(t, filepath.Join(here, "file.txt"), "sent by curl")
	lines = commands(b)
	run(lines[len(lines)-1])
	for name, want := range map[string]string{"FOLDER/up.txt": "up", "file.txt": "sent by curl"} {
		got, err := os.ReadFile(filepath.Join(driveFolder(s), name))
		if string(got) != want {
			t.Errorf("%s holds %q (%v)", name, got, err)
		}
	}
}

// A page that is open at another address than computers ask at says so: nothing can be tested from it.
func TestConnectSaysWhereComputersAsk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/connect?on=mac")
	signIn(b, "ann", goodPassword)
	b.WaitText("your computer will ask at another address")
	b.WaitText("Open " + s.URL + "/connect to test it.")
	b.WaitText(s.URL + "/dav/")
	b.Wait("no test", `![...document.querySelectorAll("button")].some(e => e.textContent === "Test the connection")`)
}

// The test of the connection finds what stands in the way, and leaves nothing behind.
func TestTheConnectionIsTested(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.MkdirAll(driveFolder(s), 0o700))
	b.Open(s.URL + "/connect?on=gnome")
	answer := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			return true
		}
	}
	only := func(method string, do func(http.ResponseWriter, *http.Request) bool) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool { return r.Method == method && do(w, r) }
	}
	for _, test := range []struct {
		what  string
		proxy func(w http.ResponseWriter, r *http.Request) bool
		good  int // checks that pass
		says  string
	}{
		{"nothing in the way", nil, 5, "The connection is not encrypted"},
		{"Authorization dropped", func(_ http.ResponseWriter, r *http.Request) bool { r.Header.Del("Authorization"); return false }, 1, "drops the Authorization header"},
		{"a gate of its own", only("PROPFIND", func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("WWW-Authenticate", `Basic realm="office"`)
			w.WriteHeader(401)
			return true
		}), 1, "asks for a password of its own"},
		{"PROPFIND blocked", only("PROPFIND", answer(405)), 1, "PROPFIND was refused (status 405)"},
		{"OPTIONS answered in front", only("OPTIONS", answer(204)), 0, "answers OPTIONS itself (status 204)"},
		{"LOCK blocked", only("LOCK", answer(403)), 4, "LOCK was refused (status 403)"},
		{"another name", answer(421), 0, "under another name than its own"},
		{"a Host rewritten", only("MOVE", func(_ http.ResponseWriter, r *http.Request) bool {
			r.Header.Set("Destination", strings.Replace(r.Header.Get("Destination"), r.Host, "drive.example.org", 1))
			return false
		}), 4, "pass on the Host header"},
		{"nobody behind", only("PROPFIND", answer(502)), 1, "does not reach the server (status 502)"},
		{"uploads cut at 1 MiB", only("PUT", func(w http.ResponseWriter, r *http.Request) bool {
			io.Copy(io.Discard, io.LimitReader(r.Body, 2<<20))
			w.WriteHeader(413)
			return true
		}), 4, "client_max_body_size"},
		{"a line that breaks", func(w http.ResponseWriter, r *http.Request) bool { drop(w); return true }, 0, "No answer came to OPTIONS"},
		{"a redirect", answer(301), 0, "sent to another address"},
	} {
		s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
			return test.proxy != nil && strings.HasPrefix(r.URL.Path, "/dav/") && test.proxy(w, r)
		})
		b.Click("Test the connection")
		b.Wait(test.what, `document.querySelector("[aria-busy]") === null && document.querySelector(".connect-results li")`)
		b.WaitText(test.says)
		var good int
		b.Eval(`document.querySelectorAll(".connect-results .good").length`, &good)
		if good != test.good {
			t.Errorf("%s: %d checks pass, want %d: %s", test.what, good, test.good, b.Text())
		}
		picture(b, "connect-"+strings.ReplaceAll(test.what, " ", "-"))
	}
	s.breakWith(nil)
	if left := found(t, driveFolder(s)); len(left) > 0 {
		t.Errorf("the test left %v", left)
	}
	b.Open(s.URL + "/settings")
	b.WaitText("None yet. Make one to mount your drive.")
	b.Click("Connect this computer") // as it is reached on a phone
	b.WaitText("Good to know first")
}
