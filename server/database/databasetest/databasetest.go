// Package databasetest gives tests a database at once: the migrations run once a process, where [database.Open] alone would run, and sync, each of them for every test.
package databasetest

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"thorpe/server/database"
)

// Open is [database.Open] of a file that may be there already; a new one begins as a copy of one that was migrated. It ends the test on an error. Who opens it closes it.
func Open(t testing.TB, path string) *sql.DB {
	t.Helper()
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		content, err := migrated()
		if err := errors.Join(err, os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := database.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// migrated is the content of a new database.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "thorpe-database")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "thorpe.db")
	db, err := database.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // writes what lies in the log into the file
		return nil, err
	}
	return os.ReadFile(path)
})
