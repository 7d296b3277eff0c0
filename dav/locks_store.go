package dav

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
)

// liveLocks reads a drive's locks that have not expired, roots first.
func (h *Handler) liveLocks(ctx context.Context, d Drive) (lockSet, error) {
	if !h.mayHaveLocks(d) {
		return nil, nil
	}
	return queryLocks(ctx, h.db, `SELECT token, path, infinite, shared, owner, expires, placeholder FROM locks
		WHERE drive = ? AND expires > ? AND expires <= ? ORDER BY path, token`, append([]any{d.ID[:]}, h.lockSpan()...)...)
}

// lockSpan are the seconds in which a lock that lives now can end: after the first, and at the second at the latest. One that would live for longer
// was made before the clock was set back, by a client that may be gone for long.
func (h *Handler) lockSpan() []any {
	now := h.now()
	return []any{now.Unix(), now.Add(maxLockTime).Unix()}
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func queryLocks(ctx context.Context, q querier, query string, args ...any) (lockSet, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading locks: %w", err)
	}
	defer rows.Close()
	var set lockSet
	for rows.Next() {
		var l lock
		if err := rows.Scan(&l.token, &l.path, &l.infinite, &l.shared, &l.owner, &l.expires, &l.placeholder); err != nil {
			return nil, fmt.Errorf("reading locks: %w", err)
		}
		set = append(set, l)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading locks: %w", err)
	}
	return set, nil
}

func (h *Handler) insertLock(ctx context.Context, d Drive, l *lock) error {
	_, err := h.db.ExecContext(ctx, `INSERT INTO locks (token, drive, path, infinite, shared, owner, expires, placeholder) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		l.token, d.ID[:], l.path, l.infinite, l.shared, l.owner, l.expires, l.placeholder)
	if err != nil {
		return fmt.Errorf("storing a lock: %w", err)
	}
	h.state(d).locks.Store(rowsSome)
	return nil
}

func (h *Handler) extendLock(ctx context.Context, d Drive, token string, expires int64) error {
	if _, err := h.db.ExecContext(ctx, `UPDATE locks SET expires = ? WHERE drive = ? AND token = ?`, expires, d.ID[:], token); err != nil {
		return fmt.Errorf("refreshing a lock: %w", err)
	}
	return nil
}

// pathRange is a condition on the column path, with its arguments.
type pathRange struct {
	where string
	args  []any
}

// below is a path and all inside it; inside leaves the path itself out. '0' follows '/'. The path is not a drive's root.
func below(path string) pathRange {
	return pathRange{`(path = ? OR path > ? AND path < ?)`, []any{path, path + "/", path + "0"}}
}

func inside(path string) pathRange {
	return pathRange{`(path > ? AND path < ?)`, []any{path + "/", path + "0"}}
}

func deleteLocks(ctx context.Context, tx *sql.Tx, d Drive, r pathRange) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM locks WHERE drive = ? AND `+r.where, append([]any{d.ID[:]}, r.args...)...); err != nil {
		return fmt.Errorf("ending locks: %w", err)
	}
	return nil
}

const selectRows = `SELECT EXISTS (SELECT 1 FROM properties WHERE drive = ? AND (path = ? OR path > ? AND path < ?))
	OR EXISTS (SELECT 1 FROM locks WHERE drive = ? AND (path = ? OR path > ? AND path < ?))`

// hasRows says whether there are locks or properties on a path or below it.
func (c *change) hasRows(path string) (some bool, err error) {
	if !c.h.mayHaveLocks(c.drive) && !c.h.mayHaveProperties(c.drive) {
		return false, nil
	}
	look := c.h.selectRows
	if c.tx != nil { // another connection might not be free while others wait for ours to end
		look = c.tx.StmtContext(c.ctx, look)
	}
	args := append([]any{c.drive.ID[:]}, below(path).args...)
	if err = look.QueryRowContext(c.ctx, append(args, args...)...).Scan(&some); err != nil {
		return false, fmt.Errorf("looking for rows: %w", err)
	}
	return some, nil
}

// endLocks ends locks, and removes the empty files that they made if nothing was written to them. The caller holds the drive.
func (h *Handler) endLocks(ctx context.Context, t *tree, d Drive, set lockSet) error {
	defer h.noteLocks(ctx, d)
	for i := range set {
		l := &set[i]
		if _, err := h.db.ExecContext(ctx, `DELETE FROM locks WHERE drive = ? AND token = ?`, d.ID[:], l.token); err != nil {
			return fmt.Errorf("ending a lock: %w", err)
		}
		if err := h.removePlaceholder(ctx, t, d, l); err != nil {
			return err
		}
	}
	return nil
}

// removePlaceholder removes the empty file that a lock made, if nothing was written to it. The caller holds the drive.
func (h *Handler) removePlaceholder(ctx context.Context, t *tree, d Drive, l *lock) error {
	if l.placeholder == "" {
		return nil
	}
	s, err := t.at(l.path)
	if errors.Is(err, ErrNoParent) {
		return nil
	}
	if err != nil {
		return err
	}
	if !s.isFile() || s.info.size != 0 || etag(s.info) != l.placeholder {
		return nil
	}
	if err := s.dir.remove(s.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing what a lock made: %w", err)
	}
	if err := s.dir.sync(); err != nil {
		return err
	}
	if _, err := h.db.ExecContext(ctx, `DELETE FROM properties WHERE drive = ? AND path = ?`, d.ID[:], s.path); err != nil {
		return fmt.Errorf("removing what a lock made: %w", err)
	}
	return nil
}

// endExpired ends the drive's locks whose time is over.
func (h *Handler) endExpired(ctx context.Context, t *tree, d Drive) error {
	if !h.mayHaveLocks(d) {
		return nil
	}
	const expired = `SELECT token, path, infinite, shared, owner, expires, placeholder FROM locks WHERE drive = ? AND NOT (expires > ? AND expires <= ?)`
	over := append([]any{d.ID[:]}, h.lockSpan()...)
	set, err := queryLocks(ctx, h.db, expired, over...)
	if err != nil || len(set) == 0 {
		return err
	}
	defer h.lockDrive(d)()
	if set, err = queryLocks(ctx, h.db, expired, over...); err != nil { // one may have been refreshed meanwhile
		return err
	}
	return h.endLocks(ctx, t, d, set)
}
