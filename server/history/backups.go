package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"thorpe/server/database"
)

// Backups is what the data folder knows of its backups.
type Backups struct {
	Made   *Backup // the last one; nil: none
	Check  *Check  // the last time that one was read again; nil: never
	Failed time.Time
}

// Backup is one that was made. What it copied was read back and was as it was written: without that there is none.
type Backup struct {
	At     time.Time // when it began
	Name   string    // of its folder
	Files  int64
	Bytes  int64
	Unread int64 // files and folders that could not be read, and are not in it
	Lost   int64 // objects of links that the data folder itself does not have
}

// Check is a reading of a whole backup.
type Check struct {
	At      time.Time
	Name    string
	Damaged int64 // files that are missing or changed
}

// The settings in which it stands. lastBackup alone was there in earlier versions: RFC 3339, UTC.
const (
	lastBackup   = "backup"
	backupResult = "backup_result"
	backupCheck  = "backup_check"
	backupFailed = "backup_failed"
)

// NoteBackup notes that a backup was made.
func NoteBackup(ctx context.Context, db *sql.DB, b Backup) error {
	b.At = b.At.UTC().Truncate(time.Second)
	if err := noteAs(ctx, db, backupResult, b); err != nil {
		return err
	}
	return database.SetSetting(ctx, db, lastBackup, b.At.Format(time.RFC3339))
}

// NoteFailedBackup notes that one could not be made.
func NoteFailedBackup(ctx context.Context, db *sql.DB, at time.Time) error {
	return database.SetSetting(ctx, db, backupFailed, at.UTC().Format(time.RFC3339))
}

// NoteCheck notes that a backup was read.
func NoteCheck(ctx context.Context, db *sql.DB, c Check) error {
	c.At = c.At.UTC().Truncate(time.Second)
	return noteAs(ctx, db, backupCheck, c)
}

func noteAs(ctx context.Context, db *sql.DB, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("noting a backup: %w", err)
	}
	return database.SetSetting(ctx, db, name, string(text))
}

// ReadBackups reads what was noted. What a later version has written in another way counts as not there.
func ReadBackups(ctx context.Context, db *sql.DB) (b Backups, err error) {
	read := map[string]string{}
	for _, name := range []string{lastBackup, backupResult, backupCheck, backupFailed} {
		if read[name], err = database.Setting(ctx, db, name); err != nil {
			return Backups{}, err
		}
	}
	if at, err := time.Parse(time.RFC3339, read[lastBackup]); err == nil {
		b.Made = &Backup{At: at}
		var whole Backup
		if json.Unmarshal([]byte(read[backupResult]), &whole) == nil && whole.At.Equal(at) { // else an earlier version has made it
			b.Made = &whole
		}
	}
	var c Check
	if json.Unmarshal([]byte(read[backupCheck]), &c) == nil && !c.At.IsZero() {
		b.Check = &c
	}
	if at, err := time.Parse(time.RFC3339, read[backupFailed]); err == nil {
		b.Failed = at
	}
	return b, nil
}

// Backups is [ReadBackups].
func (s *Store) Backups(ctx context.Context) (Backups, error) { return ReadBackups(ctx, s.db) }
