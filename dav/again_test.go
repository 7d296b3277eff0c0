package dav

import (
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// keepOne has one thing kept, so that there is something to prune.
func keepOne(t *testing.T, h *Handler, d Drive, dir string) {
	t.Helper()
	put(t, filepath.Join(dir, "old"), "old")
	if w := serve(h, d, "DELETE", "/dav/old", ""); w.Code != 204 {
		t.Fatalf("DELETE: %d", w.Code)
	}
}

func serve(h *Handler, d Drive, method, path, body string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
		if head[i] == "Content-Length" {
			r.ContentLength, _ = strconv.ParseInt(head[i+1], 10, 64)
		}
	}
	w := httptest.NewRecorder()
	h.Serve(w, r, "/dav", d)
	return w
}

func keptNow(t *testing.T, h *Handler, d Drive) int {
	t.Helper()
	dir, err := h.keptOf(d)
	if err != nil {
		t.Fatal(err)
	}
	names, err := dir.all()
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

// A full disk that shows only when the folders are synced: the change is made, and is not made again.
func TestAChangeThatWasMadeIsNotMadeAgain(t *testing.T) {
	h, _, d, dir := newInside(t)
	keepOne(t, h, d, dir)
	put(t, filepath.Join(dir, "f"), "x")
	once := true
	h.syncs.run = func(folders []*folder) []error {
		errs := syncEach(folders)
		if once {
			once = false
			errs[0] = syscall.ENOSPC
		}
		return errs
	}
	if w := serve(h, d, "MOVE", "/dav/f", "", "Destination", "/dav/g"); w.Code != 500 {
		t.Errorf("MOVE: %d, want 500", w.Code)
	}
	if n := keptNow(t, h, d); n != 1 {
		t.Errorf("%d things are kept, want the one", n)
	}
}

// A length that a client only claims costs nobody what is kept.
func TestALengthAlonePrunesNothing(t *testing.T) {
	h, _, d, dir := newInside(t)
	keepOne(t, h, d, dir)
	if w := serve(h, d, "PUT", "/dav/f", "x", "Content-Length", "4611686018427387904"); w.Code != 507 {
		t.Errorf("PUT: %d, want 507", w.Code)
	}
	if n := keptNow(t, h, d); n != 1 {
		t.Errorf("%d things are kept, want the one", n)
	}
}

// Pruning leaves alone what a request that is not done yet keeps, or is about to: the row would be missing, or the thing when it has to come back.
func TestPruneSparesWhatIsOnItsWay(t *testing.T) {
	h, tr, d, dir := newInside(t)
	keepOne(t, h, d, dir)
	put(t, filepath.Join(dir, "f"), "content")
	s, err := tr.find([]string{"f"})
	if err != nil {
		t.Fatal(err)
	}
	prune := func(want int64) {
		t.Helper()
		if freed, err := h.pruneOldest(t.Context(), nil, 1<<30); err != nil || freed != want {
			t.Fatalf("pruning: %d bytes, %v; want %d", freed, err, want)
		}
	}
	wantRows := func(want int) {
		t.Helper()
		var rows int
		if err := h.writeKept(t.Context()); err != nil {
			t.Error(err)
		}
		if err := h.db.QueryRow(`SELECT count(*) FROM kept`).Scan(&rows); err != nil || rows != want {
			t.Errorf("%d rows, want %d, %v", rows, want, err)
		}
	}
	for _, freed := range []int64{3, 0} {
		c := &change{h: h, ctx: t.Context(), drive: d, door: "/dav"}
		if err := c.remove(s); err != nil {
			t.Fatal(err)
		}
		prune(freed)
		wantRows(0)
		if err := c.end(syscall.EIO); err != syscall.EIO {
			t.Fatal(err)
		}
		c.close()
		if _, err := tr.root.lstat("f"); err != nil {
			t.Fatalf("what could not be removed is gone: %v", err)
		}
	}

	if w := serve(h, d, "DELETE", "/dav/f", ""); w.Code != 204 {
		t.Fatalf("DELETE: %d", w.Code)
	}
	prune(7)
	wantRows(0)
}

// What is kept gives way too while a full disk lets no row of it be written.
func TestPruneKnowsRowsThatCannotBeWritten(t *testing.T) {
	h, _, d, dir := newInside(t)
	put(t, filepath.Join(dir, "f"), "content")
	h.db.SetMaxOpenConns(1)
	readOnly := func(is string) {
		t.Helper()
		if _, err := h.db.Exec("PRAGMA query_only = " + is); err != nil {
			t.Fatal(err)
		}
	}
	readOnly("1")
	if w := serve(h, d, "DELETE", "/dav/f", ""); w.Code != 204 {
		t.Fatalf("DELETE: %d", w.Code)
	}
	if total, err := h.sizeOfKept(t.Context()); err != nil || total != 7 {
		t.Errorf("kept: %d bytes, %v; want 7", total, err)
	}
	other := [16]byte{2}
	if freed, err := h.pruneOldest(t.Context(), &other, 1); err != nil || freed != 0 {
		t.Errorf("pruning another drive: %d bytes, %v", freed, err)
	}
	if freed, _ := h.pruneOldest(t.Context(), &d.ID, 1); freed != 7 {
		t.Errorf("pruning: %d bytes, want 7", freed)
	}
	readOnly("0")
	if err := h.writeKept(t.Context()); err != nil {
		t.Error(err)
	}
	var rows int
	if err := h.db.QueryRow(`SELECT count(*) FROM kept`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows of what is gone, %v", rows, err)
	}
}

// A COPY over a folder that is killed, here where the old one goes into kept/: the old one is still there, or kept, but never in incoming/, which a start sweeps.
func TestI9KillWhileACopyReplacesAFolder(t *testing.T) {
	h, tr, d, dir := newInside(t)
	put(t, filepath.Join(dir, "d", "f"), "old")
	put(t, filepath.Join(dir, "..", "..", "incoming", "dav-copy", "f"), "new")
	s, err := tr.find([]string{"d"})
	if err != nil {
		t.Fatal(err)
	}
	c := &change{h: h, ctx: t.Context(), drive: d, door: "/dav"}
	if err := c.setAside(s, true); err != nil {
		t.Fatal(err)
	}
	if err := c.kept.dir.mkdir(c.kept.entry, 0o700); err != nil { // so that no rename to there succeeds
		t.Fatal(err)
	}
	if err := c.replaceFromIncoming("dav-copy", s); err == nil {
		t.Fatal("the rename into kept/ did not fail")
	}
	if err := h.sweep(); err != nil { // as the next process does; this one took nothing back
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "d", "f")); err != nil || string(b) != "old" {
		t.Errorf("the folder holds %q, %v", b, err)
	}
}

// H10: a PUT that counts on the file it replaces may not pass the quota when that file has gone elsewhere in the drive meanwhile.
func TestH10TheReplacedFileMovesAway(t *testing.T) {
	h, _, d, dir := newInside(t)
	d.Quota = 100
	put(t, filepath.Join(dir, "f"), strings.Repeat("o", 60))
	body, end := io.Pipe()
	done := make(chan int)
	go func() {
		r := httptest.NewRequest("PUT", "/dav/f", body)
		r.ContentLength = 90
		w := httptest.NewRecorder()
		h.Serve(w, r, "/dav", d)
		done <- w.Code
	}()
	io.WriteString(end, strings.Repeat("n", 50)) // by now the room is taken
	if w := serve(h, d, "MOVE", "/dav/f", "", "Destination", "/dav/g"); w.Code != 201 {
		t.Errorf("MOVE: %d", w.Code)
	}
	io.WriteString(end, strings.Repeat("n", 40))
	end.Close()
	if code := <-done; code != 507 {
		t.Errorf("PUT: %d, want 507", code)
	}
	if s, err := h.Space(t.Context(), d); err != nil || s.Used != 60 {
		t.Errorf("%+v, %v", s, err)
	}
}

// A count that ends between a rename and its count does not count the change twice.
func TestTheCountWaitsForChanges(t *testing.T) {
	h, _, d, dir := newInside(t)
	if err := h.recount(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	release := h.lockDrive(d) // as a change does
	put(t, filepath.Join(dir, "f"), "12345")
	done := make(chan error)
	go func() { done <- h.recount(t.Context(), d) }()
	select {
	case err := <-done:
		t.Errorf("counted while a change was on its way, %v", err)
		done = nil
	case <-time.After(200 * time.Millisecond):
	}
	h.count(d, counted{used: 5})
	release()
	if done != nil {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if s, err := h.Space(t.Context(), d); err != nil || s.Used != 5 {
		t.Errorf("%+v, %v", s, err)
	}
}

// A MOVE that is done is answered as done, also where the empty file that a lock had made cannot go.
func TestAMoveIsDoneWhateverBecomesOfPlaceholders(t *testing.T) {
	h, tr, d, dir := newInside(t)
	put(t, filepath.Join(dir, "d", "f"), "x")
	const body = `<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>`
	w := serve(h, d, "LOCK", "/dav/d/p", body)
	if w.Code != 201 {
		t.Fatalf("LOCK: %d", w.Code)
	}
	if err := h.tidyProperties(d, tr); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Exec(`CREATE TRIGGER full BEFORE DELETE ON properties WHEN old.path = 'e/p' BEGIN SELECT RAISE(ABORT, 'no'); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Exec(`INSERT INTO properties (drive, parent, path, space, local, xml) VALUES (?, 'd', 'd/p', '', 'a', '<a/>')`, d.ID[:]); err != nil {
		t.Fatal(err)
	}
	if w := serve(h, d, "MOVE", "/dav/d", "", "Destination", "/dav/e", "If", `</dav/d/p> (`+w.Header().Get("Lock-Token")+`)`); w.Code != 201 {
		t.Errorf("MOVE: %d, want 201", w.Code)
	}
	if _, err := os.Stat(filepath.Join(dir, "e", "f")); err != nil {
		t.Error(err)
	}
}
