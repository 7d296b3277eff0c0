package accounts

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// SessionLife is how long a session holds without being used.
	SessionLife = 30 * 24 * time.Hour
	// seenStep is how exactly a session's last use is written down: a write for every request would be too many.
	seenStep = 5 * time.Minute
	// maxSessions is how many sessions an account has at most; a new one then ends the one that was used least recently.
	maxSessions = 100
	// maxAgent is how many bytes of a browser's name are kept.
	maxAgent = 200
)

// Session is a browser, or a command line, that is signed in.
type Session struct {
	ID      int64
	Account Account
	Created time.Time
	Seen    time.Time // at most five minutes old
	Proved  time.Time // when the auth key was last shown
	Agent   string
	Noted   bool // this use was written down: the session lives SessionLife from now
}

// HasProof says whether the session may do at now what needs proof.
func (s *Session) HasProof(now time.Time) bool { return now.Sub(s.Proved).Abs() < ProofLife } // neither when the clock was set back since

// Box is what a browser needs, beside the password, to have the account key: the wrap box and its salt.
type Box struct {
	Salt [16]byte
	Wrap [60]byte
}

// SignIn opens a session for whoever shows the auth key of that name. ErrWrongKey otherwise, also if nobody has the name.
func (s *Store) SignIn(ctx context.Context, name string, auth [32]byte, agent string) (account *Account, box Box, session Token, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if account, err = scanAccount(tx.QueryRowContext(ctx, accountByName, name)); errors.Is(err, ErrNotFound) {
			account = &Account{} // go the same way, to the same answer
		} else if err != nil {
			return err
		}
		if err := checkKey(ctx, tx, "auth_hash", account.ID, auth); err != nil {
			return err
		}
		if box, err = findBox(ctx, tx, account.ID); err != nil {
			return err
		}
		session, err = insertSession(ctx, tx, account.ID, agent, s.now().Unix())
		return err
	})
	return account, box, session, err
}

// checkKey compares key with the hash in the account's column (auth_hash or recovery_hash): ErrWrongKey, also for an account
// that is not there.
func checkKey(ctx context.Context, tx *sql.Tx, column string, id ID, key [32]byte) error {
	stored := make([]byte, 32)
	err := tx.QueryRowContext(ctx, "SELECT "+column+" FROM accounts WHERE id = ?", id[:]).Scan(&stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reading an account: %w", err)
	}
	if subtle.ConstantTimeCompare(stored, hash(key[:])) != 1 || err != nil {
		return ErrWrongKey
	}
	return nil
}

func findBox(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, id ID) (box Box, err error) {
	var salt, wrap []byte
	if err := q.QueryRowContext(ctx, "SELECT salt, wrap_box FROM accounts WHERE id = ?", id[:]).Scan(&salt, &wrap); err != nil {
		return box, fmt.Errorf("reading a box: %w", err)
	}
	copy(box.Salt[:], salt)
	copy(box.Wrap[:], wrap)
	return box, nil
}

// Box returns the account's own box.
func (s *Store) Box(ctx context.Context, id ID) (Box, error) { return findBox(ctx, s.db, id) }

func insertSession(ctx context.Context, tx *sql.Tx, id ID, agent string, now int64) (Token, error) {
	token := Token(random32())
	if len(agent) > maxAgent {
		agent = agent[:maxAgent]
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE seen <= ?", now-int64(SessionLife/time.Second)); err != nil {
		return token, fmt.Errorf("sweeping sessions: %w", err)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO sessions (token_hash, account, created, seen, proved, agent) VALUES (?, ?, ?, ?, ?, ?)",
		hash(token[:]), id[:], now, now, now, agent)
	if err != nil {
		return token, fmt.Errorf("storing a session: %w", err)
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE account = ? AND id NOT IN
		(SELECT id FROM sessions WHERE account = ? ORDER BY seen DESC, id DESC LIMIT ?)`, id[:], id[:], maxSessions)
	if err != nil {
		return token, fmt.Errorf("bounding the sessions: %w", err)
	}
	return token, nil
}

const sessionColumns = `SELECT s.id, s.created, s.seen, s.proved, s.agent, ` + accountColumns + `
	FROM sessions s JOIN accounts a ON a.id = s.account `

func scanSession(scan func(...any) error) (*Session, error) {
	var s Session
	var row accountRow
	var created, seen, proved int64
	if err := scan(append([]any{&s.ID, &created, &seen, &proved, &s.Agent}, row.columns()...)...); err != nil {
		return nil, err
	}
	s.Account = row.account()
	s.Created, s.Seen, s.Proved = time.Unix(created, 0).UTC(), time.Unix(seen, 0).UTC(), time.Unix(proved, 0).UTC()
	return &s, nil
}

// Session returns the session whose token this is, and notes that it was used. ErrNotFound if it ended.
func (s *Store) Session(ctx context.Context, token Token) (*Session, error) {
	now := s.now()
	session, err := scanSession(s.db.QueryRowContext(ctx, sessionColumns+"WHERE s.token_hash = ? AND s.seen > ?",
		hash(token[:]), now.Add(-SessionLife).Unix()).Scan)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("reading a session: %w", err)
	}
	if now.Sub(session.Seen) >= seenStep { // not when the clock was set back: set right again, it would have ended the session
		_, err := s.db.ExecContext(ctx, "UPDATE sessions SET seen = ? WHERE id = ?", now.Unix(), session.ID)
		if session.Noted = err == nil; err != nil {
			s.log.WarnContext(ctx, "a session's use could not be noted", "error", err) // which is no reason to refuse it
		}
	}
	return session, nil
}

// Sessions lists the account's sessions, the last used first.
func (s *Store) Sessions(ctx context.Context, account ID) ([]Session, error) {
	rows, err := s.db.QueryContext(ctx, sessionColumns+"WHERE s.account = ? AND s.seen > ? ORDER BY s.seen DESC, s.id DESC",
		account[:], s.now().Add(-SessionLife).Unix())
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	defer rows.Close()
	sessions := []Session{}
	for rows.Next() {
		session, err := scanSession(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("listing sessions: %w", err)
		}
		sessions = append(sessions, *session)
	}
	return sessions, rows.Err()
}

// EndSession ends one of the account's sessions, or answers ErrNotFound.
func (s *Store) EndSession(ctx context.Context, account ID, id int64) error {
	result, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE id = ? AND account = ?", id, account[:])
	return oneRow(result, err, ErrNotFound)
}

// EndOtherSessions ends the account's sessions but this one, and answers how many that were.
func (s *Store) EndOtherSessions(ctx context.Context, session *Session) (int64, error) {
	result, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE account = ? AND id <> ?", session.Account.ID[:], session.ID)
	if err != nil {
		return 0, fmt.Errorf("ending sessions: %w", err)
	}
	return result.RowsAffected()
}

// Prove notes that the session's owner has shown the auth key; ErrWrongKey if it is not theirs.
func (s *Store) Prove(ctx context.Context, session *Session, auth [32]byte) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := checkKey(ctx, tx, "auth_hash", session.Account.ID, auth); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "UPDATE sessions SET proved = ? WHERE id = ?", s.now().Unix(), session.ID)
		return oneRow(result, err, ErrNotFound)
	})
}
