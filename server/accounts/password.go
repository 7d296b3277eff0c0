package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ChangePassword replaces salt, auth key and wrap box (of the same account key) by those in keys, for whoever shows the
// old auth key, and ends every other session of the account. App passwords and the recovery key stay. ErrWrongKey.
func (s *Store) ChangePassword(ctx context.Context, session *Session, auth [32]byte, keys Keys) error {
	id := session.Account.ID
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := checkKey(ctx, tx, "auth_hash", id, auth); err != nil {
			return err
		}
		if err := updatePassword(ctx, tx, id, keys); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE account = ? AND id <> ?", id[:], session.ID); err != nil {
			return fmt.Errorf("ending sessions: %w", err)
		}
		_, err := tx.ExecContext(ctx, "UPDATE sessions SET proved = ? WHERE id = ?", s.now().Unix(), session.ID)
		return err
	})
}

func updatePassword(ctx context.Context, tx *sql.Tx, id ID, k Keys) error {
	result, err := tx.ExecContext(ctx, "UPDATE accounts SET salt = ?, auth_hash = ?, wrap_box = ? WHERE id = ?", k.Salt[:], hash(k.Auth[:]), k.Wrap[:], id[:])
	return oneRow(result, err, ErrNotFound)
}

func updateRecovery(ctx context.Context, tx *sql.Tx, id ID, k Keys) error {
	result, err := tx.ExecContext(ctx, "UPDATE accounts SET recovery_hash = ?, recovery_box = ? WHERE id = ?", hash(k.RecoveryAuth[:]), k.Recovery[:], id[:])
	return oneRow(result, err, ErrNotFound)
}

// NewRecoveryKey replaces the recovery key. The caller has seen to it that the session has proof.
func (s *Store) NewRecoveryKey(ctx context.Context, account ID, keys Keys) error {
	return s.transact(ctx, func(tx *sql.Tx) error { return updateRecovery(ctx, tx, account, keys) })
}

// RecoveryBox returns the recovery box to whoever shows the recovery auth of that name. ErrWrongKey otherwise, also if
// nobody has the name.
func (s *Store) RecoveryBox(ctx context.Context, name string, recoveryAuth [32]byte) (account *Account, box [60]byte, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if account, err = checkRecovery(ctx, tx, name, recoveryAuth); err != nil {
			return err
		}
		var stored []byte
		if err := tx.QueryRowContext(ctx, "SELECT recovery_box FROM accounts WHERE id = ?", account.ID[:]).Scan(&stored); err != nil {
			return fmt.Errorf("reading a box: %w", err)
		}
		copy(box[:], stored)
		return nil
	})
	return account, box, err
}

// Recover sets a new password and a new recovery key for whoever shows the recovery auth of that name, ends all sessions
// and app passwords of the account, and opens a new session, in one transaction. ErrWrongKey.
func (s *Store) Recover(ctx context.Context, name string, recoveryAuth [32]byte, keys Keys, agent string) (account *Account, session Token, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if account, err = checkRecovery(ctx, tx, name, recoveryAuth); err != nil {
			return err
		}
		if err := updatePassword(ctx, tx, account.ID, keys); err != nil {
			return err
		}
		if err := updateRecovery(ctx, tx, account.ID, keys); err != nil {
			return err
		}
		for _, statement := range []string{"DELETE FROM sessions WHERE account = ?", "DELETE FROM app_passwords WHERE account = ?"} {
			if _, err := tx.ExecContext(ctx, statement, account.ID[:]); err != nil {
				return fmt.Errorf("ending sessions and app passwords: %w", err)
			}
		}
		session, err = insertSession(ctx, tx, account.ID, agent, s.now().Unix())
		return err
	})
	return account, session, err
}

func checkRecovery(ctx context.Context, tx *sql.Tx, name string, recoveryAuth [32]byte) (*Account, error) {
	account, err := scanAccount(tx.QueryRowContext(ctx, accountByName, name))
	if errors.Is(err, ErrNotFound) {
		account = &Account{} // go the same way, to the same answer
	} else if err != nil {
		return nil, err
	}
	return account, checkKey(ctx, tx, "recovery_hash", account.ID, recoveryAuth)
}
