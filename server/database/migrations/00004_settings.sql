-- +goose Up

-- What the server last knew of itself, for the commands that run beside it.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
