-- +goose Up

-- What people who opened a link have told the operator of it.
CREATE TABLE reports (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    link BLOB NOT NULL CHECK (length(link) = 16),   -- no reference: the link may go first
    at   INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 2000)
) STRICT;
CREATE INDEX reports_link ON reports (link);
