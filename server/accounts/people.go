package accounts

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Person is an account as its server's operator sees it.
type Person struct {
	Account
	Seen *time.Time // the last use of a session, at most five minutes old; nil: none is open
}

// Names are the names of all accounts, by their ids.
func (s *Store) Names(ctx context.Context) (map[ID]string, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, name FROM accounts`)
	if err != nil {
		return nil, fmt.Errorf("listing the names of accounts: %w", err)
	}
	defer rows.Close()
	names := map[ID]string{}
	for rows.Next() {
		var id []byte
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, fmt.Errorf("listing the names of accounts: %w", err)
		}
		names[ID(id)] = name
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("listing the names of accounts: %w", err)
	}
	return names, nil
}

// People lists all accounts by name, for the operator.
func (s *Store) People(ctx context.Context) ([]Person, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+accountColumns+`, (SELECT max(seen) FROM sessions WHERE account = a.id)
		FROM accounts a ORDER BY a.name`)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	defer rows.Close()
	people := []Person{}
	for rows.Next() {
		var row accountRow
		var seen sql.NullInt64
		if err := rows.Scan(append(row.columns(), &seen)...); err != nil {
			return nil, fmt.Errorf("listing accounts: %w", err)
		}
		p := Person{Account: row.account()}
		if seen.Valid {
			t := time.Unix(seen.Int64, 0).UTC()
			p.Seen = &t
		}
		people = append(people, p)
	}
	return people, rows.Err()
}
