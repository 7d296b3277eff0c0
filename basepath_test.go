package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"thorpe/static/browsertest"
)

// startBelow starts a server that lives below a path of its host.
func startBelow(t *testing.T, base string) *process {
	t.Helper()
	addr := freePort(t)
	_, port, err := net.SplitHostPort(addr)
	must(t, err)
	server := startServer(t, t.TempDir(), "--addr", addr, "--url", "http://localhost:"+port+base+"/")
	if want := "http://localhost:" + port + base; server.URL != want {
		t.Errorf("the server says that it is at %s, not at %s", server.URL, want)
	}
	return server
}

// onePage is a document with a page.
func onePage() []byte {
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>", "<< /Length 26 >>\nstream\n1 0 0 rg 0 0 200 200 re f \nendstream",
	}
	document, places := "%PDF-1.7\n", ""
	for i, object := range objects {
		places += fmt.Sprintf("%010d 00000 n \n", len(document))
		document += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	return fmt.Appendf(nil, "%sxref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", document, places, len(document))
}

// The main job below a path: an account, files dropped in, a folder opened, a PDF looked at, a link made, and opened and downloaded by somebody else.
func TestTheMainPathBelowABasePath(t *testing.T) {
	t.Parallel()
	host := newHost(t)
	server := host.start("/cloud")
	ann := newcomer(t, server, "ann")
	source := t.TempDir()
	files := newTree(t, source, "Sommer am See", 12)
	ann.Drop(filepath.Join(source, "Sommer am See"))
	ann.WaitText("12 files uploaded")
	files.wantFolder(t, filepath.Join(server.Data, "drive", "ann"))
	must(t, os.WriteFile(filepath.Join(server.Data, "drive", "ann", "Sommer am See", "lease.pdf"), onePage(), 0o600))

	ann.Click("Sommer am See")
	ann.WaitText("lease.pdf")
	if at := ann.URL(); at != server.URL+"/drive/Sommer%20am%20See" {
		t.Errorf("a folder is at %s", at)
	}
	ann.Reload()
	ann.Click("lease.pdf")
	ann.WaitText("Page 1 of 1")
	ann.Click("Close")
	for _, place := range [][2]string{{"Recent", "lease.pdf"}, {"My links", "No links yet"}, {"Trash", "The trash is empty"}, {"Settings", "Sign out"}, {"Connect", "iPhone"}} {
		ann.Click(place[0])
		ann.WaitText(place[1])
	}
	ann.Click("Windows")
	ann.WaitText("net use Z: " + server.URL + "/dav/ * /user:ann")
	ann.Click("GNOME")
	ann.WaitText("gio mount " + strings.Replace(server.URL, "http://", "dav://ann@", 1) + "/dav/")
	ann.Click("Test the connection")
	ann.Wait("every check", `document.querySelectorAll(".connect-results .good").length >= 5 && !document.querySelector(".connect-results .bad")`)
	ann.picture("connect-below")

	ann.Click("Files")
	link := ann.share("Sommer am See")
	if !strings.HasPrefix(link, server.URL+"/s/#") {
		t.Fatalf("the link is %q", link)
	}
	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText("13 files")
	zipped, state := friend.Download(func() { friend.Click("Download all") })
	if state != "completed" {
		t.Fatalf("downloading all: %s; the page says: %s", state, friend.Text())
	}
	files["Sommer am See/lease.pdf"] = hashFile(t, filepath.Join(server.Data, "drive", "ann", "Sommer am See", "lease.pdf"))
	files.wantZip(t, zipped)
	friend.Click("lease.pdf")
	friend.WaitText("Page 1 of 1")
	var scopes []string
	friend.Eval(`navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))`, &scopes)
	if len(scopes) != 1 || scopes[0] != server.URL+"/s/" {
		t.Errorf("service workers answer for %q", scopes)
	}
	fragment := link[strings.Index(link, "#")+1:]
	friend.Open("about:blank")
	friend.Open(server.URL + "/s/%23" + fragment) // as some mail gateways write it
	friend.WaitText("13 files")
	if at := friend.URL(); at != link {
		t.Errorf("the link's address was made %s", at)
	}

	ann.Click("Sign out")
	ann.WaitText("Forgot")
	ann.Fill("Password", password)
	ann.Fill("Name", "ann")
	ann.Click("Sign in")
	ann.WaitText("Sommer am See")
	if at := ann.URL(); at != server.URL+"/" {
		t.Errorf("after signing in the page is at %s", at)
	}
	host.wantNoStray()
}

// Two servers below one host share an origin, and so what browsers keep for it: each has its own.
func TestTwoServersOnOneHostKeepApart(t *testing.T) {
	t.Parallel()
	host := newHost(t)
	first, second := host.start("/a"), host.start("/b")
	ann := newcomer(t, first, "ann")
	ann.Open(second.Setup)
	ann.Fill("Name", "bob")
	ann.Fill("New password", password)
	ann.Click("Make my account")
	ann.WaitText("Keep your recovery key")
	ann.Click("I have kept it in a safe place.")
	ann.Click("Open my drive")
	ann.WaitText("Nothing here yet")
	for _, c := range []struct{ url, name string }{{first.URL, "ann"}, {second.URL, "bob"}, {first.URL, "ann"}} {
		ann.Open(c.url + "/settings")
		ann.WaitText("Sign out")
		ann.Wait("the drive of "+c.name, `document.querySelector("#who")?.innerText.includes("`+c.name+`")`)
	}
	ann.Click("Sign out")
	ann.WaitText("Forgot")
	ann.Open(second.URL + "/settings")
	ann.Wait("the drive of bob", `document.querySelector("#who")?.innerText.includes("bob")`)
	host.wantNoStray()
}

// byPath is a host that passes requests on to servers by the path below which each lives, unchanged.
type byPath struct {
	t    *testing.T
	addr string
	mux  *http.ServeMux

	mu    sync.Mutex
	stray []string // what was asked for and belongs to none
}

func newHost(t *testing.T) *byPath {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	p := &byPath{t: t, addr: "localhost:" + port, mux: http.NewServeMux()}
	p.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stray = append(p.stray, r.Method+" "+r.URL.Path)
		http.NotFound(w, r)
	})
	front := &http.Server{Handler: p.mux}
	go front.Serve(listener)
	t.Cleanup(func() { front.Close() })
	return p
}

func (p *byPath) start(base string) *process {
	p.t.Helper()
	server := startServer(p.t, p.t.TempDir(), "--url", "http://"+p.addr+base)
	p.mux.Handle(base+"/", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: server.Addr})
		r.Out.Host = r.In.Host
	}})
	return server
}

func (p *byPath) wantNoStray() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.stray) > 0 {
		p.t.Errorf("outside their paths, the servers' pages asked for %q", p.stray)
	}
}

// A client that knows WebDAV well, and the protocol's own test suite, find no difference below a path.
func TestWebDAVClientsBelowABasePath(t *testing.T) {
	t.Parallel()
	program := browsertest.Need(t, "rclone")
	server := startBelow(t, "/cloud")
	remote := newRemote(t, program, server)
	source, back := t.TempDir(), t.TempDir()
	files := newTree(t, source, "Sommer am See", 60)
	remote.run("copy", source, "drive:")
	remote.run("moveto", "drive:Sommer am See", "drive:See 100% #1")
	remote.run("moveto", "drive:See 100% #1", "drive:Sommer am See")
	remote.run("check", "--download", source, "drive:")
	remote.run("copy", "drive:", back)
	files.wantFolder(t, back)

	secret, stderr, status := run(t, "", "app-password", "ann", "litmus", "--data", server.Data)
	if status != 0 {
		t.Fatal(stderr)
	}
	cmd := exec.Command(browsertest.Need(t, "litmus"), "-k", server.URL+"/dav/", "ann", strings.TrimSpace(secret))
	cmd.Dir = t.TempDir() // it writes debug.log
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("litmus: %v", err)
	}
	passed := 0
	for _, m := range regexp.MustCompile("<- summary for `[a-z]+': of ([0-9]+) tests run: ([0-9]+) passed").FindAllSubmatch(out, -1) {
		var n int
		fmt.Sscan(string(m[2]), &n)
		passed += n
	}
	if passed != 104 {
		t.Errorf("litmus passed %d tests, want 104\n%s", passed, out)
	}
}

// The commands take the address with its path, and a link that has one.
func TestCommandsBelowABasePath(t *testing.T) {
	binary(t) // built while HOME is still where Go's caches are
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	server := startBelow(t, "/cloud")
	server.account("ann")
	c := &cli{t: t, server: server}
	if _, stderr, err := c.do(password+"\n", "login", server.URL+"/", "--name", "ann", "--password-stdin"); err != nil {
		t.Fatal(err, stderr)
	}
	source, folder := t.TempDir(), t.TempDir()
	files := newTree(t, source, "Sommer am See", 20)
	link, stderr, err := c.do("", "send", filepath.Join(source, "Sommer am See"))
	link = strings.TrimSpace(link)
	if err != nil || !strings.HasPrefix(link, server.URL+"/s/#") {
		t.Fatalf("send: %v %s %q", err, stderr, link)
	}
	if _, stderr, err := c.do("", "get", link, "-o", folder); err != nil {
		t.Fatalf("get: %v %s", err, stderr)
	}
	files.wantFolder(t, folder)
	listed, stderr, err := c.do("", "links", "--json")
	if err != nil || !strings.Contains(listed, "Sommer am See") {
		t.Errorf("links: %v %s %s", err, stderr, listed)
	}
	if _, stderr, err := c.do("", "links", "delete", link); err != nil {
		t.Errorf("deleting a link: %v %s", err, stderr)
	}
	other := strings.Replace(link, "/cloud/s/", "/s/", 1)
	if _, _, err := c.do("", "get", other, "-o", t.TempDir()); err == nil {
		t.Error("a link was opened at another place of the host")
	}
	for _, asked := range [][]string{{"verify", server.URL}, {"verify", link}, {"health", "--addr", server.Addr}} {
		if _, stderr, status := run(t, "", asked...); status != 0 {
			t.Errorf("%s: status %d %s", asked[0], status, stderr)
		}
	}
	invited, stderr, status := run(t, "", "user", "add", "bob", "--data", server.Data)
	if status != 0 || !strings.HasPrefix(invited, server.URL+"/invite#") {
		t.Errorf("user add: %q %s", invited, stderr)
	}
}

func TestWhatABasePathCanBe(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"https://example.org/a b/", "https://example.org/a%20b", "https://example.org//", "https://example.org/a//b", "https://example.org/../a", "https://example.org/.a",
		"https://example.org/ä", "https://example.org/a~b", "https://example.org/a;b", "https://example.org/a/?x", "https://example.org/a/#x",
	} {
		_, stderr, status := run(t, "", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--url", url)
		wantUsage(t, url, stderr, status, "--url")
	}
}
