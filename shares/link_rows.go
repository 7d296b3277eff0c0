package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// isLinkID says whether the id was ever published.
func isLinkID(ctx context.Context, q querier, id ID) (found bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM link_ids WHERE id = ?)`, id[:]).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("looking for a link's id: %w", err)
	}
	return found, nil
}

func insertLink(ctx context.Context, q querier, owner [16]byte, l *Link, tokenHash [32]byte, manifest, content objectName) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO link_ids (id) VALUES (?)`, l.ID[:]); err != nil {
		return fmt.Errorf("recording a link's id: %w", err)
	}
	note := l.Note
	if note == nil {
		note = []byte{} // NULL to the driver otherwise
	}
	_, err := q.ExecContext(ctx, `
		INSERT INTO links (id, account, token_hash, manifest, manifest_size, content, content_size, note, created, expires, max_visits)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.ID[:], owner[:], tokenHash[:], manifest[:], l.ManifestSize, content[:], l.Size, note, l.Created.Unix(),
		secondsOf(l.Expires), numberOf(l.MaxVisits))
	if err != nil {
		return fmt.Errorf("recording a link: %w", err)
	}
	return nil
}

// countLinks counts an account's links that take room: all but those that have expired, and those that the operator removed.
func countLinks(ctx context.Context, q querier, owner [16]byte, now time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT count(*) FROM links WHERE account = ? AND (expires IS NULL OR expires > ?) AND coalesce(stopped, '') <> 'removed'`,
		owner[:], now.Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting links: %w", err)
	}
	return n, nil
}

// sumBytes adds up what the rows say that an account's links and unfinished uploads take.
func sumBytes(ctx context.Context, q querier, owner [16]byte, now time.Time) (n int64, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT (SELECT coalesce(sum(content_size + manifest_size), 0) FROM links WHERE account = ? AND coalesce(stopped, '') <> 'removed')
		     + (SELECT coalesce(sum(offset + state_size), 0) FROM uploads WHERE account = ? AND placed = 0 AND expires > ?)`,
		owner[:], owner[:], now.Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("adding up links and uploads: %w", err)
	}
	return n, nil
}

func findLinks(ctx context.Context, q querier, owner [16]byte, now time.Time) ([]*Link, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+ownLinkColumns+` WHERE account = ? ORDER BY created DESC, serial DESC`, owner[:])
	if err != nil {
		return nil, fmt.Errorf("finding links: %w", err)
	}
	defer rows.Close()
	links := []*Link{}
	for rows.Next() {
		l, err := scanOwnLink(rows.Scan, now)
		if err != nil {
			return nil, fmt.Errorf("finding links: %w", err)
		}
		links = append(links, &l.Link)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("finding links: %w", err)
	}
	return links, nil
}

// stateOf says what a link is at a time: at the second it expires, it has expired. What lets nobody in, with a ticket or without, comes first.
func stateOf(stopped sql.NullString, paused bool, expires time.Time, maxVisits, visits int64, now time.Time) State {
	switch {
	case stopped.Valid:
		return State(stopped.String)
	case paused:
		return StatePaused
	case !expires.IsZero() && !now.Before(expires):
		return StateExpired
	case maxVisits != 0 && visits >= maxVisits:
		return StateUsedUp
	}
	return StateOpen
}

// timeOf is the zero time for NULL.
func timeOf(seconds sql.NullInt64) time.Time {
	if !seconds.Valid {
		return time.Time{}
	}
	return time.Unix(seconds.Int64, 0)
}

// deleteLink removes a link that is the owner's, leaves its id, and returns the objects that are left over. It returns
// ErrNotFound.
func deleteLink(ctx context.Context, q querier, owner [16]byte, id ID) ([]objectName, error) {
	var manifest, content []byte
	err := q.QueryRowContext(ctx, `DELETE FROM links WHERE id = ? AND account = ? RETURNING manifest, content`,
		id[:], owner[:]).Scan(&manifest, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("deleting a link: %w", err)
	}
	if _, err := q.ExecContext(ctx, `UPDATE link_ids SET gone = 'removed' WHERE id = ?`, id[:]); err != nil {
		return nil, fmt.Errorf("recording a link's end: %w", err)
	}
	return []objectName{objectName(manifest), objectName(content)}, nil
}

// deleteExpiredLinks removes links that expired at or before a time, most of them at a time, leaves their ids, and returns
// their objects. What the operator took down stays so.
func deleteExpiredLinks(ctx context.Context, q querier, before time.Time, most int) (ids []ID, left []objectName, err error) {
	const those = `IN (SELECT id FROM links WHERE expires <= ? ORDER BY expires, serial LIMIT ?)`
	_, err = q.ExecContext(ctx, `
		UPDATE link_ids SET gone = CASE (SELECT stopped FROM links WHERE links.id = link_ids.id) WHEN 'removed' THEN 'removed' ELSE 'expired' END
		WHERE id `+those, before.Unix(), most)
	if err != nil {
		return nil, nil, fmt.Errorf("recording the end of links: %w", err)
	}
	rows, err := q.QueryContext(ctx, `DELETE FROM links WHERE id `+those+` RETURNING id, manifest, content`, before.Unix(), most)
	if err != nil {
		return nil, nil, fmt.Errorf("deleting expired links: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, manifest, content []byte
		if err := rows.Scan(&id, &manifest, &content); err != nil {
			return nil, nil, fmt.Errorf("deleting expired links: %w", err)
		}
		ids, left = append(ids, ID(id)), append(left, objectName(manifest), objectName(content))
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("deleting expired links: %w", err)
	}
	return ids, left, nil
}

// findLinkObjects calls use with each object that a link is made of.
func findLinkObjects(ctx context.Context, q querier, use func(link ID, manifest, content objectName)) error {
	rows, err := q.QueryContext(ctx, `SELECT id, manifest, content FROM links WHERE coalesce(stopped, '') <> 'removed'`)
	if err != nil {
		return fmt.Errorf("finding the objects of links: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, manifest, content []byte
		if err := rows.Scan(&id, &manifest, &content); err != nil {
			return fmt.Errorf("finding the objects of links: %w", err)
		}
		use(ID(id), objectName(manifest), objectName(content))
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("finding the objects of links: %w", err)
	}
	return nil
}
