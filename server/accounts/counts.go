package accounts

import (
	"context"
	"fmt"
	"time"
)

// Counts is how many there are of everything, all accounts together.
type Counts struct {
	Accounts, Sessions, AppPasswords, Invites int64
}

// Count counts what can be used now.
func (s *Store) Count(ctx context.Context) (c Counts, err error) {
	now := s.now()
	err = s.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM sessions WHERE seen > ?),
		(SELECT count(*) FROM app_passwords), (SELECT count(*) FROM invites WHERE expires > ?)`,
		now.Add(-SessionLife).Truncate(time.Second).Unix(), now.Unix()).Scan(&c.Accounts, &c.Sessions, &c.AppPasswords, &c.Invites)
	if err != nil {
		return Counts{}, fmt.Errorf("counting accounts: %w", err)
	}
	return c, nil
}
