package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ownLink is a link as its owner sees it, and what the store needs to change it.
type ownLink struct {
	Link
	stopped           sql.NullString // by the operator
	paused            bool           // by the owner
	tokenHash         [32]byte
	manifest, content objectName
}

func (l *ownLink) hasExpired(now time.Time) bool {
	return !l.Expires.IsZero() && !now.Before(l.Expires)
}

func (l *ownLink) stateAt(now time.Time) State {
	return stateOf(l.stopped, l.paused, l.Expires, l.MaxVisits, l.Visits, now)
}

// ownLinkColumns are what scanOwnLink reads.
const ownLinkColumns = `links.id, note, version, created, expires, max_visits, visits, last_opened, content_size, manifest_size, stopped, paused, message,
	token_hash, manifest, content FROM links JOIN link_ids ON link_ids.id = links.id`

func scanOwnLink(scan func(...any) error, now time.Time) (*ownLink, error) {
	var (
		l                                ownLink
		id, token, manifest, content     []byte
		created                          int64
		expires, maxVisits, lastOpenedAt sql.NullInt64
	)
	err := scan(&id, &l.Note, &l.Version, &created, &expires, &maxVisits, &l.Visits, &lastOpenedAt, &l.Size, &l.ManifestSize, &l.stopped, &l.paused, &l.Message,
		&token, &manifest, &content)
	if err != nil {
		return nil, err
	}
	l.ID, l.Created, l.MaxVisits = ID(id), time.Unix(created, 0), maxVisits.Int64
	l.Expires, l.LastOpened = timeOf(expires), timeOf(lastOpenedAt)
	l.tokenHash, l.manifest, l.content = [32]byte(token), objectName(manifest), objectName(content)
	l.State = l.stateAt(now)
	return &l, nil
}

// findOwnLink returns a link that is the owner's, or ErrNotFound.
func findOwnLink(ctx context.Context, q querier, owner [16]byte, id ID, now time.Time) (*ownLink, error) {
	row := q.QueryRowContext(ctx, `SELECT `+ownLinkColumns+` WHERE links.id = ? AND account = ?`, id[:], owner[:])
	l, err := scanOwnLink(row.Scan, now)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("finding a link: %w", err)
	}
	return l, nil
}

// updateTerms records what ChangeLink may change.
func updateTerms(ctx context.Context, q querier, l *ownLink) error {
	_, err := q.ExecContext(ctx, `UPDATE links SET expires = ?, max_visits = ?, paused = ? WHERE id = ?`,
		secondsOf(l.Expires), numberOf(l.MaxVisits), l.paused, l.ID[:])
	if err != nil {
		return fmt.Errorf("changing a link: %w", err)
	}
	return nil
}

// updateManifest records another manifest, token and note, and counts the change.
func updateManifest(ctx context.Context, q querier, l *ownLink) error {
	_, err := q.ExecContext(ctx, `UPDATE links SET manifest = ?, manifest_size = ?, token_hash = ?, note = ?, version = ? WHERE id = ?`,
		l.manifest[:], l.ManifestSize, l.tokenHash[:], l.Note, l.Version, l.ID[:])
	if err != nil {
		return fmt.Errorf("changing a link's manifest: %w", err)
	}
	return nil
}

// secondsOf is NULL for the zero time.
func secondsOf(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.Unix(), Valid: !t.IsZero()}
}

// numberOf is NULL for 0.
func numberOf(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: n != 0} }
