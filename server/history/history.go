// Package history keeps what an operator looks back on: how space was taken over time ([Store.Samples]), what failed within the last day ([Store.Failures]), and when
// the last backup was made and checked ([Backups]).
//
// Start from [Open], then call [Store.Run], which measures each hour and writes down what failed.
//
// What it promises:
//
//   - All of it is bounded, whatever happens: see [KeptHours], [KeptDays], [LastFailures].
//   - Noting a failure ([Store.Note]) takes no time and touches no disk: what fails may be the disk. What was noted is written seconds later, and may be lost with the process.
//   - Nothing is made up: a moment at which nothing was measured has no sample.
//
// It measures nothing itself, and knows no names: what a failure's cause may say is decided by who notes it.
package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Store keeps samples and failures. Its methods may be called from several goroutines.
type Store struct {
	db  *sql.DB
	now func() time.Time

	mu       sync.Mutex
	failures []Failure // newest last
	counts   map[countKey]int64
	dirty    bool
}

// Open reads what was written down. db has the tables of server/database/migrations; what is lost of it with the power is no harm.
func Open(ctx context.Context, db *sql.DB, now func() time.Time) (*Store, error) {
	s := &Store{db: db, now: now, counts: map[countKey]int64{}}
	if err := s.readFailures(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// How often Run looks.
const (
	flushEvery = 10 * time.Second
	lookEvery  = time.Minute
)

// Run measures at once if nothing was measured in this hour, and then in each, and writes down what was noted, until ctx is done.
func (s *Store) Run(ctx context.Context, measure func(context.Context) (Sample, error), log *slog.Logger) {
	tell := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			log.Warn(what, "error", err) // no failure that is noted: the next try would find it again
		}
	}
	look := func() { tell("measuring what is taken", s.sampleIfDue(ctx, measure)) }
	flush, minute := time.NewTicker(flushEvery), time.NewTicker(lookEvery)
	defer flush.Stop()
	defer minute.Stop()
	look()
	for {
		select {
		case <-ctx.Done():
			if err := s.Flush(context.WithoutCancel(ctx)); err != nil {
				log.Warn("writing down what failed", "error", err)
			}
			return
		case <-flush.C:
			tell("writing down what failed", s.Flush(ctx))
		case <-minute.C:
			look()
		}
	}
}

func (s *Store) transact(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// each scans all rows of a query.
func each(rows *sql.Rows, scan func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
