package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Create makes the account that a setup or invite token is good for, uses the token up, and opens a session for the
// agent (a browser's name of itself), all in one transaction. ErrBadToken, ErrNameTaken, ErrAccountTwice, and ErrBadName if the
// invite is for another name.
func (s *Store) Create(ctx context.Context, token Token, id ID, name string, keys Keys, agent string) (account *Account, session Token, err error) {
	now := s.now().Unix()
	err = s.transact(ctx, func(tx *sql.Tx) error {
		invitation, err := findInvitation(tx.QueryRowContext(ctx, invitationQuery, hash(token[:]), now))
		if err != nil {
			return err
		}
		if invitation.Name != "" && invitation.Name != name {
			return ErrBadName
		}
		if account, err = insertAccount(ctx, tx, id, name, invitation.Operator, keys, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM invites WHERE token_hash = ? OR operator", hash(token[:])); err != nil {
			return fmt.Errorf("using an invite up: %w", err)
		}
		session, err = insertSession(ctx, tx, id, agent, now)
		return err
	})
	return account, session, err
}

// Add makes an account without an invite, for the command line at the machine. The first account is the operator's.
// ErrNameTaken, ErrAccountTwice.
func (s *Store) Add(ctx context.Context, id ID, name string, keys Keys) (account *Account, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		var any bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM accounts)").Scan(&any); err != nil {
			return fmt.Errorf("looking for accounts: %w", err)
		}
		account, err = insertAccount(ctx, tx, id, name, !any, keys, s.now().Unix())
		return err
	})
	return account, err
}

func insertAccount(ctx context.Context, tx *sql.Tx, id ID, name string, operator bool, k Keys, now int64) (*Account, error) {
	_, err := tx.ExecContext(ctx, `INSERT INTO accounts (id, name, operator, created, salt, auth_hash, wrap_box, recovery_hash, recovery_box)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id[:], name, operator, now, k.Salt[:], hash(k.Auth[:]), k.Wrap[:], hash(k.RecoveryAuth[:]), k.Recovery[:])
	var failure *sqlite.Error
	if errors.As(err, &failure) {
		switch failure.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
			return nil, ErrNameTaken
		case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return nil, ErrAccountTwice
		}
	}
	if err != nil {
		return nil, fmt.Errorf("storing an account: %w", err)
	}
	return scanAccount(tx.QueryRowContext(ctx, accountByID, id[:]))
}
