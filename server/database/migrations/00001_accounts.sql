-- +goose Up

-- Who has a drive here. The password, and any key that opens a box, never reach the server.
CREATE TABLE accounts (
    id            BLOB PRIMARY KEY CHECK (length(id) = 16),   -- made by the browser that created the account; never changes
    name          TEXT NOT NULL UNIQUE,                       -- canonical
    operator      INTEGER NOT NULL CHECK (operator IN (0, 1)),
    created       INTEGER NOT NULL,                           -- times are seconds since 1970, UTC
    salt          BLOB NOT NULL CHECK (length(salt) = 16),    -- of the password's Argon2id
    auth_hash     BLOB NOT NULL CHECK (length(auth_hash) = 32),     -- SHA-256(auth key)
    wrap_box      BLOB NOT NULL CHECK (length(wrap_box) = 60),      -- the account key under the wrap key
    recovery_hash BLOB NOT NULL CHECK (length(recovery_hash) = 32), -- SHA-256(recovery auth)
    recovery_box  BLOB NOT NULL CHECK (length(recovery_box) = 60)   -- the account key under the recovery wrap
) STRICT;

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    account    BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created    INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    proved     INTEGER NOT NULL,   -- when the auth key was last shown
    agent      TEXT NOT NULL       -- the browser, as it calls itself
) STRICT;
CREATE INDEX sessions_account ON sessions (account);

CREATE TABLE app_passwords (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    label   TEXT NOT NULL,
    hash    BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created INTEGER NOT NULL,
    used    INTEGER               -- NULL until its first use
) STRICT;
CREATE INDEX app_passwords_account ON app_passwords (account);

-- Setup links (operator = 1) and invite links.
CREATE TABLE invites (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    operator   INTEGER NOT NULL CHECK (operator IN (0, 1)),
    name       TEXT NOT NULL,     -- the canonical name it is for, or empty: the guest chooses
    created    INTEGER NOT NULL,
    expires    INTEGER NOT NULL
) STRICT;

-- Keys that the server made for itself.
CREATE TABLE server_keys (
    name TEXT PRIMARY KEY,
    key  BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
