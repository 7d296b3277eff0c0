package history

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Sample is how the space was taken at a moment, in bytes.
type Sample struct {
	At       time.Time // whole seconds
	Drives   int64     // the files in all drives
	Links    int64     // all links and their unfinished uploads
	Kept     int64     // what is kept of deleted and overwritten files
	Database int64
	Free     int64 // what the disk has left for the server
	Size     int64 // what it has at all
}

// What is kept of the samples: one an hour for KeptHours, and before that the last of each day (UTC), KeptDays of them.
const (
	KeptHours = 8 * 24
	KeptDays  = 3 * 366
)

const hour = time.Hour / time.Second // in the rows

// sampleIfDue measures unless that was done in this hour.
func (s *Store) sampleIfDue(ctx context.Context, measure func(context.Context) (Sample, error)) error {
	var last sql.NullInt64
	now := s.now().Unix()
	if err := s.db.QueryRowContext(ctx, `SELECT max(at) FROM space_samples WHERE at <= ?`, now).Scan(&last); err != nil {
		return fmt.Errorf("reading when space was measured: %w", err)
	}
	if last.Valid && last.Int64/int64(hour) == now/int64(hour) {
		return nil
	}
	sample, err := measure(ctx)
	if err != nil {
		return err
	}
	sample.At = time.Unix(now, 0)
	return s.Record(ctx, sample)
}

// Record keeps samples, and lets go of those that have had their time.
func (s *Store) Record(ctx context.Context, samples ...Sample) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		for _, sample := range samples {
			if err := insertSample(ctx, tx, sample); err != nil {
				return err
			}
		}
		return thinSamples(ctx, tx, s.now())
	})
}

func insertSample(ctx context.Context, tx *sql.Tx, s Sample) error {
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO space_samples (at, drives, links, kept, database, free, size) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.At.Unix(), s.Drives, s.Links, s.Kept, s.Database, s.Free, s.Size); err != nil {
		return fmt.Errorf("keeping what was measured: %w", err)
	}
	return nil
}

// thinSamples deletes by count what it can, so that a clock that was wrong for a while does not take years with it. What a clock that ran ahead has left goes.
func thinSamples(ctx context.Context, tx *sql.Tx, now time.Time) error {
	for _, statement := range []struct {
		text string
		args []any
	}{
		{`DELETE FROM space_samples WHERE at > ?`, []any{now.Unix()}},
		{`DELETE FROM space_samples WHERE at NOT IN (SELECT max(at) FROM space_samples GROUP BY at / 3600)`, nil},
		{`DELETE FROM space_samples WHERE at NOT IN (SELECT at FROM space_samples ORDER BY at DESC LIMIT ?)
			AND at NOT IN (SELECT max(at) FROM space_samples GROUP BY at / 86400)`, []any{KeptHours}},
		{`DELETE FROM space_samples WHERE at NOT IN (SELECT at FROM space_samples ORDER BY at DESC LIMIT ?)`, []any{KeptHours + KeptDays}},
	} {
		if _, err := tx.ExecContext(ctx, statement.text, statement.args...); err != nil {
			return fmt.Errorf("letting go of old measurements: %w", err)
		}
	}
	return nil
}

// Samples are those of the time since then, oldest first: KeptHours + KeptDays at most.
func (s *Store) Samples(ctx context.Context, since time.Time) ([]Sample, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT at, drives, links, kept, database, free, size FROM space_samples WHERE at >= ? AND at <= ? ORDER BY at`, since.Unix(), s.now().Unix())
	if err != nil {
		return nil, fmt.Errorf("reading what was measured: %w", err)
	}
	all := []Sample{}
	err = each(rows, func() error {
		var m Sample
		var at int64
		err := rows.Scan(&at, &m.Drives, &m.Links, &m.Kept, &m.Database, &m.Free, &m.Size)
		m.At = time.Unix(at, 0).UTC()
		all = append(all, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading what was measured: %w", err)
	}
	return all, nil
}
