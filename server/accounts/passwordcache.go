package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// passwordCache remembers which app passwords were right, for as long as nothing was written to the database: a client
// shows its password with every request, but a revoked one must fail at once. SQLite tells it by PRAGMA data_version,
// which changes on one connection when another one, of any process, has committed.
type passwordCache struct {
	db *sql.DB

	mu      sync.Mutex
	watch   *sql.Conn // the connection that data_version is asked on
	ask     *sql.Stmt // asks it
	version int64
	entries map[cacheKey]cacheEntry
}

type cacheKey struct {
	name string
	hash [32]byte
}

type cacheEntry struct {
	account  Account
	password int64 // its row
	used     time.Time
}

// maxEntries bounds the cache; past it, it begins anew.
const maxEntries = 4096

func newPasswordCache(db *sql.DB) *passwordCache {
	return &passwordCache{db: db, entries: map[cacheKey]cacheEntry{}}
}

// find returns the entry of that name and hash, from the database if it has to. ErrWrongKey.
func (c *passwordCache) find(ctx context.Context, key cacheKey) (cacheEntry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	version, err := c.dataVersion(context.WithoutCancel(ctx))
	if err != nil {
		return cacheEntry{}, err
	}
	if version != c.version || len(c.entries) >= maxEntries {
		c.version = version
		clear(c.entries)
	}
	if entry, ok := c.entries[key]; ok {
		return entry, nil
	}
	// What is read now is as new as version or newer; if it is newer, the next find will see another version.
	entry, err := findAppPassword(ctx, c.db, key)
	if err != nil {
		return entry, err
	}
	c.entries[key] = entry
	return entry, nil
}

// dataVersion asks on the watching connection, which it opens if there is none.
func (c *passwordCache) dataVersion(ctx context.Context) (version int64, err error) {
	if c.watch == nil {
		if c.watch, err = c.db.Conn(ctx); err != nil {
			return 0, fmt.Errorf("opening a connection: %w", err)
		}
		if c.ask, err = c.watch.PrepareContext(ctx, "PRAGMA data_version"); err != nil {
			c.watch.Close()
			c.watch = nil
			return 0, fmt.Errorf("asking for the data version: %w", err)
		}
		clear(c.entries) // versions of two connections cannot be compared
	}
	if err := c.ask.QueryRowContext(ctx).Scan(&version); err != nil {
		c.watch.Close()
		c.watch = nil
		return 0, fmt.Errorf("asking for the data version: %w", err)
	}
	return version, nil
}

func (c *passwordCache) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watch == nil {
		return nil
	}
	err := c.watch.Close()
	c.watch = nil
	return err
}

func findAppPassword(ctx context.Context, db *sql.DB, key cacheKey) (entry cacheEntry, err error) {
	var row accountRow
	var used sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT p.id, p.used, `+accountColumns+`
		FROM app_passwords p JOIN accounts a ON a.id = p.account WHERE p.hash = ? AND a.name = ?`, key.hash[:], key.name).
		Scan(append([]any{&entry.password, &used}, row.columns()...)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return entry, ErrWrongKey
	case err != nil:
		return entry, fmt.Errorf("reading an app password: %w", err)
	}
	entry.account = row.account()
	if used.Valid {
		entry.used = time.Unix(used.Int64, 0)
	}
	return entry, nil
}
