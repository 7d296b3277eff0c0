package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// MaxUploadState is how many bytes the state of an upload can have: a box (28 bytes) of 8 MiB, which tells of about 50,000 files.
const MaxUploadState = 8<<20 + 28

// SetUploadState keeps what the sender of a sealed upload of the owner's needs to go on with it at a later visit, in place of what was kept before. It
// ends with the upload. Nobody here can read it: it is a box that only the owner's browsers can open.
//
// It returns ErrNoUpload (there is no such upload, or it is one into the drive), ErrTooLong or ErrNoSpace.
func (s *Store) SetUploadState(ctx context.Context, owner Owner, id ID, state []byte) error {
	if len(state) > MaxUploadState {
		return ErrTooLong
	}
	claim := s.claim(owner)
	defer claim.end()
	size := int64(len(state))
	for left := size; left > 0; left -= roomStep {
		if err := claim.take(ctx, min(left, roomStep)); err != nil {
			return err
		}
	}
	return claim.record(size, func() error {
		return s.transact(ctx, func(tx *sql.Tx) error {
			u, err := findUpload(ctx, tx, owner.ID, id, s.now())
			if errors.Is(err, ErrNotFound) || err == nil && u.Use != ForLink {
				return ErrNoUpload
			} else if err != nil {
				return err
			}
			return setUploadState(ctx, tx, id, state)
		})
	})
}

// UploadState returns what SetUploadState kept for an upload of the owner's, or ErrNotFound.
func (s *Store) UploadState(ctx context.Context, owner [16]byte, id ID) ([]byte, error) {
	var state []byte
	err := s.db.QueryRowContext(ctx, `
		SELECT state FROM upload_states JOIN uploads ON id = upload WHERE id = ? AND account = ? AND expires > ?`,
		id[:], owner[:], s.now().Unix()).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("finding an upload's state: %w", err)
	}
	return state, nil
}

func setUploadState(ctx context.Context, q querier, id ID, state []byte) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO upload_states (upload, state) VALUES (?, ?) ON CONFLICT (upload) DO UPDATE SET state = excluded.state`, id[:], state)
	if err != nil {
		return fmt.Errorf("keeping an upload's state: %w", err)
	}
	return changeUpload(ctx, q, `UPDATE uploads SET state_size = ? WHERE id = ?`, len(state), id[:])
}
