package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Before is the name of the copy that [Open] makes of the database at path before it migrates it to a version: the way back to the program before.
func Before(path string, version int64) string { return fmt.Sprintf("%s.before-%d", path, version) }

// keepBefore copies the database at path, whose schema is of version current, before it is migrated to a later one. A copy that a migration which was
// cut off has made stays: what it left is no version that any program was made for.
func keepBefore(ctx context.Context, path string, current, to int64) error {
	kept := Before(path, to)
	switch at, err := copyVersion(ctx, kept); {
	case err == nil && at < current:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("looking at the copy %s: %w", kept, err)
	}
	part := kept + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copying the database before it is migrated: %w", err)
	}
	if err := Copy(ctx, path, part); err != nil {
		return errors.Join(fmt.Errorf("before it is migrated: %w", err), os.Remove(part))
	}
	if err := os.Rename(part, kept); err != nil {
		return fmt.Errorf("copying the database before it is migrated: %w", err)
	}
	return nil
}

// copyVersion is the version of a copy's schema.
func copyVersion(ctx context.Context, path string) (version int64, err error) {
	if _, err := os.Stat(path); err != nil {
		return 0, err
	}
	db, err := OpenCopy(path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return schemaVersion(ctx, db)
}

// schemaVersion is the version of a database; 0: it was never migrated.
func schemaVersion(ctx context.Context, db *sql.DB) (version int64, err error) {
	var known bool
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'goose_db_version')").Scan(&known)
	if err == nil && known {
		err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	}
	if err != nil {
		return 0, fmt.Errorf("reading the database's version: %w", err)
	}
	return version, nil
}

// dropBefore removes the copies of earlier migrations: one way back is kept.
func dropBefore(path string, to int64) error {
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("removing earlier copies of the database: %w", err)
	}
	for _, entry := range names {
		name := filepath.Join(filepath.Dir(path), entry.Name())
		if strings.HasPrefix(name, path+".before-") && name != Before(path, to) {
			if err := os.Remove(name); err != nil {
				return fmt.Errorf("removing earlier copies of the database: %w", err)
			}
		}
	}
	return nil
}
