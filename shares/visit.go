package shares

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ticketLife is how long a ticket holds, from when it was first asked for.
const ticketLife = 7 * 24 * time.Hour

// Visit is what the request of a link's holder shows.
type Visit struct {
	Link    ID
	Token   []byte // 32 bytes; anything else is a wrong one
	Ticket  []byte // 32 bytes; anything else is none
	Network string // where it comes from: an IPv4 address or an IPv6 /64
}

// Manifest opens the sealed manifest of a link. A ticket is not needed, but one that holds opens it also when the link
// has expired or is used up, so that a page can be loaded again. It returns the errors of docs/format.md, "Fetching a link", checked in that
// order: SlowDownError, ErrNotFound, GoneError, ErrWrongToken. Close the download.
func (s *Store) Manifest(ctx context.Context, v Visit) (*Download, error) {
	d := s.downloads.begin(ctx, v.Link)
	var l *fetchable
	err := s.openManifest(d, func() (name objectName, size int64, err error) {
		if l, _, err = s.admit(ctx, v); err != nil {
			return name, 0, err
		}
		return l.manifest, l.manifestSize, nil
	})
	if err != nil {
		d.Close()
		return nil, err
	}
	d.Limited = l.limited
	// A statistic for the owner, to the minute: no reason to write each time, nor to fail.
	if now := s.now(); now.Sub(l.lastOpened).Abs() >= time.Minute {
		if err := touchLink(ctx, s.db, v.Link, now); err != nil {
			s.log.WarnContext(ctx, "noting that a link was opened", "link", v.Link, "error", err)
		}
	}
	return d, nil
}

// Content opens the sealed content of a link, for a ticket that was given for this link and this token and still holds.
// It returns what Manifest returns, and after that ErrNoTicket. Close the download.
func (s *Store) Content(ctx context.Context, v Visit) (*Download, error) {
	d := s.downloads.begin(ctx, v.Link)
	l, holds, err := s.admit(ctx, v)
	if err == nil && !holds {
		err = ErrNoTicket
	}
	if err == nil {
		err = s.openObject(d, l.content, l.contentSize)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// TakeTicket makes v.Ticket a ticket for the link and its token, which holds for 7 days, and counts a visit. The same
// ticket again counts nothing: counted says which it was. It returns what Manifest returns, and ErrNoTicket if v.Ticket
// is none.
func (s *Store) TakeTicket(ctx context.Context, v Visit) (counted bool, err error) {
	if len(v.Ticket) != 32 {
		return false, ErrNoTicket
	}
	l, holds, err := s.admit(ctx, v)
	if err != nil || holds {
		return false, err
	}
	// The limit is checked and counted under the database's write lock. The token was right for this hash of it; it need not
	// be shown again.
	err = s.transact(ctx, func(tx *sql.Tx) error {
		now := s.now()
		again, err := findFetchable(ctx, tx, v.Link)
		if err != nil {
			return err
		} else if again.tokenHash != l.tokenHash {
			return ErrWrongToken
		}
		if holds, err = isTicket(ctx, tx, again, v.Ticket, now); err != nil || holds {
			return err
		}
		if gone := again.gone(now); gone != nil {
			return gone
		}
		if err := countVisit(ctx, tx, v.Link, now); err != nil {
			return err
		}
		return insertTicket(ctx, tx, again, v.Ticket, now.Add(ticketLife))
	})
	return err == nil && !holds, err
}

// admit decides whether a visit may go on; holds says whether it has a ticket.
func (s *Store) admit(ctx context.Context, v Visit) (l *fetchable, holds bool, err error) {
	now := s.now()
	key := throttleKey{v.Link, v.Network}
	if wait := s.wrong.blocked(key, now); wait > 0 {
		return nil, false, &SlowDownError{wait}
	}
	if l, err = findFetchable(ctx, s.db, v.Link); err != nil {
		return nil, false, err
	}
	if len(v.Ticket) == 32 {
		if holds, err = isTicket(ctx, s.db, l, v.Ticket, now); err != nil {
			return nil, false, err
		}
	}
	if gone := l.gone(now); gone != nil && (gone.Reason == StatePaused || gone.Reason == StateRemoved || !holds) {
		return nil, false, gone
	}
	right, wait := s.wrong.judge(key, now, func() bool { return l.isToken(v.Token) })
	switch {
	case wait > 0:
		return nil, false, &SlowDownError{wait}
	case !right:
		if err := countWrongToken(ctx, s.db, v.Link); err != nil {
			s.log.WarnContext(ctx, "counting a wrong token", "link", v.Link, "error", err)
		}
		return nil, false, ErrWrongToken
	}
	return l, holds, nil
}

// fetchable is what must be known of a link to hand it out.
type fetchable struct {
	id                        ID
	tokenHash                 [32]byte
	manifest, content         objectName
	manifestSize, contentSize int64
	state                     func(now time.Time) State
	message                   string
	lastOpened                time.Time
	limited                   bool // opens only so many times
}

// gone returns why the link can't be fetched, or nil.
func (l *fetchable) gone(now time.Time) *GoneError {
	if state := l.state(now); state != StateOpen {
		return &GoneError{state, l.message}
	}
	return nil
}

// isToken compares in constant time.
func (l *fetchable) isToken(token []byte) bool {
	hash := sha256.Sum256(token)
	return len(token) == 32 && subtle.ConstantTimeCompare(hash[:], l.tokenHash[:]) == 1
}

// findFetchable returns the link with this id, ErrNotFound if none was ever published, and GoneError if only the id is
// left.
func findFetchable(ctx context.Context, q querier, id ID) (*fetchable, error) {
	var (
		l                            = fetchable{id: id}
		gone, stopped                sql.NullString
		tokenHash, manifest, content []byte
		manifestSize, contentSize    sql.NullInt64
		expires, maxVisits, visits   sql.NullInt64
		lastOpened                   sql.NullInt64
		paused                       sql.NullBool
	)
	err := q.QueryRowContext(ctx, `
		SELECT link_ids.gone, link_ids.message, token_hash, manifest, manifest_size, content, content_size,
				expires, max_visits, visits, stopped, paused, last_opened
		FROM link_ids LEFT JOIN links ON links.id = link_ids.id WHERE link_ids.id = ?`, id[:]).
		Scan(&gone, &l.message, &tokenHash, &manifest, &manifestSize, &content, &contentSize, &expires, &maxVisits, &visits, &stopped, &paused, &lastOpened)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("finding a link: %w", err)
	}
	if tokenHash == nil {
		if gone.String == string(StateExpired) {
			return nil, &GoneError{StateExpired, l.message}
		}
		return nil, &GoneError{StateRemoved, l.message} // also when its account was
	}
	l.tokenHash, l.manifest, l.content = [32]byte(tokenHash), objectName(manifest), objectName(content)
	l.manifestSize, l.contentSize = manifestSize.Int64, contentSize.Int64
	l.lastOpened, l.limited = timeOf(lastOpened), maxVisits.Int64 != 0
	l.state = func(now time.Time) State {
		return stateOf(stopped, paused.Bool, timeOf(expires), maxVisits.Int64, visits.Int64, now)
	}
	return &l, nil
}

// isTicket says whether a ticket was given for the link and its present token, and holds.
func isTicket(ctx context.Context, q querier, l *fetchable, ticket []byte, now time.Time) (holds bool, err error) {
	hash := sha256.Sum256(ticket)
	err = q.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM tickets WHERE link = ? AND ticket_hash = ? AND token_hash = ? AND expires > ?)`,
		l.id[:], hash[:], l.tokenHash[:], now.Unix()).Scan(&holds)
	if err != nil {
		return false, fmt.Errorf("looking for a ticket: %w", err)
	}
	return holds, nil
}

// insertTicket takes the place of the same ticket, if that holds no more.
func insertTicket(ctx context.Context, q querier, l *fetchable, ticket []byte, expires time.Time) error {
	hash := sha256.Sum256(ticket)
	_, err := q.ExecContext(ctx, `
		INSERT INTO tickets (link, ticket_hash, token_hash, expires) VALUES (?, ?, ?, ?)
		ON CONFLICT (link, ticket_hash) DO UPDATE SET token_hash = excluded.token_hash, expires = excluded.expires`,
		l.id[:], hash[:], l.tokenHash[:], expires.Unix())
	if err != nil {
		return fmt.Errorf("recording a ticket: %w", err)
	}
	return nil
}

// deleteExpiredTickets removes tickets that hold no more, most of them at a time, and returns how many those were.
func deleteExpiredTickets(ctx context.Context, q querier, now time.Time, most int) (int, error) {
	result, err := q.ExecContext(ctx, `
		DELETE FROM tickets WHERE (link, ticket_hash) IN (SELECT link, ticket_hash FROM tickets WHERE expires <= ? LIMIT ?)`, now.Unix(), most)
	if err != nil {
		return 0, fmt.Errorf("deleting tickets: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("deleting tickets: %w", err)
	}
	return int(n), nil
}

func countVisit(ctx context.Context, q querier, id ID, now time.Time) error {
	if _, err := q.ExecContext(ctx, `UPDATE links SET visits = visits + 1, last_opened = ? WHERE id = ?`, now.Unix(), id[:]); err != nil {
		return fmt.Errorf("counting a visit: %w", err)
	}
	return nil
}

func touchLink(ctx context.Context, q querier, id ID, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE links SET last_opened = ? WHERE id = ?`, now.Unix(), id[:])
	return err
}

func countWrongToken(ctx context.Context, q querier, id ID) error {
	_, err := q.ExecContext(ctx, `UPDATE links SET wrong_tokens = wrong_tokens + 1 WHERE id = ?`, id[:])
	return err
}
