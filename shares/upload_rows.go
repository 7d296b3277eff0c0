package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const uploadColumns = `id, use, object, length, offset, created, expires, path, if_match, if_none_match, modified, metadata, placed, state_size`

func scanUpload(scan func(...any) error) (*Upload, error) {
	var (
		u                Upload
		id, object       []byte
		length, modified sql.NullInt64
		created, expires int64
	)
	err := scan(&id, &u.Use, &object, &length, &u.Offset, &created, &expires,
		&u.Path, &u.IfMatch, &u.IfNoneMatch, &modified, &u.Metadata, &u.placed, &u.StateSize)
	if err != nil {
		return nil, err
	}
	u.ID, u.object = ID(id), objectName(object)
	u.Created, u.Expires = time.Unix(created, 0), time.Unix(expires, 0)
	u.Length = -1
	if length.Valid {
		u.Length = length.Int64
	}
	if modified.Valid {
		u.Modified = time.Unix(modified.Int64, 0)
	}
	return &u, nil
}

// findUpload returns ErrNotFound for an upload that is another account's, or expired.
func findUpload(ctx context.Context, q querier, owner [16]byte, id ID, now time.Time) (*Upload, error) {
	row := q.QueryRowContext(ctx, `SELECT `+uploadColumns+` FROM uploads WHERE id = ? AND account = ? AND expires > ?`,
		id[:], owner[:], now.Unix())
	u, err := scanUpload(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("finding an upload: %w", err)
	}
	return u, nil
}

func findUploads(ctx context.Context, q querier, owner [16]byte, now time.Time) ([]*Upload, error) {
	return queryUploads(ctx, q, `WHERE account = ? AND expires > ? AND placed = 0 ORDER BY created, id`, owner[:], now.Unix())
}

func findExpiredUploads(ctx context.Context, q querier, now time.Time) ([]*Upload, error) {
	return queryUploads(ctx, q, `WHERE expires <= ?`, now.Unix())
}

func findAllUploads(ctx context.Context, q querier) ([]*Upload, error) {
	return queryUploads(ctx, q, ``)
}

func queryUploads(ctx context.Context, q querier, where string, args ...any) ([]*Upload, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+uploadColumns+` FROM uploads `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("finding uploads: %w", err)
	}
	defer rows.Close()
	uploads := []*Upload{}
	for rows.Next() {
		u, err := scanUpload(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("finding uploads: %w", err)
		}
		uploads = append(uploads, u)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("finding uploads: %w", err)
	}
	return uploads, nil
}

// countUploads counts the unfinished ones of an account.
func countUploads(ctx context.Context, q querier, owner [16]byte, now time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM uploads WHERE account = ? AND placed = 0 AND expires > ?`,
		owner[:], now.Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting uploads: %w", err)
	}
	return n, nil
}

func insertUpload(ctx context.Context, q querier, owner [16]byte, u *Upload) error {
	length := sql.NullInt64{Int64: u.Length, Valid: u.Length != -1}
	modified := sql.NullInt64{Int64: u.Modified.Unix(), Valid: !u.Modified.IsZero()}
	_, err := q.ExecContext(ctx, `
		INSERT INTO uploads (id, account, use, object, length, created, expires, path, if_match, if_none_match, modified, metadata)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.ID[:], owner[:], u.Use, u.object[:], length, u.Created.Unix(), u.Expires.Unix(),
		u.Path, u.IfMatch, u.IfNoneMatch, modified, u.Metadata)
	if err != nil {
		return fmt.Errorf("recording an upload: %w", err)
	}
	return nil
}

// setUploadLength tells the length, once.
func setUploadLength(ctx context.Context, q querier, id ID, length int64) error {
	return changeUpload(ctx, q, `UPDATE uploads SET length = ? WHERE id = ? AND length IS NULL`, length, id[:])
}

// setUploadOffset acknowledges what is on the disk.
func setUploadOffset(ctx context.Context, q querier, id ID, offset int64, expires time.Time) error {
	return changeUpload(ctx, q, `UPDATE uploads SET offset = ?, expires = ? WHERE id = ?`, offset, expires.Unix(), id[:])
}

func setUploadPlaced(ctx context.Context, q querier, id ID, expires time.Time) error {
	return changeUpload(ctx, q, `UPDATE uploads SET placed = 1, expires = ? WHERE id = ?`, expires.Unix(), id[:])
}

func deleteUpload(ctx context.Context, q querier, id ID) error {
	return changeUpload(ctx, q, `DELETE FROM uploads WHERE id = ?`, id[:])
}

// changeUpload returns ErrNotFound if the statement finds no upload.
func changeUpload(ctx context.Context, q querier, statement string, args ...any) error {
	result, err := q.ExecContext(ctx, statement, args...)
	if err != nil {
		return fmt.Errorf("changing an upload: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil {
		return fmt.Errorf("changing an upload: %w", err)
	} else if n == 0 {
		return ErrNotFound
	}
	return nil
}

// deleteExpiredUpload returns what it deleted, or ErrNotFound if the upload lives.
func deleteExpiredUpload(ctx context.Context, q querier, id ID, now time.Time) (*Upload, error) {
	row := q.QueryRowContext(ctx, `DELETE FROM uploads WHERE id = ? AND expires <= ? RETURNING `+uploadColumns, id[:], now.Unix())
	u, err := scanUpload(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("deleting an expired upload: %w", err)
	}
	return u, nil
}
