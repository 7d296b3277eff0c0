package database_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"thorpe/server/database"
)

func TestOpenCreatesMigratesAndReopens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a #?% folder.db")
	for range 2 {
		db, err := database.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		var mode string
		if err := db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
			t.Errorf("journal_mode = %q, %v; want wal", mode, err)
		}
		if _, err := db.Exec("SELECT id FROM accounts"); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the name that was asked for: %v, %v; want it readable by its owner alone", info, err)
	}
}

func TestRelaxedCommitsDoNotWaitForTheDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thorpe.db")
	db, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	relaxed, err := database.OpenRelaxed(path)
	if err != nil {
		t.Fatal(err)
	}
	defer relaxed.Close()
	var whole, normal int
	if err := errors.Join(db.QueryRow("PRAGMA synchronous").Scan(&whole), relaxed.QueryRow("PRAGMA synchronous").Scan(&normal)); err != nil || whole != 2 || normal != 1 {
		t.Errorf("synchronous is %d and %d, want 2 (FULL) and 1 (NORMAL); %v", whole, normal, err)
	}
	if _, err := relaxed.Exec("INSERT INTO settings (name, value) VALUES ('a', 'b')"); err != nil {
		t.Fatal(err)
	}
	var value string
	if err := db.QueryRow("SELECT value FROM settings WHERE name = 'a'").Scan(&value); err != nil || value != "b" {
		t.Errorf("what one pool wrote, the other reads as %q, %v", value, err)
	}
}

// What any pool commits, the watch tells at once; what only reads, it does not.
func TestWatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thorpe.db")
	db, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	watch, err := database.NewWatch(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Close()
	version := func() database.Version {
		t.Helper()
		v, err := watch.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	seen := map[database.Version]bool{version(): true}
	for i := range 200 {
		pool := []*sql.DB{db, other}[i%2]
		if _, err := pool.Exec("INSERT INTO settings (name, value) VALUES ('a', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", strings.Repeat("x", i)); err != nil {
			t.Fatal(err)
		}
		if i%20 == 0 { // the log begins anew
			if _, err := pool.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
				t.Fatal(err)
			}
		}
		v := version()
		if seen[v] {
			t.Fatalf("commit %d went unseen", i)
		}
		seen[v] = true
		var value string
		if err := pool.QueryRow("SELECT value FROM settings").Scan(&value); err != nil {
			t.Fatal(err)
		}
		if version() != v {
			t.Fatal("reading is told as a change")
		}
	}
	if runtime.GOOS == "linux" && testing.AllocsPerRun(10, func() { watch.Version(context.Background()) }) != 0 {
		t.Error("the version is asked for by SQL")
	}
}

func TestOpenRefusesANewerDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thorpe.db")
	db, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, 1)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := database.Open(t.Context(), path); !errors.Is(err, database.ErrNewer) {
		t.Errorf("opening a newer database: %v; want ErrNewer", err)
	}
}
