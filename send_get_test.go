package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"thorpe/shares/sealed"
)

// cli is somebody at a terminal who signed in to a server with the commands login, send and get. These run in the
// test's own process.
type cli struct {
	t      testing.TB
	server *process
	data   string
}

// proxy stands before a server. Listen gives its address, and passes on to the server whose address comes over the channel.
type proxy interface {
	listen(t testing.TB, server <-chan string) string
}

// newCLI starts a server with an account, and signs in to it, through the proxy if there is one.
func newCLI(t testing.TB, proxy proxy) *cli {
	t.Helper()
	binary(t) // built while HOME is still where Go's caches are
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	data := t.TempDir()
	c := &cli{t: t, data: data}
	if _, stderr, status := run(t, password+"\n", "user", "add", "ann", "--password-stdin", "--data", data); status != 0 {
		t.Fatal(stderr)
	}
	address := ""
	if proxy == nil {
		c.server = startServer(t, data)
		address = c.server.Addr
	} else {
		to := make(chan string, 1)
		address = proxy.listen(t, to)
		c.server = startServer(t, data, "--url", "http://"+address)
		to <- c.server.Addr
	}
	if _, stderr, err := c.do(password+"\n", "login", "http://"+address, "--name", "ann", "--password-stdin"); err != nil {
		t.Fatal(err, stderr)
	}
	return c
}

// do runs one command.
func (c *cli) do(stdin string, args ...string) (stdout, stderr string, err error) {
	c.t.Helper()
	var out bytes.Buffer
	parser, err := newParser(c.t.Context(), &commands{}, &out)
	if err != nil {
		c.t.Fatal(err)
	}
	parsed, err := parser.Parse(protectIDs(args))
	if err != nil {
		c.t.Fatal(err)
	}
	in, errs := c.file(stdin), c.file("")
	beforeIn, beforeErr := os.Stdin, os.Stderr
	os.Stdin, os.Stderr = in, errs
	err = parsed.Run()
	os.Stdin, os.Stderr = beforeIn, beforeErr
	text, readErr := os.ReadFile(errs.Name())
	if readErr != nil {
		c.t.Fatal(readErr)
	}
	return out.String(), string(text), err
}

// file is an open file with this text.
func (c *cli) file(text string) *os.File {
	f, err := os.CreateTemp(c.t.TempDir(), "")
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { f.Close() })
	if _, err := f.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		c.t.Fatal(err)
	}
	return f
}

// send sends and returns the link.
func (c *cli) send(args ...string) string {
	c.t.Helper()
	out, stderr, err := c.do("", append([]string{"send"}, args...)...)
	if err != nil {
		c.t.Fatal(err, stderr)
	}
	link, ok := strings.CutSuffix(out, "\n")
	if _, _, err := sealed.ParseURL(link); !ok || err != nil {
		c.t.Fatalf("send printed %q", out)
	}
	return link
}

// get fetches a link into a new folder.
func (c *cli) get(link string, args ...string) (folder, stderr string, err error) {
	c.t.Helper()
	folder = c.t.TempDir()
	_, stderr, err = c.do("", append([]string{"get", link, "-o", folder}, args...)...)
	return folder, stderr, err
}

// namesIn is what lies in a folder: paths and contents, folders ending in "/".
func namesIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		if entry.IsDir() {
			found[path+"/"] = ""
			return nil
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			found[path], err = os.Readlink(filepath.Join(folder, path))
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, path))
		found[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func writeText(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// noise is text that repeats nowhere.
func noise(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return string(b)
}

// objects are the large sealed contents on the server's disk.
func (c *cli) objects() []string {
	c.t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(c.data, "sealed"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Size() > 100_000 { // no manifest
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return files
}

func TestSendAndGet(t *testing.T) {
	c := newCLI(t, nil)
	info, err := os.Stat(filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "thorpe", "session.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the session's file: %v, %v", info, err)
	}
	from := t.TempDir()
	modified := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	want := map[string]string{
		"lake/": "", "lake/a.txt": "hello", "lake/empty": "", "lake/deep/": "", "lake/deep/b": noise(700_000), "lake/deep/none/": "", "lake/\u00e9.txt": "accent", "c": "",
	}
	for path, text := range want {
		if strings.HasSuffix(path, "/") {
			if err := os.MkdirAll(filepath.Join(from, path), 0o777); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if path == "lake/\u00e9.txt" {
			path = "lake/e\u0301.txt"
		}
		writeText(t, filepath.Join(from, path), text)
	}
	if err := os.Chtimes(filepath.Join(from, "lake/a.txt"), modified, modified); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.txt", filepath.Join(from, "lake/link")); err != nil {
		t.Fatal(err)
	}
	writeText(t, filepath.Join(from, "lake/back\\slash"), "x")
	want["lake/back_slash"] = "x"

	out, stderr, err := c.do("", "send", filepath.Join(from, "lake"), filepath.Join(from, "c"), "--title", "Summer", "--max-downloads", "5")
	if err != nil {
		t.Fatal(err, stderr)
	}
	if !strings.Contains(stderr, "symbolic link") || !strings.Contains(stderr, `lake/link"`) || !strings.Contains(stderr, `"lake/back_slash"`) {
		t.Errorf("send does not tell what it left out or renamed: %s", stderr)
	}
	link := strings.TrimSpace(out)
	folder, _, err := c.get(link)
	if err != nil {
		t.Fatal(err)
	}
	got := namesIn(t, folder)
	for path, text := range want {
		if have, ok := got[path]; !ok || have != text {
			t.Errorf("%q did not arrive", path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("there is more than was sent: %d names, want %d", len(got), len(want))
	}
	if info, err := os.Stat(filepath.Join(folder, "lake/a.txt")); err != nil || !info.ModTime().Equal(modified) {
		t.Errorf("the time did not arrive: %v", info.ModTime())
	}
	// B1, A13: nothing of the link reaches the server.
	_, parsed, _ := sealed.ParseURL(link)
	if log := c.server.Stderr() + c.server.Stdout(); strings.Contains(log, parsed.Fragment()) {
		t.Error("the server's log holds the link")
	}
}

func TestGetOverwritesNothing(t *testing.T) {
	c := newCLI(t, nil)
	from := t.TempDir()
	writeText(t, filepath.Join(from, "d/a.txt"), "new")
	link := c.send(filepath.Join(from, "d"), "--max-visits", "2")

	folder := t.TempDir()
	writeText(t, filepath.Join(folder, "d/a.txt"), "old")
	_, _, err := c.do("", "get", link, "-o", folder)
	if err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("get over a file: %v", err)
	}
	if got := namesIn(t, folder); got["d/a.txt"] != "old" || len(got) != 2 {
		t.Errorf("get left %q", got)
	}
	if _, _, err := c.do("", "get", link, "-o", folder, "--force"); err != nil {
		t.Error(err)
	}
	if got := namesIn(t, folder); got["d/a.txt"] != "new" || len(got) != 2 {
		t.Errorf("get --force left %q", got)
	}
	// A symbolic link in place of the folder is not followed, also within the folder; nor is one in place of the file.
	for _, force := range []bool{false, true} {
		folder = t.TempDir()
		writeText(t, filepath.Join(folder, "elsewhere/a.txt"), "old")
		if err := os.Symlink("elsewhere", filepath.Join(folder, "d")); err != nil {
			t.Fatal(err)
		}
		args := []string{"get", link, "-o", folder}
		if force {
			args = append(args, "--force")
		}
		if _, _, err := c.do("", args...); err == nil {
			t.Error("get followed a symbolic link")
		}
		if got := namesIn(t, folder); got["elsewhere/a.txt"] != "old" {
			t.Error("get wrote through a symbolic link")
		}
	}
	folder = t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside")
	writeText(t, outside, "old")
	writeText(t, filepath.Join(folder, "d/x"), "")
	if err := os.Symlink(outside, filepath.Join(folder, "d/a.txt")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.do("", "get", link, "-o", folder); err == nil {
		t.Error("get overwrote a symbolic link")
	}
	// None of the refusals above counted as a visit.
	if _, _, err := c.do("", "get", link, "-o", folder, "--force"); err != nil {
		t.Error(err)
	}
	if text, _ := os.ReadFile(outside); string(text) != "old" {
		t.Error("get --force wrote through a symbolic link")
	}
	if _, _, err := c.get(link); err == nil || !strings.Contains(err.Error(), "all its visits") {
		t.Errorf("a third visit of two: %v", err)
	}
}

func TestGetToStandardOutput(t *testing.T) {
	c := newCLI(t, nil)
	from := t.TempDir()
	text := noise(300_000)
	writeText(t, filepath.Join(from, "a"), text)
	writeText(t, filepath.Join(from, "b"), "b")
	out, _, err := c.do("", "get", c.send(filepath.Join(from, "a")), "-o", "-")
	if err != nil || out != text {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	out, _, err = c.do("", "get", c.send(filepath.Join(from, "a"), filepath.Join(from, "b")), "-o", "-")
	if err == nil || out != "" {
		t.Errorf("two files: %d bytes, %v", len(out), err)
	}
}

func TestSendAndGetWithPassword(t *testing.T) {
	c := newCLI(t, nil)
	from := filepath.Join(t.TempDir(), "a")
	writeText(t, from, "hello")
	out, stderr, err := c.do("hunter2\n", "send", from, "--password-stdin")
	if err != nil {
		t.Fatal(err, stderr)
	}
	link := strings.TrimSpace(out)
	for password, want := range map[string]string{"hunter2": "", "hunter3": "the password is wrong", "": "the password is empty"} {
		folder := t.TempDir()
		_, _, err := c.do(password+"\n", "get", link, "-o", folder, "--password-stdin")
		switch {
		case want == "" && (err != nil || namesIn(t, folder)["a"] != "hello"):
			t.Errorf("with the right password: %v", err)
		case want != "" && (err == nil || err.Error() != want || len(namesIn(t, folder)) != 0):
			t.Errorf("with %q: %v", password, err)
		}
	}
	if _, _, err := c.do("", "get", link, "-o", t.TempDir()); err == nil || !strings.Contains(err.Error(), "--password-stdin") {
		t.Errorf("without a terminal: %v", err)
	}
}

// TestGetRefusesWhatTheServerChanged: A5 to A9. Whatever is done to the ciphertext, no file is left.
func TestGetRefusesWhatTheServerChanged(t *testing.T) {
	c := newCLI(t, nil)
	from := t.TempDir()
	writeText(t, filepath.Join(from, "d/a"), noise(1000))
	writeText(t, filepath.Join(from, "d/b"), noise(600_000))
	c.send(filepath.Join(from, "d"))
	other := c.objects()[0]
	otherContent, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	link := c.send(filepath.Join(from, "d"))
	object := ""
	for _, file := range c.objects() {
		if file != other {
			object = file
		}
	}
	good, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	const n = sealed.SealedChunkSize
	for name, bad := range map[string][]byte{
		"a bit at the start":  append([]byte{good[0] ^ 1}, good[1:]...),
		"a bit at the end":    append(slices.Clone(good[:len(good)-1]), good[len(good)-1]^1),
		"cut at a chunk":      good[:2*n],
		"cut in a chunk":      good[:n+100],
		"cut by a byte":       good[:len(good)-1],
		"nothing":             {},
		"a byte more":         append(slices.Clone(good), 0),
		"a chunk more":        append(slices.Clone(good), good[:n]...),
		"chunks swapped":      slices.Concat(good[n:2*n], good[:n], good[2*n:]),
		"a chunk dropped":     slices.Concat(good[:n], good[2*n:]),
		"a chunk of another":  slices.Concat(good[:n], otherContent[n:2*n], good[2*n:]),
		"another's in place":  otherContent,
		"the last one's copy": slices.Concat(good, good[2*n:]),
	} {
		if err := os.WriteFile(object, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		folder, _, err := c.get(link)
		if err == nil {
			t.Errorf("%s: get found nothing wrong", name)
		}
		if got := namesIn(t, folder); len(got) != 0 {
			t.Errorf("%s: get left %d names", name, len(got))
		}
	}
	if err := os.WriteFile(object, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if folder, _, err := c.get(link); err != nil || len(namesIn(t, folder)) != 3 {
		t.Errorf("as it was: %v", err)
	}
}

// TestGetOpensThePaddingToo: A6. The content ends well only where its last chunk does, be there a file in it or not.
func TestGetOpensThePaddingToo(t *testing.T) {
	c := newCLI(t, nil)
	from := filepath.Join(t.TempDir(), "a")
	const size = 1<<24 + sealed.ChunkSize - 10 // so that the last chunk is padding alone
	if total := size + sealed.Padding(size); total != 1<<24+2*sealed.ChunkSize {
		t.Fatal(total)
	}
	writeText(t, from, noise(size))
	link := c.send(from)
	object := c.objects()[0]
	good, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"its last bit": append(slices.Clone(good[:len(good)-1]), good[len(good)-1]^1),
		"cut off":      good[:len(good)-sealed.SealedChunkSize],
		"a byte more":  append(slices.Clone(good), 0),
	} {
		if err := os.WriteFile(object, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if folder, _, err := c.get(link); err == nil || len(namesIn(t, folder)) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// cuttingProxy passes connections on to a server and cuts each after so many bytes in either direction, until it has
// cut so many.
type cuttingProxy struct {
	mu    sync.Mutex
	after int64
	cuts  int
	made  int
}

// listen passes on to the server whose address comes over the channel.
func (p *cuttingProxy) listen(t testing.TB, server <-chan string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		to := <-server
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			cut := sync.OnceFunc(func() { near.Close(); far.Close() })
			go p.pass(near, far, cut)
			go p.pass(far, near, cut)
		}
	}()
	return listener.Addr().String()
}

func (p *cuttingProxy) pass(to, from net.Conn, cut func()) {
	defer cut()
	p.mu.Lock()
	after := p.after
	p.mu.Unlock()
	if _, err := io.CopyN(to, from, after); err != nil {
		return
	}
	p.mu.Lock()
	still := p.made < p.cuts
	if still {
		p.made++
	}
	p.mu.Unlock()
	if !still {
		io.Copy(to, from)
	}
}

// expect says how many connections to cut from now on, and after how many bytes.
func (p *cuttingProxy) expect(cuts int, after int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuts, p.made, p.after = cuts, 0, after
}

func (p *cuttingProxy) cutsMade() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made
}

func TestSendAndGetGoOnAfterBrokenConnections(t *testing.T) {
	proxy := &cuttingProxy{after: 1 << 40}
	c := newCLI(t, proxy)
	from := t.TempDir()
	text := noise(3_000_000)
	writeText(t, filepath.Join(from, "a"), text)
	proxy.expect(4, 700_000)
	out, stderr, err := c.do("", "send", filepath.Join(from, "a"))
	if err != nil {
		t.Fatal(err, stderr)
	}
	if proxy.cutsMade() < 3 || strings.Count(stderr, "trying again") < 3 {
		t.Errorf("only %d connections were cut, and told of: %s", proxy.cutsMade(), stderr)
	}
	proxy.expect(4, 700_000)
	folder, stderr, err := c.get(strings.TrimSpace(out))
	if err != nil {
		t.Fatal(err, stderr)
	}
	if proxy.cutsMade() < 3 {
		t.Errorf("only %d connections were cut", proxy.cutsMade())
	}
	if namesIn(t, folder)["a"] != text {
		t.Error("something else arrived")
	}
}

// TestFileSourceNoticesChanges: A17. A file that changes while it is read is never sealed twice under one key.
func TestFileSourceNoticesChanges(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	past := time.Now().Add(-time.Hour)
	for name, change := range map[string]func() error{
		"longer":  func() error { return os.WriteFile(path, []byte("hello!"), 0o666) },
		"shorter": func() error { return os.Truncate(path, 2) },
		"touched": func() error { return os.Chtimes(path, time.Now(), time.Now()) },
		"gone":    func() error { return os.Remove(path) },
		"replaced": func() error {
			return errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, []byte("hello"), 0o666), os.Chtimes(path, past, past))
		},
		"a link": func() error { return errors.Join(os.Rename(path, path+".old"), os.Symlink(path+".old", path)) },
	} {
		t.Run(name, func(t *testing.T) {
			os.RemoveAll(path)
			writeText(t, path, "hello")
			if err := os.Chtimes(path, past, past); err != nil {
				t.Fatal(err)
			}
			found, err := findFiles([]string{path})
			if err != nil {
				t.Fatal(err)
			}
			source := found.source(10)
			defer source.Close()
			all, err := io.ReadAll(io.NewSectionReader(source, 0, source.Size()))
			if err != nil || string(all) != "hello"+strings.Repeat("\x00", 10) || source.Unchanged() != nil {
				t.Fatalf("%q, %v", all, err)
			}
			if err := change(); err != nil {
				t.Fatal(err)
			}
			if err := source.Unchanged(); err == nil || !strings.Contains(err.Error(), "changed meanwhile") {
				t.Errorf("unchanged: %v", err)
			}
			again := found.source(0)
			defer again.Close()
			if _, err := again.ReadAt(make([]byte, 5), 0); err == nil && name != "a link" {
				t.Error("it could be read again")
			}
		})
	}
}

// TestPlacedFilesOverwriteNothing: also not what came into the way since it was looked for, or by another of the link's
// own files.
func TestPlacedFilesOverwriteNothing(t *testing.T) {
	t.Parallel()
	for _, force := range []bool{false, true} {
		folder := t.TempDir()
		writeText(t, filepath.Join(folder, "old"), "old")
		target, err := openTarget(folder, sealed.ID{}, force)
		if err != nil {
			t.Fatal(err)
		}
		plan := plannedNames{files: []string{"d/a.txt", "d/a.txt"}}
		if force {
			plan.files = append(plan.files, "old")
		}
		chosen := &choice{}
		for i := range plan.files {
			chosen.files = append(chosen.files, chosenFile{File: sealed.File{Size: 1}, index: i})
		}
		if err := target.look(chosen); err != nil {
			t.Fatal(err)
		}
		if err := target.check(plan); err != nil {
			t.Fatal(err)
		}
		for i := range plan.files {
			err := target.receive(i, func(w io.Writer) error {
				_, err := fmt.Fprint(w, i)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		writeText(t, filepath.Join(folder, "d/a (2).txt"), "late")
		changed, err := target.place(plan)
		if err != nil || len(changed) != 1 || changed[0].To != "d/a (3).txt" {
			t.Errorf("%q, %v", changed, err)
		}
		if err := target.close(io.Discard, false); err != nil {
			t.Error(err)
		}
		want := map[string]string{"d/": "", "d/a.txt": "0", "d/a (2).txt": "late", "d/a (3).txt": "1", "old": "old"}
		if force {
			want["old"] = "2"
		}
		if got := namesIn(t, folder); !maps.Equal(got, want) {
			t.Errorf("force %t: %q", force, got)
		}
	}
}

func TestParseExpires(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"never": 0, "12h": 12 * time.Hour, "30d": 720 * time.Hour, "2w": 336 * time.Hour} {
		if got, err := parseExpires(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0d", "d", "-1d", "30", "1y", "99999999999999999999d", "9999999d", "1.5h"} {
		if _, err := parseExpires(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestSendRefusesALimitThatIsNone(t *testing.T) {
	t.Parallel()
	for _, limit := range []string{"--max-downloads=0", "--max-downloads=-1", "--max-visits=1000001"} {
		_, stderr, status := run(t, "", "send", "send.go", limit)
		wantUsage(t, limit, stderr, status, "1 to 1,000,000")
	}
}
