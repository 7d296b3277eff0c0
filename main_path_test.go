package main

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"thorpe/static/browsertest"
)

// password is what people type in these tests.
const password = "correct horse battery staple"

// person is somebody at a browser who has an account.
type person struct {
	*browsertest.Browser
	t           *testing.T
	RecoveryKey string
}

// newcomer opens the server's setup link in a fresh browser and makes the account name, as a person would.
func newcomer(t *testing.T, server *process, name string) *person {
	t.Helper()
	p := &person{Browser: browsertest.New(t), t: t}
	p.Open(server.Setup)
	p.picture("setup")
	p.Fill("Name", name)
	p.Fill("New password", password)
	p.Click("Make my account")
	p.WaitText("Keep your recovery key")
	p.Eval(`document.querySelector(".recovery-key").innerText`, &p.RecoveryKey)
	p.picture("recovery-key")
	p.Click("I have kept it in a safe place.")
	p.Click("Open my drive")
	p.WaitText("Nothing here yet")
	p.picture("empty")
	return p
}

// picture keeps a screenshot, light, dark and as on a phone, in the folder that THORPE_TEST_PICTURES names, if it does.
func (p *person) picture(name string) { picture(p.Browser, name) }

func picture(b *browsertest.Browser, name string) {
	folder := os.Getenv("THORPE_TEST_PICTURES")
	if folder == "" {
		return
	}
	b.Screenshot(filepath.Join(folder, name+".png"))
	b.Dark(true)
	b.Screenshot(filepath.Join(folder, name+"-dark.png"))
	b.Size(360, 740)
	b.Screenshot(filepath.Join(folder, name+"-phone.png"))
	b.Dark(false)
	b.Size(1280, 800)
}

// share makes a link of what stands in the list of the drive under name, and returns it.
func (p *person) share(name string) (link string) {
	p.t.Helper()
	p.Click("Share " + name)
	return p.createLink()
}

// createLink goes through the dialog that asks how to share.
func (p *person) createLink() (link string) {
	p.t.Helper()
	p.Wait("the number of files", `/\d+ files? · /.test(document.querySelector("dialog")?.innerText)`)
	p.picture("share")
	p.Click("Create link")
	p.WaitText("Link is ready")
	p.picture("link-ready")
	p.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
	p.Click("Done")
	return link
}

// tree is a folder of real files and what they must be found to hold: SHA-256 by path.
type tree map[string][32]byte

// names are what people call files, and what breaks servers that don't expect it.
var names = []string{
	"IMG_%d.jpg", "Größe %d.txt", "e\u0301te\u0301 %d.md", "日本語 %d.pdf", "Grandma’s garden (%d).jpg", "100 %% sure %d#1.txt", "a+b&c=%d;d.csv", "Привет %d.doc", "👩‍👩‍👧 %d.png", "no extension %d",
	"שלום %d.txt", "semi;colon'quote %d", "brackets [%d] {x}", ".hidden %d", "über lang " + strings.Repeat("x", 150) + " %d.txt",
}

// newTree makes a folder of count files below parent, in several folders, of many sizes, always the same.
func newTree(t *testing.T, parent, name string, count int) tree {
	t.Helper()
	random := rand.NewChaCha8([32]byte{1})
	made := tree{}
	for i := range count {
		folder := []string{"", "Boat trip", "Boat trip/day two", "Omas Küche"}[i%4]
		path := filepath.Join(name, folder, fmt.Sprintf(names[i%len(names)], i))
		size := []int{0, 1, 100, 4 << 10, 70_000, 262_144, 300_000}[i%7]
		if i == 13 {
			size = 3 << 20
		}
		content := make([]byte, size)
		random.Read(content)
		if err := os.MkdirAll(filepath.Join(parent, filepath.Dir(path)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(parent, path), content, 0o600); err != nil {
			t.Fatal(err)
		}
		made[path] = sha256.Sum256(content)
	}
	return made
}

// wantFolder checks that the folder holds exactly the tree's files.
func (want tree) wantFolder(t *testing.T, folder string) {
	t.Helper()
	got := tree{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		got[relative] = hashFile(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want.compare(t, folder, got)
}

// wantZip checks that the archive holds exactly the tree's files.
func (want tree) wantZip(t *testing.T, path string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	got := tree{}
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		got[file.Name] = hashOf(t, content)
	}
	want.compare(t, path, got)
}

func (want tree) compare(t *testing.T, where string, got tree) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s holds %d files; want %d", where, len(got), len(want))
	}
	for path, sum := range want {
		if other, ok := got[norm.NFC.String(path)]; ok && other == sum {
			continue
		}
		if other, ok := got[path]; !ok {
			t.Errorf("%s: %q is missing", where, path)
		} else if other != sum {
			t.Errorf("%s: %q has another SHA-256", where, path)
		}
	}
}

func hashFile(t *testing.T, path string) [32]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return hashOf(t, f)
}

func hashOf(t *testing.T, r io.Reader) (sum [32]byte) {
	t.Helper()
	hash := sha256.New()
	if _, err := io.Copy(hash, r); err != nil {
		t.Fatal(err)
	}
	hash.Sum(sum[:0])
	return sum
}

// The main job, as a stranger meets it: an account through the setup link, a folder dropped in, a link made of it, and
// somebody else who opens the link in a browser of their own.
func TestFromSetupLinkToALinkOpenedInAnotherBrowser(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	ann := newcomer(t, server, "ann")
	source := t.TempDir()
	files := newTree(t, source, "Sommer am See", 214)

	ann.Drop(filepath.Join(source, "Sommer am See"))
	ann.WaitText("214 files uploaded")
	ann.picture("drive")
	files.wantFolder(t, filepath.Join(server.Data, "drive", "ann"))

	link := ann.share("Sommer am See")
	if !strings.HasPrefix(link, server.URL+"/s/#") || len(link) != len(server.URL)+len("/s/#")+46 {
		t.Fatalf("the link is %q", link)
	}

	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText("Download all")
	friend.WaitText("214 files")
	picture(friend, "link")
	zipped, state := friend.Download(func() { friend.Click("Download all") })
	if state != "completed" {
		t.Fatalf("downloading all: %s; the page says: %s", state, friend.Text())
	}
	files.wantZip(t, zipped)
	one := "100 % sure 5#1.txt"
	friend.Click("Boat trip")
	saved, state := friend.Download(func() { friend.Click("Download " + one) })
	if state != "completed" || hashFile(t, saved) != files["Sommer am See/Boat trip/"+one] || filepath.Base(saved) != one {
		t.Errorf("downloading one file: %s as %q", state, filepath.Base(saved))
	}

	// The owner finds the link again, also after a reload, and can delete it.
	ann.Open(server.URL + "/links")
	ann.WaitText("Sommer am See")
	ann.picture("links")
	ann.Click("More for Sommer am See")
	ann.Click("Delete")
	ann.Click("Delete")
	ann.WaitText("No links yet")
	friend.Open("about:blank")
	friend.Open(link)
	friend.WaitText("This link was removed")
}
