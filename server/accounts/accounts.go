// Package accounts keeps who has a drive on this server and what proves it: accounts, sessions, app passwords, and
// the setup and invite links that lead to an account.
//
// Start from [New]. A [Store] holds no secret that opens anything: of auth keys, recovery keys, app passwords and every
// token it stores the SHA-256 (they are random or stretched by Argon2id, so a fast hash is enough), and the account key
// only in boxes that it cannot open. Which call needs which proof is said at each method and decided in its query.
//
// The package speaks no HTTP, and counts no wrong guesses: package server does both.
package accounts

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// What a caller may have to tell apart. None of them says more than the person who asked may know.
var (
	ErrBadName      = errors.New("not a valid account name")
	ErrNameTaken    = errors.New("the name is taken")
	ErrBadToken     = errors.New("the link is unknown, used or expired")
	ErrWrongKey     = errors.New("the name or the key is wrong") // sign-in and recovery; also for an unknown name
	ErrProofNeeded  = errors.New("the auth key must be shown again")
	ErrNotFound     = errors.New("there is no such thing in this account")
	ErrBadLabel     = errors.New("not a valid label")
	ErrTooMany      = errors.New("there are too many of these already")
	ErrNoOperator   = errors.New("nobody runs the server yet")
	ErrAccountTwice = errors.New("the account id is taken")
)

// ProofLife is how long an auth key, once shown, lets a session do what needs proof.
const ProofLife = 10 * time.Minute

// ID names an account for good: 16 random bytes from the browser that created it.
type ID [16]byte

// String returns the id in base64url, 22 characters.
func (id ID) String() string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// Account is somebody with a drive.
type Account struct {
	ID       ID
	Name     string // canonical, see [ParseName]
	Operator bool
	Created  time.Time
	Quota    int64 // bytes that the drive and the links may take together; 0: no quota
}

// Keys are what a browser sends when it makes or replaces what proves an account. The server stores hashes of Auth and
// RecoveryAuth.
type Keys struct {
	Salt         [16]byte // of the password's Argon2id
	Auth         [32]byte // auth key
	Wrap         [60]byte // box of the account key under the wrap key
	RecoveryAuth [32]byte
	Recovery     [60]byte // box of the account key under the recovery wrap
}

// Store is the accounts of one server, in its database.
type Store struct {
	db      *sql.DB
	now     func() time.Time
	log     *slog.Logger
	saltKey [32]byte
	cache   *passwordCache
}

// New returns the store over db, whose schema is package database's. now is the clock.
func New(ctx context.Context, db *sql.DB, now func() time.Time, log *slog.Logger) (*Store, error) {
	s := &Store{db: db, now: now, log: log, cache: newPasswordCache(db)}
	fresh := random32()
	if _, err := db.ExecContext(ctx, "INSERT INTO server_keys (name, key) VALUES ('salt', ?) ON CONFLICT DO NOTHING", fresh[:]); err != nil {
		return nil, fmt.Errorf("making the salt key: %w", err)
	}
	var key []byte
	if err := db.QueryRowContext(ctx, "SELECT key FROM server_keys WHERE name = 'salt'").Scan(&key); err != nil {
		return nil, fmt.Errorf("reading the salt key: %w", err)
	}
	copy(s.saltKey[:], key)
	return s, nil
}

// Close ends what the store holds of the database; the pool itself stays open.
func (s *Store) Close() error { return s.cache.close() }

// Salt returns the salt of the named account's password. A name that nobody has gets a salt too, always the same one,
// so that the answer tells nobody who has an account.
func (s *Store) Salt(ctx context.Context, name string) (salt [16]byte, err error) {
	mac := hmac.New(sha256.New, s.saltKey[:])
	mac.Write([]byte(name))
	copy(salt[:], mac.Sum(nil))
	var stored []byte
	switch err := s.db.QueryRowContext(ctx, "SELECT salt FROM accounts WHERE name = ?", name).Scan(&stored); {
	case errors.Is(err, sql.ErrNoRows):
		return salt, nil
	case err != nil:
		return salt, fmt.Errorf("reading a salt: %w", err)
	}
	copy(salt[:], stored)
	return salt, nil
}

// ByName returns the account of that canonical name, or ErrNotFound. For the command line, which may ask.
func (s *Store) ByName(ctx context.Context, name string) (*Account, error) {
	return scanAccount(s.db.QueryRowContext(ctx, accountByName, name))
}

const (
	accountColumns = `a.id, a.name, a.operator, a.created, coalesce(a.quota, 0)` // of accounts a, as accountRow reads them
	accountByName  = `SELECT ` + accountColumns + ` FROM accounts a WHERE a.name = ?`
	accountByID    = `SELECT ` + accountColumns + ` FROM accounts a WHERE a.id = ?`
)

// accountRow is an account on its way out of the database.
type accountRow struct {
	Account
	id      []byte
	created int64
}

// columns is where accountColumns go.
func (r *accountRow) columns() []any { return []any{&r.id, &r.Name, &r.Operator, &r.created, &r.Quota} }

// account is what was scanned.
func (r *accountRow) account() Account {
	a := r.Account
	copy(a.ID[:], r.id)
	a.Created = time.Unix(r.created, 0).UTC()
	return a
}

// scanAccount reads accountColumns. No row is ErrNotFound.
func scanAccount(row *sql.Row) (*Account, error) {
	var r accountRow
	switch err := row.Scan(r.columns()...); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("reading an account: %w", err)
	}
	a := r.account()
	return &a, nil
}

// transact runs f in a transaction that ends with f's error.
func (s *Store) transact(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

func random32() (b [32]byte) {
	rand.Read(b[:]) // never fails, as crypto/rand has it since Go 1.24
	return b
}

func hash(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
