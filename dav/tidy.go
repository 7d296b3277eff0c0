package dav

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// incomingPrefix marks our own files in incoming/; others put theirs there too.
const incomingPrefix = "dav-"

// sweep removes what an earlier process was still receiving.
func (h *Handler) sweep() error {
	names, err := h.incoming.all()
	if err != nil {
		return fmt.Errorf("sweeping incoming: %w", err)
	}
	for _, n := range names {
		if strings.HasPrefix(n, incomingPrefix) {
			if err := h.data.RemoveAll("incoming/" + n); err != nil { // which keeps nobody from their files
				h.log.Error("sweeping incoming", "cause", ForLog(err))
			}
		}
	}
	return nil
}

// tidyOnce makes a drive's rows agree with its files, at the first request for it: a kill between a rename and the commit of its rows leaves kept things
// without a row, rows without a kept thing, or properties of what is gone.
func (h *Handler) tidyOnce(d Drive, t *tree) {
	h.state(d).tidy.Do(func() {
		defer h.lockDrive(d)()
		if err := errors.Join(h.tidyKept(d), h.tidyProperties(d, t)); err != nil {
			h.log.Error("tidying a drive", "cause", ForLog(err))
		}
		h.wake(d)
	})
}

// tidyProperties forgets the properties of what is not there, so that nothing new inherits them.
func (h *Handler) tidyProperties(d Drive, t *tree) error {
	ctx := context.Background()
	paths, err := queryStrings(ctx, h.db, `SELECT DISTINCT path FROM properties WHERE drive = ?`, d.ID[:])
	if err != nil {
		return err
	}
	for _, p := range paths {
		there := false
		err := t.visit(p, func(s *spot) error {
			there = s.exists() && s.path == p
			return nil
		})
		if err != nil && !errors.Is(err, ErrNoParent) {
			return err
		}
		if there {
			continue
		}
		if _, err := h.db.ExecContext(ctx, `DELETE FROM properties WHERE drive = ? AND path = ?`, d.ID[:], p); err != nil {
			return fmt.Errorf("forgetting properties: %w", err)
		}
	}
	return nil
}

func queryStrings(ctx context.Context, db *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading rows: %w", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("reading rows: %w", err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading rows: %w", err)
	}
	return all, nil
}
