package shares

import (
	"context"
	"database/sql"
	"fmt"
	"time"
	"unicode/utf8"
)

// MaxReport is how many characters a report has at most.
const MaxReport = 2000

// How many reports are kept open. What comes beyond is dropped, and the log says so.
const (
	maxReportsALink = 20
	maxReports      = 1000
)

// Report is what somebody who opened a link has told the operator of it.
type Report struct {
	ID   int64
	Link ID
	At   time.Time
	Text string // plain
	// State is the link's now: StateRemoved also where it was deleted since, StateExpired also where it was swept.
	State State
}

// Report keeps a report of a link for the operator, and does nothing to the link. A link that is not there, or that was
// removed, needs none: nothing is kept then, nor past the bounds, and nobody is told which it was.
//
// The text is plain, of 1 to MaxReport characters. It returns ErrBadReport.
func (s *Store) Report(ctx context.Context, id ID, text string) error {
	text = plainText(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > MaxReport {
		return ErrBadReport
	}
	kept := false
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		kept, err = insertReport(ctx, tx, id, text, s.now())
		return err
	})
	if err == nil && !kept {
		s.log.WarnContext(ctx, "dropped a report: the link is not there, or it or all links together have as many as are kept", "link", id)
	}
	return err
}

// Reports lists what is open, newest first, for the operator.
func (s *Store) Reports(ctx context.Context) ([]*Report, error) { return Reports(ctx, s.db, s.now()) }

// DeleteReport removes a report that the operator is done with, or returns ErrNotFound.
func (s *Store) DeleteReport(ctx context.Context, id int64) error {
	return DeleteReport(ctx, s.db, id)
}

// Reports is [Store.Reports] for a program that runs beside the server: db is of its data folder.
func Reports(ctx context.Context, db *sql.DB, now time.Time) ([]*Report, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT reports.id, reports.link, at, text, gone, stopped, paused, expires, max_visits, visits
		FROM reports LEFT JOIN link_ids ON link_ids.id = reports.link LEFT JOIN links ON links.id = reports.link ORDER BY reports.id DESC`)
	if err != nil {
		return nil, fmt.Errorf("listing reports: %w", err)
	}
	defer rows.Close()
	reports := []*Report{}
	for rows.Next() {
		r, err := scanReport(rows.Scan, now)
		if err != nil {
			return nil, fmt.Errorf("listing reports: %w", err)
		}
		reports = append(reports, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("listing reports: %w", err)
	}
	return reports, nil
}

func scanReport(scan func(...any) error, now time.Time) (*Report, error) {
	var (
		r                          Report
		link                       []byte
		at                         int64
		gone, stopped              sql.NullString
		paused                     sql.NullBool
		expires, maxVisits, visits sql.NullInt64
	)
	if err := scan(&r.ID, &link, &at, &r.Text, &gone, &stopped, &paused, &expires, &maxVisits, &visits); err != nil {
		return nil, err
	}
	r.Link, r.At = ID(link), time.Unix(at, 0)
	switch {
	case gone.String == string(StateExpired):
		r.State = StateExpired
	case gone.Valid || !visits.Valid: // also when its account was deleted
		r.State = StateRemoved
	default:
		r.State = stateOf(stopped, paused.Bool, timeOf(expires), maxVisits.Int64, visits.Int64, now)
	}
	return &r, nil
}

// insertReport keeps nothing of a link that is not there, nor past the bounds.
func insertReport(ctx context.Context, q querier, id ID, text string, now time.Time) (kept bool, err error) {
	result, err := q.ExecContext(ctx, `
		INSERT INTO reports (link, at, text) SELECT id, ?, ? FROM links WHERE id = ? AND coalesce(stopped, '') <> 'removed'
			AND (SELECT count(*) FROM reports WHERE link = links.id) < ? AND (SELECT count(*) FROM reports) < ?`,
		now.Unix(), text, id[:], maxReportsALink, maxReports)
	if err != nil {
		return false, fmt.Errorf("recording a report: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("recording a report: %w", err)
	}
	return n > 0, nil
}

// DeleteReport is [Store.DeleteReport] for a program that runs beside the server: db is of its data folder.
func DeleteReport(ctx context.Context, db *sql.DB, id int64) error {
	result, err := db.ExecContext(ctx, `DELETE FROM reports WHERE id = ?`, id)
	if err != nil {
		return fmt.Errorf("deleting a report: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("deleting a report: %w", err)
	} else if n == 0 {
		return ErrNotFound
	}
	return nil
}
