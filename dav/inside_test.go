package dav

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/database/databasetest"
)

// newInside is a handler and an open drive, for what no request can bring about by itself.
func newInside(t testing.TB) (*Handler, *tree, Drive, string) {
	t.Helper()
	dir := t.TempDir()
	db := databasetest.Open(t, filepath.Join(dir, "thorpe.db"))
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{DB: db, Data: root})
	if err != nil {
		t.Fatal(err)
	}
	d := Drive{ID: [16]byte{1}, Name: "ann"}
	tr, err := h.openTree(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.close(); root.Close(); db.Close() })
	return h, tr, d, filepath.Join(dir, "drive", "ann")
}

func put(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// J13: a folder that cannot be read through cuts the connection; what has been sent is no well-formed list.
func TestJ13ListingThatFails(t *testing.T) {
	h, tr, d, dir := newInside(t)
	put(t, filepath.Join(dir, "d", "f"), "x")
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := &exchange{h: h, w: w, r: r, prefix: "/dav", drive: d, name: []string{"d"}, tree: tr}
		s, err := tr.find(x.name)
		if err != nil {
			t.Error(err)
		}
		l, err := x.newListing(s, &query{all: true})
		if err != nil {
			t.Error(err)
		}
		folder, err := s.dir.sub(s.name)
		if err != nil {
			t.Error(err)
		}
		folder.close() // reading it fails, as a disk would
		l.write(folder)
	}))
	defer front.Close()
	r, _ := http.NewRequest("PROPFIND", front.URL, nil)
	res, err := front.Client().Do(r)
	if err != nil {
		return // nothing was sent: good
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("a list that looks whole: %s", b)
	}
}

// I6: a source that is not as long as it was when the copy began.
func TestI6SourceThatShrinks(t *testing.T) {
	h, tr, d, dir := newInside(t)
	name := filepath.Join(dir, "f")
	put(t, name, strings.Repeat("x", 1000))
	s, err := tr.find([]string{"f"})
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{h: h, r: httptest.NewRequest("COPY", "/dav/f", nil), drive: d, tree: tr}
	for _, size := range []int64{500, 0, 2000} {
		put(t, name, strings.Repeat("x", 1000))
		if err := s.look(); err != nil {
			t.Fatal(err)
		}
		cp := x.startCopy(s, &spot{dir: tr.root, name: "to", path: "to"})
		src, err := cp.openSource("/f")
		if err != nil {
			t.Fatal(err)
		}
		dst, err := cp.create(t.Context(), "/to", 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, size); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(dst, src); err == nil || cp.failed == nil {
			t.Errorf("truncated to %d while it was copied: %v, %v", size, err, cp.failed)
		}
		src.Close()
		dst.Close()
		cp.discard()
	}
}

// I5: whatever step of a change fails, the tree is as it was, and so are the rows.
func TestI5ChangesAreTakenBack(t *testing.T) {
	h, tr, d, dir := newInside(t)
	lay := func() {
		t.Helper()
		os.RemoveAll(dir)
		os.Mkdir(dir, 0o755)
		put(t, filepath.Join(dir, "f"), "f")
		put(t, filepath.Join(dir, "g"), "g")
		put(t, filepath.Join(dir, "empty"), "")
		put(t, filepath.Join(dir, "d", "x"), "d")
		put(t, filepath.Join(dir, "e", "x"), "e")
		tr.close()
		var err error
		if tr, err = h.openTree(d); err != nil {
			t.Fatal(err)
		}
	}
	find := func(name string) *spot {
		t.Helper()
		s, err := tr.find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	state := func() string {
		var all []string
		filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				b, _ := os.ReadFile(p)
				p += "=" + string(b)
			}
			all = append(all, strings.TrimPrefix(p, dir))
			return err
		})
		return strings.Join(all, " ")
	}
	broken := errors.New("broken")
	for name, do := range map[string]func(c *change) error{
		"remove a file":             func(c *change) error { return c.remove(find("f")) },
		"remove a folder":           func(c *change) error { return c.remove(find("d")) },
		"a file over nothing":       func(c *change) error { return c.moveResource(find("f"), find("new")) },
		"a file over a file":        func(c *change) error { return c.moveResource(find("f"), find("g")) },
		"a file over an empty file": func(c *change) error { return c.moveResource(find("f"), find("empty")) },
		"a file over a folder":      func(c *change) error { return c.moveResource(find("f"), find("d")) },
		"a folder over nothing":     func(c *change) error { return c.moveResource(find("d"), find("new")) },
		"a folder over a file":      func(c *change) error { return c.moveResource(find("d"), find("f")) },
		"a folder over a folder":    func(c *change) error { return c.moveResource(find("d"), find("e")) },
	} {
		lay()
		before := state()
		c := &change{h: h, ctx: context.Background(), drive: d, door: "/dav"}
		if err := do(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if state() == before {
			t.Errorf("%s changed nothing", name)
		}
		if err := c.end(broken); err != broken {
			t.Errorf("%s: %v", name, err)
		}
		c.close()
		if after := state(); after != before {
			t.Errorf("%s was not taken back:\n got %s\nwant %s", name, after, before)
		}
		var rows int
		if err := h.writeKept(t.Context()); err != nil {
			t.Error(err)
		}
		if err := h.db.QueryRow("SELECT count(*) FROM kept").Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%s: %d rows, %v", name, rows, err)
		}
		if ids, _ := os.ReadDir(filepath.Join(dir, "..", "..", "kept", "ann")); len(ids) != 0 {
			t.Errorf("%s: left in kept: %v", name, ids)
		}
	}
}

// Where the system cannot exchange two entries in one step, a folder is replaced in two.
func TestRenameIfAbsent(t *testing.T) {
	_, tr, _, dir := newInside(t)
	put(t, filepath.Join(dir, "a"), "a")
	put(t, filepath.Join(dir, "b"), "b")
	if err := renameIfAbsent(tr.root, "a", tr.root, "b"); !errors.Is(err, os.ErrExist) {
		t.Errorf("over something: %v", err)
	}
	if err := renameIfAbsent(tr.root, "a", tr.root, "c"); err != nil {
		t.Error(err)
	}
	if err := renameNew(tr.root, "c", tr.root, "b"); !errors.Is(err, os.ErrExist) {
		t.Errorf("over something: %v", err)
	}
	if err := renameNew(tr.root, "c", tr.root, "a"); err != nil {
		t.Error(err)
	}
}

// The walker opens folders as a walk from the root would, follows no links, and keeps few open.
func TestWalker(t *testing.T) {
	_, tr, _, dir := newInside(t)
	deep := strings.TrimSuffix(strings.Repeat("d/", 300), "/")
	put(t, filepath.Join(dir, deep, "f"), "deep")
	put(t, filepath.Join(dir, "d", "e", "f"), "e")
	put(t, filepath.Join(dir, "dx", "f"), "dx")
	if err := os.Symlink("e", filepath.Join(dir, "d", "link")); err != nil {
		t.Fatal(err)
	}
	w := walker{root: tr.root}
	defer w.close()
	for _, p := range []string{"dx/f", deep + "/f", "d/e/f", deep + "/f", "dx/f", "d/e/f"} {
		s, err := w.find(p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, p))
		if err != nil || string(b) == "" || s.info.size != int64(len(b)) {
			t.Errorf("%.20s is another file (%v)", p, err)
		}
		if len(w.steps) > maxSteps {
			t.Errorf("%d folders are open", len(w.steps))
		}
	}
	if _, err := w.find("d/link/f"); err == nil {
		t.Error("a link was followed")
	}
}

// What is kept goes when its time is over, and not a second before.
func TestPruneIsNotEarly(t *testing.T) {
	h, _, d, dir := newInside(t)
	kept := filepath.Join(dir, "..", "..", "kept", "ann")
	now := h.now()
	h.now = func() time.Time { return now }
	const due, notDue, fresh = "20260101T000000Z-0000000000000001", "20260101T000000Z-0000000000000002", "20260101T000000Z-0000000000000003"
	for id, age := range map[string]time.Duration{due: KeptFor + time.Second, notDue: KeptFor, fresh: 0} {
		put(t, filepath.Join(kept, id+"-f"), "x")
		if _, err := h.db.Exec(`INSERT INTO kept (drive, id, path, at, door, folder, size) VALUES (?, ?, 'f', ?, '/dav', 0, 1)`, d.ID[:], id, now.Add(-age).Unix()); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := queryStrings(t.Context(), h.db, `SELECT id FROM kept ORDER BY id`)
	if err != nil || strings.Join(rows, ",") != notDue+","+fresh {
		t.Errorf("rows: %q, %v", rows, err)
	}
	if e, err := os.ReadDir(kept); err != nil || len(e) != 2 || e[0].Name() != notDue+"-f" || e[1].Name() != fresh+"-f" {
		t.Errorf("kept: %v, %v", e, err)
	}
}

// Whatever was deleted, the name of its entry fits, and says id, door and whether it was replaced. It says the path too, or as much of its name as fits.
func FuzzKeptName(f *testing.F) {
	for _, p := range []string{"f", "d/f", "100%/%2F", "-", "dav-x", "+", "a/../b", strings.Repeat("d/", 200) + "f", strings.Repeat("ö", 127), strings.Repeat("/", 300), "\xff", strings.Repeat("%", 255)} {
		f.Add(p, true)
	}
	f.Fuzz(func(t *testing.T, p string, replaced bool) {
		parts, err := splitName(p)
		if err != nil {
			t.Skip()
		}
		p = strings.Join(parts, "/")
		r := keptRow{id: "20260102T150405Z-0123456789abcdef", door: "/files", path: p, replaced: replaced}
		entry := r.entry()
		if !validPart(entry) {
			t.Fatalf("%q is no name", entry)
		}
		got, ok := parseKept(entry)
		if !ok || got.id != r.id || got.door != r.door || got.replaced != replaced {
			t.Fatalf("%q: %+v, %v", entry, got, ok)
		}
		if got.path != p && !strings.HasPrefix(parts[len(parts)-1], got.path) {
			t.Fatalf("%q: path %q, want %q or the beginning of its name", entry, got.path, p)
		}
	})
}
