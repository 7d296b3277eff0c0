package accounts

import (
	"context"
	"database/sql"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"thorpe/server/database"
)

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
	w, err := newWatch(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	now := func() version {
		t.Helper()
		v, err := w.version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	seen := map[version]bool{now(): true}
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
		v := now()
		if seen[v] {
			t.Fatalf("commit %d went unseen", i)
		}
		seen[v] = true
		var value string
		if err := pool.QueryRow("SELECT value FROM settings").Scan(&value); err != nil {
			t.Fatal(err)
		}
		if now() != v {
			t.Fatal("reading is told as a change")
		}
	}
	if runtime.GOOS == "linux" && testing.AllocsPerRun(10, func() { w.version(context.Background()) }) != 0 {
		t.Error("the version is asked for by SQL")
	}
}
