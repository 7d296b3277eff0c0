package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// maxAppPasswords bounds the app passwords of one account.
	maxAppPasswords = 100
	// usedStep is how exactly the last use of an app password is written down.
	usedStep = 5 * time.Minute
)

// AppPassword lets one device mount the drive. It is listed without its secret.
type AppPassword struct {
	ID      int64
	Label   string
	Created time.Time
	Used    *time.Time // at most five minutes old; nil: never used
}

var lower32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewAppPassword makes an app password of 160 random bits: eight groups of four characters, which are told once. label
// is 1 to 60 printable characters. ErrBadLabel, ErrTooMany. The caller has seen to it that the session has proof.
func (s *Store) NewAppPassword(ctx context.Context, account ID, label string) (*AppPassword, string, error) {
	label = strings.TrimSpace(label)
	if n := utf8.RuneCountInString(label); n < 1 || n > 60 || !utf8.ValidString(label) || strings.ContainsFunc(label, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return nil, "", ErrBadLabel
	}
	var secret [20]byte
	rand.Read(secret[:])
	text := lower32.EncodeToString(secret[:])
	p := &AppPassword{Label: label, Created: s.now().UTC().Truncate(time.Second)}
	result, err := s.db.ExecContext(ctx, `INSERT INTO app_passwords (account, label, hash, created)
		SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM app_passwords WHERE account = ?) < ?`,
		account[:], label, hash([]byte(text)), p.Created.Unix(), account[:], maxAppPasswords)
	if err := oneRow(result, err, ErrTooMany); err != nil {
		return nil, "", err
	}
	if p.ID, err = result.LastInsertId(); err != nil {
		return nil, "", fmt.Errorf("storing an app password: %w", err)
	}
	return p, grouped(text), nil
}

// grouped puts a dash after each four characters, for people to copy by eye.
func grouped(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// AppPasswords lists the account's app passwords, newest first.
func (s *Store) AppPasswords(ctx context.Context, account ID) ([]AppPassword, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, label, created, used FROM app_passwords WHERE account = ? ORDER BY id DESC", account[:])
	if err != nil {
		return nil, fmt.Errorf("listing app passwords: %w", err)
	}
	defer rows.Close()
	list := []AppPassword{}
	for rows.Next() {
		var p AppPassword
		var created int64
		var used sql.NullInt64
		if err := rows.Scan(&p.ID, &p.Label, &created, &used); err != nil {
			return nil, fmt.Errorf("listing app passwords: %w", err)
		}
		p.Created = time.Unix(created, 0).UTC()
		if used.Valid {
			t := time.Unix(used.Int64, 0).UTC()
			p.Used = &t
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// Revoke ends one of the account's app passwords, or answers ErrNotFound. The next request that shows it fails.
func (s *Store) Revoke(ctx context.Context, account ID, id int64) error {
	result, err := s.db.ExecContext(ctx, "DELETE FROM app_passwords WHERE id = ? AND account = ?", id, account[:])
	return oneRow(result, err, ErrNotFound)
}

// ungroup takes the dashes and spaces out of an app password as it was typed.
func ungroup(typed string) []byte {
	text := make([]byte, 0, len(typed))
	for i := range len(typed) {
		switch c := typed[i]; {
		case c == '-' || c == ' ':
		case 'A' <= c && c <= 'Z':
			text = append(text, c+'a'-'A')
		default:
			text = append(text, c)
		}
	}
	return text
}

// ByAppPassword returns the account of that canonical name if password is one of its app passwords, in any writing of
// its groups, with the password's label, and notes the use. ErrWrongKey otherwise, also if nobody has the name. It costs no query while nothing was
// written to the database since the same password was last checked.
func (s *Store) ByAppPassword(ctx context.Context, name, password string) (*Account, string, error) {
	entry, err := s.cache.find(ctx, cacheKey{name, sha256.Sum256(ungroup(password))})
	if err != nil {
		return nil, "", err
	}
	if now := s.now(); now.Sub(entry.used).Abs() >= usedStep {
		if _, err := s.db.ExecContext(ctx, "UPDATE app_passwords SET used = ? WHERE id = ?", now.Unix(), entry.password); err != nil {
			s.log.WarnContext(ctx, "an app password's use could not be noted", "error", err) // which is no reason to refuse it
		}
	}
	account := entry.account
	return &account, entry.label, nil
}
