package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxReason is how many characters the reason for a take-down has at most.
const MaxReason = 500

// TakeDown takes a link away from everyone, for the operator, in the store of a running server. When it returns, the manifest
// and the content are gone from the disk, and downloads that were under way have been cut off. The owner's row stays, says
// [StateRemoved] and the reason, and goes when they delete it or it is swept; whoever opens the link reads the reason too. Of a link that was taken
// down before the reason is replaced.
//
// The reason is plain text of at most MaxReason characters, and may be empty. It returns ErrBadReason, or ErrNotFound for
// a link that is not there, also because its owner deleted it or it was swept.
func (s *Store) TakeDown(ctx context.Context, id ID, reason string) error {
	left, err := takeDown(ctx, s.db, id, &reason)
	if err != nil {
		return err
	}
	s.downloads.cut(id, &GoneError{StateRemoved, reason})
	s.log.InfoContext(ctx, "took down a link", "link", id)
	return deleteObjects(ctx, s.sealed, left)
}

// TakeDown is [Store.TakeDown] for a program that runs beside the server: db and data are of its data folder. Downloads that
// the server has under way end within two seconds.
func TakeDown(ctx context.Context, db *sql.DB, data *os.Root, id ID, reason string) error {
	sealed, err := openFolder(data, "sealed", 2)
	if err != nil {
		return err
	}
	left, err := takeDown(ctx, db, id, &reason)
	if err == nil {
		err = deleteObjects(ctx, sealed, left)
	}
	return errors.Join(err, sealed.close())
}

// takeDown records that a link is taken down, and returns its objects. The reason becomes what is kept of it.
func takeDown(ctx context.Context, db *sql.DB, id ID, reason *string) (left []objectName, err error) {
	*reason = plainText(*reason)
	if utf8.RuneCountInString(*reason) > MaxReason {
		return nil, ErrBadReason
	}
	err = transact(ctx, db, func(tx *sql.Tx) error {
		left, err = stopLink(ctx, tx, id, *reason)
		return err
	})
	return left, err
}

// stopLink returns the objects that are left over, again if the link was stopped before: a kill may have left them. It returns ErrNotFound.
func stopLink(ctx context.Context, q querier, id ID, reason string) ([]objectName, error) {
	var manifest, content []byte
	err := q.QueryRowContext(ctx, `UPDATE links SET stopped = 'removed' WHERE id = ? RETURNING manifest, content`, id[:]).Scan(&manifest, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	} else if err != nil {
		return nil, fmt.Errorf("taking down a link: %w", err)
	}
	if _, err := q.ExecContext(ctx, `UPDATE link_ids SET message = ? WHERE id = ?`, reason, id[:]); err != nil {
		return nil, fmt.Errorf("recording why a link is taken down: %w", err)
	}
	if _, err := q.ExecContext(ctx, `DELETE FROM tickets WHERE link = ?`, id[:]); err != nil {
		return nil, fmt.Errorf("deleting the tickets of a link: %w", err)
	}
	return []objectName{objectName(manifest), objectName(content)}, nil
}

// deleteObjects removes objects that no row names any more, whatever becomes of the request.
func deleteObjects(ctx context.Context, o objects, names []objectName) (err error) {
	for _, name := range names {
		err = errors.Join(err, o.delete(context.WithoutCancel(ctx), name))
	}
	return err
}

// plainText is what is kept of a text that somebody typed: line breaks are \n, other control characters go, and so does space at its ends.
func plainText(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(strings.ToValidUTF8(text, "\uFFFD"))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text))
}
