package accounts

import (
	"context"
	"database/sql"
)

// SetQuota bounds how many bytes the account's drive and links may take together; 0 lifts the bound. It deletes nothing:
// an account that holds more keeps it, and can take no more. Whoever asks for the account afterwards, in any process, has
// the new quota. ErrNotFound.
func (s *Store) SetQuota(ctx context.Context, id ID, bytes int64) error {
	result, err := s.db.ExecContext(ctx, "UPDATE accounts SET quota = ? WHERE id = ?", sql.NullInt64{Int64: bytes, Valid: bytes != 0}, id[:])
	return oneRow(result, err, ErrNotFound)
}
