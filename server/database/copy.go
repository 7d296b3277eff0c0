package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// Copy writes what the database at path holds at one moment into a new file at to, which stands by itself: nothing beside it belongs to it. Others may
// read and write meanwhile, in this process or another; what they commit is in the copy whole or not at all. What was deleted before is in no page of it.
//
// The copy is checked by SQLite and on the disk when Copy returns. The schema stays as it is; a later version's is [ErrNewer].
func Copy(ctx context.Context, path, to string) error {
	db, err := OpenBeside(ctx, path)
	if err != nil {
		return err
	}
	defer db.Close()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // VACUUM takes an empty file, and leaves it its mode
	if err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	defer file.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	if err := checkCopy(ctx, to); err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	return nil
}

// OpenCopy opens what [Copy] wrote, to read it. Nobody may write to it meanwhile.
func OpenCopy(path string) (*sql.DB, error) {
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "mode=ro&immutable=1"}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening a copy of the database: %w", err)
	}
	return db, nil
}

// OpenBeside opens a database that a server may be using, at the schema that it has: without bringing it up to date. A later version's is [ErrNewer].
func OpenBeside(ctx context.Context, path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil { // SQLite would make it
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db, err := pool(path, 1)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, db); err != nil && !errors.Is(err, ErrOlder) {
		db.Close()
		return nil, err
	}
	return db, nil
}

// checkCopy has SQLite look at every page.
func checkCopy(ctx context.Context, path string) error {
	db, err := OpenCopy(path)
	if err != nil {
		return err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("checking a copy of the database: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("checking a copy of the database: %s", verdict)
	}
	return nil
}
