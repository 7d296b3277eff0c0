package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Setting returns what was last stored under name, or an empty text.
func Setting(ctx context.Context, db *sql.DB, name string) (value string, err error) {
	err = db.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = ?", name).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("reading the setting %q: %w", name, err)
	}
	return value, nil
}

// SetSetting stores value under name.
func SetSetting(ctx context.Context, db *sql.DB, name, value string) error {
	_, err := db.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	if err != nil {
		return fmt.Errorf("storing the setting %q: %w", name, err)
	}
	return nil
}
