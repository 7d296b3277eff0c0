package database

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newAt makes a database as a program of an earlier version left it: each of its migrations, and behind each the rows that testdata/rows has for it.
func newAt(t *testing.T, path string, version int64) {
	t.Helper()
	db, err := pool(path, 1)
	must(t, err)
	defer db.Close()
	provider, err := provide(db)
	must(t, err)
	for v := int64(1); v <= version; v++ {
		_, err := provider.UpTo(t.Context(), v)
		must(t, err)
		rows, err := os.ReadFile(fmt.Sprintf("testdata/rows/%05d.sql", v))
		if errors.Is(err, os.ErrNotExist) {
			t.Fatalf("migration %d has no rows in testdata/rows: add some to each table that it makes, and to each column", v)
		}
		must(t, err)
		if _, err := db.Exec(string(rows)); err != nil {
			t.Fatalf("rows of version %d: %v", v, err)
		}
	}
}

func latest(t *testing.T) int64 {
	t.Helper()
	provider, err := provide(must2(sql.Open("sqlite", ":memory:")))
	must(t, err)
	return latestOf(provider)
}

func must2[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// dump is all rows of a database: by table, each row by its columns.
func dump(t *testing.T, db *sql.DB) map[string][]map[string]string {
	t.Helper()
	found := map[string][]map[string]string{}
	var tables []string
	names, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'")
	must(t, err)
	for names.Next() {
		var name string
		must(t, names.Scan(&name))
		tables = append(tables, name)
	}
	must(t, names.Err())
	for _, table := range tables {
		rows, err := db.Query("SELECT * FROM " + table + " ORDER BY 1, 2")
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			must(t, rows.Scan(values...))
			row := map[string]string{}
			for i, column := range columns {
				row[column] = fmt.Sprintf("%T %v", *values[i].(*any), *values[i].(*any))
			}
			found[table] = append(found[table], row)
		}
		must(t, rows.Err())
		if found[table] == nil {
			found[table] = []map[string]string{}
		}
	}
	return found
}

// wantRows checks that each row of before is in after, with the same values in all columns that there were.
func wantRows(t *testing.T, before, after map[string][]map[string]string) {
	t.Helper()
	for table, rows := range before {
		for _, row := range rows {
			if !slices.ContainsFunc(after[table], func(other map[string]string) bool {
				for column, value := range row {
					if other[column] != value {
						return false
					}
				}
				return true
			}) {
				t.Errorf("%s: the row %v is gone or has changed", table, row)
			}
		}
		if len(after[table]) != len(rows) {
			t.Errorf("%s has %d rows, had %d", table, len(after[table]), len(rows))
		}
	}
}

func TestEachEarlierVersionIsMigratedWithAllItsRows(t *testing.T) {
	fresh := must2(Open(t.Context(), filepath.Join(t.TempDir(), "fresh.db")))
	want := schema(t, fresh)
	must(t, fresh.Close())
	for version := int64(1); version <= latest(t); version++ {
		path := filepath.Join(t.TempDir(), "thorpe.db")
		newAt(t, path, version)
		db, err := pool(path, 1)
		must(t, err)
		before := dump(t, db)
		must(t, db.Close())
		for table, rows := range before {
			if len(rows) == 0 {
				t.Errorf("the table %s has no row: testdata/rows should have one", table)
			}
		}

		if db, err = Open(t.Context(), path); err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		wantRows(t, before, dump(t, db))
		if got := schema(t, db); !maps.Equal(got, want) {
			t.Errorf("version %d is migrated to another schema than a new database has: %v, want %v", version, got, want)
		}
		must(t, db.Close())

		// The way back: the database as it was.
		kept := Before(path, latest(t))
		if version == latest(t) {
			if _, err := os.Stat(kept); err == nil {
				t.Error("a database that needs no migration was copied")
			}
			continue
		}
		copied, err := OpenCopy(kept)
		must(t, err)
		if at, err := schemaVersion(t.Context(), copied); err != nil || at != version {
			t.Errorf("the copy is of version %d, %v; want %d", at, err, version)
		}
		wantRows(t, before, dump(t, copied))
		must(t, copied.Close())
		if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the copy: %v %v, want it readable by its owner alone", info.Mode(), err)
		}
	}
}

func schema(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	found := map[string]string{}
	rows, err := db.Query("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'")
	must(t, err)
	for rows.Next() {
		var name, text string
		must(t, rows.Scan(&name, &text))
		found[name] = text
	}
	must(t, rows.Err())
	return found
}

// One copy is kept, and it is the one that a program can be gone back to.
func TestOneWayBackIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thorpe.db")
	newAt(t, path, 5)
	must(t, os.WriteFile(path+".before-3", []byte("an upgrade long ago"), 0o600))
	must(t, os.WriteFile(Before(path, latest(t))+".part", []byte("cut off"), 0o600))
	must(t, must2(Open(t.Context(), path)).Close())
	names, err := filepath.Glob(path + ".before*")
	must(t, err)
	if want := []string{Before(path, latest(t))}; !slices.Equal(names, want) {
		t.Errorf("kept: %v, want %v", names, want)
	}
	version := func() int64 { return must2(copyVersion(t.Context(), Before(path, latest(t)))) }
	if version() != 5 {
		t.Errorf("the copy is of version %d, want 5", version())
	}

	// An upgrade that was cut off between two migrations: the copy stays as it was before it.
	other := filepath.Join(t.TempDir(), "thorpe.db")
	newAt(t, other, 7)
	must(t, os.Rename(other, path))
	must(t, must2(Open(t.Context(), path)).Close())
	if version() != 5 {
		t.Errorf("after an upgrade that was cut off the copy is of version %d, want 5", version())
	}
	// Whoever went back, and comes again: the copy is of now.
	newAt(t, other, 4)
	must(t, os.Rename(other, path))
	must(t, must2(Open(t.Context(), path)).Close())
	if version() != 4 {
		t.Errorf("after going back and upgrading again the copy is of version %d, want 4", version())
	}
}

func TestALaterVersionIsRefusedAndLeftAsItIs(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "thorpe.db")
	newAt(t, path, latest(t))
	db := must2(pool(path, 1))
	if _, err := db.Exec("CREATE TABLE later (x); INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", latest(t)+1); err != nil {
		t.Fatal(err)
	}
	must(t, db.Close())
	before := must2(os.ReadFile(path))
	for name, open := range map[string]func() (*sql.DB, error){
		"Open":        func() (*sql.DB, error) { return Open(t.Context(), path) },
		"OpenCurrent": func() (*sql.DB, error) { return OpenCurrent(t.Context(), path) },
		"OpenBeside":  func() (*sql.DB, error) { return OpenBeside(t.Context(), path) },
		"Copy":        func() (*sql.DB, error) { return nil, Copy(t.Context(), path, filepath.Join(t.TempDir(), "copy")) },
	} {
		if _, err := open(); !errors.Is(err, ErrNewer) {
			t.Errorf("%s: %v, want ErrNewer", name, err)
		}
		names := must2(os.ReadDir(folder))
		if after := must2(os.ReadFile(path)); !bytes.Equal(before, after) || len(names) != 1 {
			t.Errorf("%s changed the database, or left something: %v", name, names)
		}
	}
}

func TestNobodyBesideAServerMigrates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thorpe.db")
	if _, err := OpenCurrent(t.Context(), path); !errors.Is(err, ErrOlder) {
		t.Errorf("no database: %v, want ErrOlder", err)
	}
	newAt(t, path, 3)
	if _, err := OpenCurrent(t.Context(), path); !errors.Is(err, ErrOlder) {
		t.Errorf("an older one: %v, want ErrOlder", err)
	}
	must(t, must2(Open(t.Context(), path)).Close())
	db, err := OpenCurrent(t.Context(), path)
	must(t, err)
	must(t, db.Close())
}
