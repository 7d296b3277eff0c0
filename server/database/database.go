// Package database opens the one SQLite file that a server keeps beside its files.
//
// Start from [Open]: it returns a pool that every package's store shares, with the schema brought up to date.
// Everything that is committed through it survives a power cut (WAL, synchronous=FULL). [OpenRelaxed] is for what can be
// found out again.
//
// Statements are plain SQL through database/sql, so that another database can take SQLite's place.
//
// The package knows no table: the schema lies in migrations/, one numbered file a change, and the queries live in
// the packages that own the tables.
package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"slices"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

var (
	// ErrNewer says that a newer Thorpe has written the database; this one must not touch it.
	ErrNewer = errors.New("the database was written by a newer version of Thorpe")

	// ErrOlder says that the database has still to be migrated, or made.
	ErrOlder = errors.New("the database was written by an older version of Thorpe")
)

//go:embed migrations/*.sql
var migrations embed.FS

// pragmas stand in the DSN, so that every pooled connection has them.
var pragmas = url.Values{
	"_pragma": {
		"busy_timeout(10000)",
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"foreign_keys(1)",
		"temp_store(MEMORY)",
	},
	// A transaction takes the write lock when it begins: it can wait for it there, but not after having read.
	"_txlock": {"immediate"},
}

// maxConnections bounds the pool, and with it SQLite's page caches (2 MB each).
const maxConnections = 8

// Open opens the database file at path, creating it if need be, and migrates its schema, which nobody else may do or use meanwhile. Before it migrates
// what is there, it copies it: [Before]. A migration that is cut off anywhere leaves an earlier version whole, and the next Open goes on.
// It fails with [ErrNewer] if the file's schema is of a later version than this program's, and changes nothing then.
func Open(ctx context.Context, path string) (*sql.DB, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite gives its files beside it the same mode
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db, err := pool(path, maxConnections)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db, path); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// OpenCurrent opens a database that others may be using, if its schema is this program's; otherwise it fails with [ErrOlder] or [ErrNewer].
func OpenCurrent(ctx context.Context, path string) (*sql.DB, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrOlder
	}
	db, err := pool(path, maxConnections)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// checkVersion fails with ErrNewer or ErrOlder if the file's schema is not of this program's version. It changes nothing.
func checkVersion(ctx context.Context, db *sql.DB) error {
	provider, err := provide(db)
	if err != nil {
		return err
	}
	current, err := schemaVersion(ctx, db)
	switch latest := latestOf(provider); {
	case err != nil:
		return err
	case current > latest:
		return ErrNewer
	case current < latest:
		return ErrOlder
	}
	return nil
}

// latestOf is the version that the last migration leads to.
func latestOf(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// OpenRelaxed opens a second pool over a file that [Open] has opened, for what can be found out again: what it commits is seen by all at once and survives
// the end of the process, but until something else is committed a power cut may take it back (synchronous=NORMAL).
func OpenRelaxed(path string) (*sql.DB, error) { return pool(path, 1, "synchronous(NORMAL)") }

func pool(path string, connections int, more ...string) (*sql.DB, error) {
	values := maps.Clone(pragmas)
	values["_pragma"] = append(slices.Clone(values["_pragma"]), more...)
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: values.Encode()}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

func provide(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	return provider, nil
}

func migrate(ctx context.Context, db *sql.DB, path string) error {
	provider, err := provide(db)
	if err != nil {
		return err
	}
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the database's version: %w", err)
	}
	latest := latestOf(provider)
	switch {
	case current > latest:
		return ErrNewer
	case current == latest:
		return nil
	case current > 0:
		if err := keepBefore(ctx, path, current, latest); err != nil {
			return err
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return dropBefore(path, latest)
}
