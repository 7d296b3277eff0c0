-- +goose Up

-- How the space was taken at a moment, in bytes: each hour of the last days, and the last of each day before.
CREATE TABLE space_samples (
    at       INTEGER PRIMARY KEY,
    drives   INTEGER NOT NULL, -- the files in all drives
    links    INTEGER NOT NULL, -- all links and their unfinished uploads
    kept     INTEGER NOT NULL, -- what is kept of deleted and overwritten files
    database INTEGER NOT NULL,
    free     INTEGER NOT NULL, -- what the disk has left
    size     INTEGER NOT NULL  -- what it has at all
) STRICT;

-- The last failures, as the log tells them: without names of files, without tokens.
CREATE TABLE failures (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    code    TEXT NOT NULL,
    what    TEXT NOT NULL,
    request TEXT NOT NULL,
    door    TEXT NOT NULL,
    method  TEXT NOT NULL,
    status  INTEGER NOT NULL,
    cause   TEXT NOT NULL
) STRICT;

-- How many there were, in each hour.
CREATE TABLE failure_counts (
    hour  INTEGER NOT NULL, -- hours since 1970
    code  TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (hour, code)
) STRICT, WITHOUT ROWID;
