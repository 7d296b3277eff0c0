package database_test

import (
	"errors"
	"os"
	"path/filepath"
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
