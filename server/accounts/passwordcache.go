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
// shows its password with every request, but a revoked one must fail at once, whichever process revoked it.
type passwordCache struct {
	db *sql.DB

	mu        sync.Mutex
	watch     *watch
	statement *sql.Stmt // selectAppPassword
	version   version
	entries   map[cacheKey]cacheEntry
}

type cacheKey struct {
	name string
	hash [32]byte
}

type cacheEntry struct {
	account  Account
	password int64 // its row
	label    string
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
	now, err := c.databaseVersion(context.WithoutCancel(ctx))
	if err != nil {
		return cacheEntry{}, err
	}
	if now != c.version || len(c.entries) >= maxEntries {
		c.version = now
		clear(c.entries)
	}
	if entry, ok := c.entries[key]; ok {
		return entry, nil
	}
	// What is read now is as new as that or newer; if it is newer, the next find will see another version.
	entry, err := c.read(ctx, key)
	if err != nil {
		return entry, err
	}
	c.entries[key] = entry
	return entry, nil
}

// databaseVersion asks the watch, which it opens if there is none.
func (c *passwordCache) databaseVersion(ctx context.Context) (v version, err error) {
	if c.statement == nil {
		if c.statement, err = c.db.PrepareContext(ctx, selectAppPassword); err != nil {
			return v, fmt.Errorf("reading app passwords: %w", err)
		}
	}
	if c.watch == nil {
		if c.watch, err = newWatch(ctx, c.db); err != nil {
			return v, err
		}
		clear(c.entries) // versions of two watches cannot be compared
	}
	if v, err = c.watch.version(ctx); err != nil {
		c.watch.close()
		c.watch = nil
	}
	return v, err
}

func (c *passwordCache) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watch == nil {
		return nil
	}
	err := c.watch.close()
	c.watch = nil
	return err
}

const selectAppPassword = `SELECT p.id, p.label, p.used, ` + accountColumns + `
	FROM app_passwords p JOIN accounts a ON a.id = p.account WHERE p.hash = ? AND a.name = ?`

func (c *passwordCache) read(ctx context.Context, key cacheKey) (entry cacheEntry, err error) {
	var row accountRow
	var used sql.NullInt64
	err = c.statement.QueryRowContext(ctx, key.hash[:], key.name).Scan(append([]any{&entry.password, &entry.label, &used}, row.columns()...)...)
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
