package backup

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/server/database"
	"thorpe/shares"
)

// folder is a data folder, as a server leaves it.
type folder struct {
	t   testing.TB
	dir string
}

// account is the account that everything in these data folders belongs to.
var account = [16]byte{1}

func newFolder(t testing.TB) *folder {
	t.Helper()
	f := &folder{t, filepath.Join(t.TempDir(), "data")}
	if err := os.Mkdir(f.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := database.Open(t.Context(), filepath.Join(f.dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO accounts (id, name, operator, created, salt, auth_hash, wrap_box, recovery_hash, recovery_box)
		VALUES (?, 'ann', 1, 0, zeroblob(16), zeroblob(32), zeroblob(60), zeroblob(32), zeroblob(60))`, account[:])
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return f
}

// write writes a file below the data folder.
func (f *folder) write(name, content string) {
	f.t.Helper()
	p := filepath.Join(f.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(content), 0o640)); err != nil {
		f.t.Fatal(err)
	}
}

// store gives use the store of links.
func (f *folder) store(use func(*shares.Store)) {
	f.t.Helper()
	db, err := database.Open(f.t.Context(), filepath.Join(f.dir, databaseName))
	if err != nil {
		f.t.Fatal(err)
	}
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		f.t.Fatal(err)
	}
	store, err := shares.Open(shares.Config{DB: db, Data: root, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		f.t.Fatal(err)
	}
	use(store)
	store.Close()
	if err := errors.Join(root.Close(), db.Close()); err != nil {
		f.t.Fatal(err)
	}
}

// upload begins an upload of so many chunks, and sends all but the last.
func (f *folder) upload(s *shares.Store, chunks int) (shares.ID, []byte) {
	f.t.Helper()
	content := make([]byte, chunks*sealedChunk)
	rand.Read(content)
	u, err := s.CreateUpload(f.t.Context(), shares.Owner{ID: account}, shares.ForLink, int64(len(content)), shares.DriveFile{})
	if err != nil {
		f.t.Fatal(err)
	}
	f.send(s, u.ID, 0, content[:len(content)-sealedChunk])
	return u.ID, content
}

const sealedChunk = 262_172

func (f *folder) send(s *shares.Store, id shares.ID, at int64, content []byte) {
	f.t.Helper()
	if len(content) == 0 {
		return
	}
	_, err := s.Append(f.t.Context(), shares.Owner{ID: account}, id, shares.Patch{Offset: at, Length: -1, Size: int64(len(content)), Body: bytes.NewReader(content)})
	if err != nil {
		f.t.Fatal(err)
	}
}

// link publishes a link.
func (f *folder) link(s *shares.Store) shares.ID {
	f.t.Helper()
	upload, content := f.upload(s, 1)
	f.send(s, upload, 0, content)
	var id shares.ID
	rand.Read(id[:])
	_, err := s.Publish(f.t.Context(), shares.Owner{ID: account}, shares.NewLink{ID: id, Upload: upload, Note: []byte{}}, strings.NewReader(strings.Repeat("m", 32+4096+28)))
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

// make makes a backup.
func (f *folder) make(to string) *Result {
	f.t.Helper()
	made, err := Make(f.t.Context(), Config{Data: f.dir, To: to})
	if err != nil {
		f.t.Fatal(err)
	}
	return made
}

// restore restores the newest backup into a new folder.
func restore(t testing.TB, to string) string {
	t.Helper()
	snapshot, err := Find(to)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "restored")
	done, err := Restore(t.Context(), snapshot, data)
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Damaged) > 0 {
		t.Fatalf("damaged: %q", done.Damaged)
	}
	return data
}

// listing tells all that is below a data folder, but the database: name, mode, time, content.
func listing(t testing.TB, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, p)
		top, _, _ := strings.Cut(name, string(filepath.Separator))
		info, err := d.Info()
		if err != nil || strings.HasPrefix(name, "thorpe.") || name == "." {
			return err
		}
		line := fmt.Sprintf("%q %v", name, info.Mode())
		if top == "drive" || top == "kept" {
			line += " " + info.ModTime().UTC().Format(time.RFC3339Nano)
		} else if d.IsDir() {
			return nil // folders of objects are made when they are needed
		}
		switch {
		case info.Mode().IsRegular():
			content, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %d %x", len(content), content[:min(64, len(content))])
			line += fmt.Sprint(" ", hashOf(content))
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(p)
			if err != nil {
				return err
			}
			line += " -> " + target
		}
		all = append(all, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// rows tells all rows of a database.
func rows(t testing.TB, dir string) []string {
	t.Helper()
	db, err := database.OpenBeside(t.Context(), filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var tables []string
	found, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, table := range tables {
		found, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := found.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%s %q", table, values))
		}
		if err := errors.Join(found.Err(), found.Close()); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(all)
	return all
}

// wantSame checks that a restored folder is what another is.
func wantSame(t testing.TB, restored, original string) {
	t.Helper()
	for what, tell := range map[string]func(testing.TB, string) []string{"files": listing, "rows": rows} {
		got, want := tell(t, restored), tell(t, original)
		for _, line := range got {
			if !slices.Contains(want, line) {
				t.Errorf("%s: only in what was restored: %.300s", what, line)
			}
		}
		for _, line := range want {
			if !slices.Contains(got, line) {
				t.Errorf("%s: missing in what was restored: %.300s", what, line)
			}
		}
	}
}
