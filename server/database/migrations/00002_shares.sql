-- +goose Up

-- Uploads under way (tus). What has arrived lies in an object of its own: offset bytes of it are acknowledged, and on the disk.
CREATE TABLE uploads (
    id       BLOB PRIMARY KEY CHECK (length(id) = 16),
    account  BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    use      TEXT NOT NULL CHECK (use IN ('sealed', 'drive')),
    object   BLOB NOT NULL UNIQUE CHECK (length(object) = 16),
    length   INTEGER CHECK (length >= 0),            -- NULL until it is told
    offset   INTEGER NOT NULL DEFAULT 0 CHECK (offset >= 0 AND offset <= coalesce(length, offset)),
    created  INTEGER NOT NULL,
    expires  INTEGER NOT NULL,

    -- Of uploads into the drive; empty or NULL for the others.
    path          TEXT NOT NULL,
    if_match      TEXT NOT NULL,
    if_none_match TEXT NOT NULL,
    modified      INTEGER,
    metadata      TEXT NOT NULL,                     -- Upload-Metadata as it came, which HEAD gives back
    placed        INTEGER NOT NULL DEFAULT 0 CHECK (placed IN (0, 1)) -- the file is in the drive, the object is gone
) STRICT;
CREATE INDEX uploads_account ON uploads (account);

-- Every link id ever published. An id stays when all else about its link is gone, so that it is never given twice.
CREATE TABLE link_ids (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    gone    TEXT CHECK (gone IN ('expired', 'removed')), -- why, where the link was deleted or swept
    message TEXT NOT NULL DEFAULT ''                     -- the operator's, to those who open it
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    serial        INTEGER PRIMARY KEY,                            -- grows: tells which of one second is newer
    id            BLOB NOT NULL UNIQUE REFERENCES link_ids (id) CHECK (length(id) = 16),
    account       BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash    BLOB NOT NULL CHECK (length(token_hash) = 32),  -- SHA-256 of the access token
    manifest      BLOB NOT NULL UNIQUE CHECK (length(manifest) = 16), -- the object's name
    manifest_size INTEGER NOT NULL,
    content       BLOB NOT NULL UNIQUE CHECK (length(content) = 16),  -- the object's name
    content_size  INTEGER NOT NULL,
    note          BLOB NOT NULL CHECK (length(note) <= 16384),    -- a box that only the owner's browsers can open
    created       INTEGER NOT NULL,
    expires       INTEGER,                                        -- from then on it is gone; NULL: never
    max_visits    INTEGER CHECK (max_visits >= 1),                -- NULL: no limit
    visits        INTEGER NOT NULL DEFAULT 0 CHECK (visits <= coalesce(max_visits, visits)),
    wrong_tokens  INTEGER NOT NULL DEFAULT 0,
    last_opened   INTEGER,
    stopped       TEXT CHECK (stopped IN ('paused', 'removed'))   -- by the operator; removed: both objects are gone
) STRICT;
CREATE INDEX links_account ON links (account, created);
CREATE INDEX links_expires ON links (expires) WHERE expires IS NOT NULL;

-- A ticket is one counted visit: it opens the content to who holds it and the token it was given for.
CREATE TABLE tickets (
    link        BLOB NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    ticket_hash BLOB NOT NULL CHECK (length(ticket_hash) = 32),
    token_hash  BLOB NOT NULL CHECK (length(token_hash) = 32),
    expires     INTEGER NOT NULL,
    PRIMARY KEY (link, ticket_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_expires ON tickets (expires);
