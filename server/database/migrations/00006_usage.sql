-- +goose Up

-- What each drive holds, as it was last counted. The count goes on in the server, and is set right by a walk over the files.
CREATE TABLE usage (
    drive BLOB PRIMARY KEY CHECK (length(drive) = 16),
    used  INTEGER NOT NULL, -- bytes of its files
    kept  INTEGER NOT NULL  -- bytes of what is kept of it
) STRICT, WITHOUT ROWID;
