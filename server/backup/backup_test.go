package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/server/database"
	"thorpe/shares"
)

func hashOf(content []byte) string {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:])
}

// filled is a data folder with something of everything.
func filled(t testing.TB) *folder {
	f := newFolder(t)
	f.write("drive/ann/a.txt", "a")
	f.write("drive/ann/empty.txt", "")
	f.write("drive/ann/Übung/日本 <&>.txt", "b")
	f.write("drive/ann/folder/deep/er/c.bin", strings.Repeat("c", 3<<20))
	f.write("kept/ann/20260102T030405Z-0123456789abcdef-dav-a.txt", "old")
	f.store(func(s *shares.Store) {
		f.link(s)
		f.link(s)
		f.upload(s, 2)
	})
	return f
}

func TestASnapshotHasEveryByteAndRow(t *testing.T) {
	f := filled(t)
	if err := os.Mkdir(filepath.Join(f.dir, "drive", "ann", "nothing in it"), 0o500); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(f.dir, "drive", "ann", "a.txt"), time.Time{}, time.Unix(5, 123456700)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../../../etc/passwd", filepath.Join(f.dir, "drive", "ann", "link")); err != nil {
		t.Logf("without symbolic links: %v", err)
	}
	if os.WriteFile(filepath.Join(f.dir, "drive", "ann", "no\xffUTF8"), []byte("x"), 0o600) != nil {
		t.Log("without names that are no UTF-8")
	}
	to := filepath.Join(t.TempDir(), "to")
	made := f.make(to)
	if !made.Settled || made.Lost != 0 || made.Left != 0 || len(made.Unread) != 0 {
		t.Errorf("a backup of what nobody changes: %+v", made)
	}
	wantSame(t, restore(t, to), f.dir)
}

func TestTheNextSnapshotCopiesOnlyWhatIsNew(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	first := f.make(to)
	second := f.make(to)
	if second.Copied != 1 || second.Shared != 0 {
		t.Errorf("nothing changed, and yet %d files were copied: want the database alone", second.Copied)
	}
	// A new file, one that is moved, and one whose content was changed under the same time and size.
	f.write("drive/ann/new.txt", "new")
	old := filepath.Join(f.dir, "drive", "ann", "folder", "deep", "er", "c.bin")
	if err := os.Rename(old, filepath.Join(f.dir, "drive", "ann", "moved.bin")); err != nil {
		t.Fatal(err)
	}
	sly := filepath.Join(f.dir, "drive", "ann", "a.txt")
	info, err := os.Stat(sly)
	if err != nil {
		t.Fatal(err)
	}
	f.write("drive/ann/a.txt", "A")
	if err := os.Chtimes(sly, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	third := f.make(to)
	if third.Copied != 3 {
		t.Errorf("%d files were copied, want the new one, the changed one and the database", third.Copied)
	}
	wantSame(t, restore(t, to), f.dir)
	for _, c := range []struct {
		in, other, what string
		same            bool
	}{
		{first.Snapshot + "/drive/ann/folder/deep/er/c.bin", third.Snapshot + "/drive/ann/moved.bin", "a moved file", true},
		{first.Snapshot + "/drive/ann/a.txt", third.Snapshot + "/drive/ann/a.txt", "a changed file", false},
		{first.Snapshot + "/drive/ann/empty.txt", third.Snapshot + "/drive/ann/empty.txt", "what stayed", true},
	} {
		a, err := os.Stat(filepath.Join(to, c.in))
		b, berr := os.Stat(filepath.Join(to, c.other))
		if err := errors.Join(err, berr); err != nil {
			t.Error(err)
		} else if os.SameFile(a, b) != c.same {
			t.Errorf("%s: one file in both is %v, want %v", c.what, !c.same, c.same)
		}
	}
}

// Somebody at the machine may write into a file of the drive, in place; nobody writes into the content of a link.
func TestOnlyWhatNeverChangesIsSharedWithTheDataFolder(t *testing.T) {
	f := filled(t)
	to := filepath.Join(filepath.Dir(f.dir), "to") // on the same file system
	made := f.make(to)
	if made.Shared != 4 { // content and manifest of two links
		t.Errorf("%d files are hard links to the data folder's own, want 4", made.Shared)
	}
	all := listing(t, filepath.Join(to, made.Snapshot))
	for _, name := range []string{"drive/ann/a.txt", "kept/ann/20260102T030405Z-0123456789abcdef-dav-a.txt"} {
		file, err := os.OpenFile(filepath.Join(f.dir, name), os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString("more"); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	f.store(func(s *shares.Store) { // an upload goes on where it was
		uploads, err := s.Uploads(t.Context(), account)
		if err != nil || len(uploads) != 1 {
			t.Fatal(uploads, err)
		}
		f.send(s, uploads[0].ID, uploads[0].Offset, make([]byte, sealedChunk))
	})
	if now := listing(t, filepath.Join(to, made.Snapshot)); !slices.Equal(now, all) {
		t.Error("the snapshot changed with the data folder")
	}
}

// A link that is deleted while the backup runs is in it whole, or not at all.
func TestALinkIsDeletedMeanwhile(t *testing.T) {
	f := filled(t)
	var id shares.ID
	f.store(func(s *shares.Store) { id = f.link(s) })
	to := filepath.Join(t.TempDir(), "to")
	did := false
	made, err := Make(t.Context(), Config{Data: f.dir, To: to, step: func(at string) {
		if at == "before the objects" && !did {
			did = true
			f.store(func(s *shares.Store) {
				if err := s.DeleteLink(t.Context(), account, id); err != nil {
					t.Error(err)
				}
			})
		}
	}})
	if err != nil || made.Lost != 0 {
		t.Fatal(made, err)
	}
	wantSame(t, restore(t, to), f.dir)
}

// When two looks at the files agree, the backup is as they are, however it was before.
func TestFilesChangeMeanwhile(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	did := false
	made, err := Make(t.Context(), Config{Data: f.dir, To: to, step: func(at string) {
		if at == "before the database" && !did {
			did = true
			in := func(name string) string { return filepath.Join(f.dir, "drive", "ann", name) }
			f.write("drive/ann/empty.txt", "not any more")
			if err := errors.Join(os.Remove(in("a.txt")), os.Rename(in("folder"), in("other")), os.Mkdir(in("a.txt"), 0o755)); err != nil {
				t.Error(err)
			}
		}
	}})
	if err != nil || !made.Settled {
		t.Fatal(made, err)
	}
	wantSame(t, restore(t, to), f.dir)
}

// What the data folder itself has lost is told, and its row stays.
func TestALostObjectIsTold(t *testing.T) {
	f := filled(t)
	db, err := database.OpenBeside(t.Context(), filepath.Join(f.dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	var lost string
	err = shares.EachNamedObject(t.Context(), db, func(o shares.NamedObject) error {
		if o.Final {
			lost = o.Path
		}
		return nil
	})
	if err := errors.Join(err, db.Close(), os.Remove(filepath.Join(f.dir, lost))); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "to")
	if made := f.make(to); made.Lost != 1 || !made.Settled {
		t.Errorf("a lost object: %+v", made)
	}
	wantSame(t, restore(t, to), f.dir)
}

// Files that change all the while make no backup fail, and hide nothing that stayed.
func TestFilesThatNeverSettle(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	n := 0
	made, err := Make(t.Context(), Config{Data: f.dir, To: to, step: func(at string) {
		if at == "before the database" {
			n++
			f.write("drive/ann/restless.txt", strings.Repeat("r", n))
			if err := os.Rename(filepath.Join(f.dir, "drive", "ann", "folder"), filepath.Join(f.dir, "drive", "ann", "folder2")); err == nil {
				return
			}
			if err := os.Rename(filepath.Join(f.dir, "drive", "ann", "folder2"), filepath.Join(f.dir, "drive", "ann", "folder")); err != nil {
				t.Error(err)
			}
		}
	}})
	if err != nil || made.Settled {
		t.Fatal(made, err)
	}
	got, want := listing(t, restore(t, to)), listing(t, f.dir)
	for _, line := range want {
		if !strings.Contains(line, "drive/ann\"") && !slices.Contains(got, line) {
			t.Errorf("missing: %.200s", line)
		}
	}
}

func TestDamageIsFound(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	snapshot := filepath.Join(to, f.make(to).Snapshot)
	whole, err := Check(t.Context(), snapshot)
	if err != nil || len(whole.Damaged) != 0 || whole.Files == 0 {
		t.Fatal(whole, err)
	}
	changed := filepath.Join(snapshot, "drive", "ann", "a.txt")
	info, err := os.Stat(changed)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(os.WriteFile(changed, []byte("b"), 0), os.Chtimes(changed, info.ModTime(), info.ModTime()), os.Remove(filepath.Join(snapshot, "drive", "ann", "empty.txt")))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"drive/ann/a.txt", "drive/ann/empty.txt"}
	if found, err := Check(t.Context(), snapshot); err != nil || !slices.Equal(found.Damaged, want) {
		t.Errorf("Check found %v, %v; want %q", found, err, want)
	}
	data := filepath.Join(t.TempDir(), "data")
	if done, err := Restore(t.Context(), snapshot, data); err != nil || !slices.Equal(done.Damaged, want) {
		t.Errorf("Restore found %v, %v; want %q", done, err, want)
	}
	got, all := listing(t, data), listing(t, f.dir)
	if len(got) != len(all)-2 {
		t.Errorf("%d of %d entries were restored, want all but two", len(got), len(all))
	}
	// Of a list that is cut off, or a database that is damaged, nothing is made.
	list := filepath.Join(snapshot, listName)
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{listName: text[:len(text)/2], databaseName: []byte("SQLite format 3")} {
		kept, err := os.ReadFile(filepath.Join(snapshot, name))
		if err := errors.Join(err, os.WriteFile(filepath.Join(snapshot, name), content, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := Check(t.Context(), snapshot); !errors.Is(err, ErrDamaged) {
			t.Errorf("checking with a damaged %s: %v", name, err)
		}
		if _, err := Restore(t.Context(), snapshot, filepath.Join(t.TempDir(), "data")); !errors.Is(err, ErrDamaged) {
			t.Errorf("restoring with a damaged %s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(snapshot, name), kept, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// A snapshot whose files were damaged is no source for the next one.
func TestWhatIsDamagedIsCopiedAgain(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	snapshot := filepath.Join(to, f.make(to).Snapshot)
	if err := os.Truncate(filepath.Join(snapshot, "drive", "ann", "folder", "deep", "er", "c.bin"), 5); err != nil {
		t.Fatal(err)
	}
	f.make(to)
	wantSame(t, restore(t, to), f.dir)
}

func TestOldSnapshotsGo(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for range 4 {
		at = at.Add(-time.Hour) // a clock that goes back: the newest has the last name all the same
		if _, err := Make(t.Context(), Config{Data: f.dir, To: to, Keep: 2, Now: func() time.Time { return at }}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := Snapshots(to)
	if err != nil || !slices.Equal(all, []string{"2026-01-02T020407Z", "2026-01-02T020408Z"}) {
		t.Errorf("there are %q, %v; want the newest two", all, err)
	}
	wantSame(t, restore(t, to), f.dir)
}

func TestRefusals(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	for _, inside := range []string{filepath.Join(f.dir, "backups"), filepath.Join(f.dir, "drive", "a", "b"), filepath.Dir(f.dir), f.dir} {
		if _, err := Make(t.Context(), Config{Data: f.dir, To: inside}); !errors.Is(err, ErrInside) {
			t.Errorf("a backup into %s: %v", inside, err)
		}
	}
	if _, err := Make(t.Context(), Config{Data: t.TempDir(), To: to}); !errors.Is(err, ErrNoData) {
		t.Errorf("a backup of an empty folder: %v", err)
	}
	if _, err := Find(to); !errors.Is(err, ErrNoSnapshot) {
		t.Errorf("restoring from nothing: %v", err)
	}
	made := f.make(to)
	if _, err := Restore(t.Context(), filepath.Join(to, made.Snapshot), f.dir); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("restoring over something: %v", err)
	}
	_, err := Make(t.Context(), Config{Data: f.dir, To: to, step: func(at string) {
		if at == "before the database" {
			if _, err := Make(t.Context(), Config{Data: f.dir, To: to}); !errors.Is(err, ErrBusy) {
				t.Errorf("two backups at once: %v", err)
			}
		}
	}})
	if err != nil {
		t.Error(err)
	}
}
