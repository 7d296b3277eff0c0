package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// InviteLife is how long an invite link holds.
	InviteLife = 7 * 24 * time.Hour
	// maxInvites bounds the invites that are open at once.
	maxInvites = 1000
)

// Token is the secret of a setup or invite link: 32 random bytes, shown once.
type Token [32]byte

// Invite is an open invite link, without its secret.
type Invite struct {
	ID               int64
	Name             string // the name it is for; empty: the guest chooses
	Created, Expires time.Time
}

// Invitation is what a token is good for.
type Invitation struct {
	Operator bool   // it sets up the server: its account is the operator's
	Name     string // the account must have this name; empty: any
}

// NewSetup returns the token of a new setup link and ends every earlier one. While an account exists it is
// ErrBadToken: the server is set up.
func (s *Store) NewSetup(ctx context.Context) (token Token, err error) {
	token = random32()
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM invites WHERE operator = 1"); err != nil {
			return fmt.Errorf("ending setup links: %w", err)
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO invites (token_hash, operator, name, created, expires)
			SELECT ?, 1, '', ?, ? WHERE NOT EXISTS (SELECT 1 FROM accounts)`,
			hash(token[:]), s.now().Unix(), s.now().AddDate(100, 0, 0).Unix())
		return oneRow(result, err, ErrBadToken)
	})
	return token, err
}

// NewInvite returns the token of a new invite link for name, or for any name if it is empty. ErrNameTaken, ErrTooMany,
// and ErrNoOperator while nobody runs the server: the first account is made by the setup link.
func (s *Store) NewInvite(ctx context.Context, name string) (token Token, invite *Invite, err error) {
	token = random32()
	now := s.now().UTC().Truncate(time.Second)
	invite = &Invite{Name: name, Created: now, Expires: now.Add(InviteLife)}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM invites WHERE expires <= ?", now.Unix()); err != nil {
			return fmt.Errorf("sweeping invites: %w", err)
		}
		var taken, operated bool
		var open int
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM accounts WHERE name = ?), EXISTS (SELECT 1 FROM accounts WHERE operator), (SELECT count(*) FROM invites)`,
			name).Scan(&taken, &operated, &open); err != nil {
			return fmt.Errorf("counting invites: %w", err)
		}
		switch {
		case !operated:
			return ErrNoOperator
		case taken:
			return ErrNameTaken
		case open >= maxInvites:
			return ErrTooMany
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO invites (token_hash, operator, name, created, expires) VALUES (?, 0, ?, ?, ?)`,
			hash(token[:]), name, now.Unix(), invite.Expires.Unix())
		if err != nil {
			return fmt.Errorf("storing an invite: %w", err)
		}
		invite.ID, err = result.LastInsertId()
		return err
	})
	return token, invite, err
}

// Invitation says what a token is good for, or ErrBadToken.
func (s *Store) Invitation(ctx context.Context, token Token) (Invitation, error) {
	return findInvitation(s.db.QueryRowContext(ctx, invitationQuery, hash(token[:]), s.now().Unix()))
}

// A setup link is good only while nobody has an account.
const invitationQuery = `SELECT operator, name FROM invites WHERE token_hash = ? AND expires > ?
	AND (operator = 0 OR NOT EXISTS (SELECT 1 FROM accounts))`

func findInvitation(row *sql.Row) (i Invitation, err error) {
	switch err := row.Scan(&i.Operator, &i.Name); {
	case errors.Is(err, sql.ErrNoRows):
		return i, ErrBadToken
	case err != nil:
		return i, fmt.Errorf("reading an invite: %w", err)
	}
	return i, nil
}

// Invites lists the open invite links, newest first.
func (s *Store) Invites(ctx context.Context) ([]Invite, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, name, created, expires FROM invites WHERE operator = 0 AND expires > ? ORDER BY id DESC", s.now().Unix())
	if err != nil {
		return nil, fmt.Errorf("listing invites: %w", err)
	}
	defer rows.Close()
	invites := []Invite{}
	for rows.Next() {
		var i Invite
		var created, expires int64
		if err := rows.Scan(&i.ID, &i.Name, &created, &expires); err != nil {
			return nil, fmt.Errorf("listing invites: %w", err)
		}
		i.Created, i.Expires = time.Unix(created, 0).UTC(), time.Unix(expires, 0).UTC()
		invites = append(invites, i)
	}
	return invites, rows.Err()
}

// EndInvite ends an open invite link, or answers ErrNotFound.
func (s *Store) EndInvite(ctx context.Context, id int64) error {
	result, err := s.db.ExecContext(ctx, "DELETE FROM invites WHERE id = ? AND operator = 0", id)
	return oneRow(result, err, ErrNotFound)
}

// oneRow turns the result of a statement that should have touched one row into an error: otherwise where it touched none.
func oneRow(result sql.Result, err, otherwise error) error {
	if err != nil {
		return fmt.Errorf("writing to the database: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("writing to the database: %w", err)
	}
	if n == 0 {
		return otherwise
	}
	return nil
}
