package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
)

// olderFolder is a data folder as an earlier program left it, whose newest migration was version.
func olderFolder(t *testing.T, version int64) string {
	t.Helper()
	data := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(data, "drive", "ann"), 0o700))
	must(t, os.WriteFile(filepath.Join(data, "drive", "ann", "file.txt"), []byte("from before"), 0o600))
	db, err := sql.Open("sqlite", filepath.Join(data, "thorpe.db"))
	must(t, err)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("server/database/migrations"))
	must(t, err)
	for v := int64(1); v <= version; v++ {
		_, err := provider.UpTo(t.Context(), v)
		must(t, err)
		rows, err := os.ReadFile(fmt.Sprintf("server/database/testdata/rows/%05d.sql", v))
		must(t, err)
		_, err = db.Exec(string(rows))
		must(t, err)
	}
	return data
}

// A backup of an older version comes back under a newer one: it is migrated at the first start, and the database as it was is kept beside it.
func TestABackupOfAnOlderVersionComesBack(t *testing.T) {
	t.Parallel()
	older, repository, data := olderFolder(t, 5), t.TempDir(), filepath.Join(t.TempDir(), "data")
	if _, stderr, status := run(t, "", "backup", repository, "--data", older); status != 0 {
		t.Fatalf("backup: %s", stderr)
	}
	if left, err := filepath.Glob(filepath.Join(older, "thorpe.db.before-*")); err != nil || len(left) != 0 {
		t.Errorf("the backup migrated what it copied: %v", left)
	}
	if _, stderr, status := run(t, "", "restore", repository, "--data", data); status != 0 {
		t.Fatalf("restore: %s", stderr)
	}
	server := startServer(t, data)
	secret, stderr, status := run(t, "", "app-password", "ann", "new", "--data", data)
	if status != 0 {
		t.Fatalf("the account is gone: %s", stderr)
	}
	if answer, body := exchange(t, clientTo(server.Addr, nil), "GET", server.URL+"/dav/file.txt", nil, "App-Password", "ann:"+secret[:len(secret)-1]); string(body) != "from before" {
		t.Errorf("the file: %s %q", answer.Status, body)
	}
	if kept, err := filepath.Glob(filepath.Join(data, "thorpe.db.before-*")); err != nil || len(kept) != 1 {
		t.Errorf("the database before it was migrated: %v", kept)
	}
	server.stop()

	// The way back: the copy takes the database's place, and what belonged to the other goes.
	kept, _ := filepath.Glob(filepath.Join(data, "thorpe.db.before-*"))
	for _, beside := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(data, "thorpe.db"+beside)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	must(t, os.Rename(kept[0], filepath.Join(data, "thorpe.db")))
	if version := versionOf(t, data); version != 5 {
		t.Errorf("the way back leads to version %d, want 5", version)
	}
	startServer(t, data)
}

func versionOf(t *testing.T, data string) (version int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "thorpe.db"))
	must(t, err)
	defer db.Close()
	must(t, db.QueryRow("SELECT max(version_id) FROM goose_db_version").Scan(&version))
	return version
}

// A new command leaves the database of a running old server alone.
func TestNoCommandMigratesUnderARunningServer(t *testing.T) {
	t.Parallel()
	data := olderFolder(t, 5)
	lock := flock.New(filepath.Join(data, "thorpe.lock")) // as the old server has it
	if held, err := lock.TryLock(); err != nil || !held {
		t.Fatal(held, err)
	}
	_, stderr, status := run(t, "", "app-password", "ann", "new", "--data", data)
	wantSentence(t, "beside an older server", stderr, status, data, "older version", "restart it")
	if version := versionOf(t, data); version != 5 {
		t.Errorf("the database is of version %d now", version)
	}
	must(t, lock.Unlock())
	if _, stderr, status := run(t, "", "app-password", "ann", "new", "--data", data); status != 0 || versionOf(t, data) == 5 {
		t.Errorf("without a server: %s", stderr)
	}
}

// topFiles are the regular files in a folder, and what they hold.
func topFiles(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	entries, err := os.ReadDir(folder)
	must(t, err)
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
			must(t, err)
			found[entry.Name()] = content
		}
	}
	return found
}

func TestStartRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	newer := t.TempDir()
	startServer(t, newer).stop()
	db, err := sql.Open("sqlite", filepath.Join(newer, "thorpe.db"))
	must(t, err)
	_, err = db.Exec("CREATE TABLE later (x); INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, 1)")
	must(t, err)
	must(t, db.Close())
	before := topFiles(t, newer)
	for _, command := range [][]string{
		{"serve", "--addr", "127.0.0.1:0"}, {"user", "add", "bob"}, {"app-password", "ann", "x"}, {"links", "all"}, {"backup", t.TempDir()},
	} {
		_, stderr, status := run(t, "", slices.Concat(command, []string{"--data", newer})...)
		wantSentence(t, command[0]+" with a newer database", stderr, status, "newer version")
		after := topFiles(t, newer)
		for name, content := range after {
			if !bytes.Equal(content, before[name]) {
				t.Errorf("%v changed %s", command, name)
			}
		}
		if len(after) != len(before) {
			t.Errorf("%v left something, or took it away: %d files, had %d", command, len(after), len(before))
		}
	}
}
