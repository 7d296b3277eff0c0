-- +goose Up

-- What a later visit of its sender needs to go on with a sealed upload: a box that only the owner's browsers can open.
CREATE TABLE upload_states (
    upload BLOB PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    state  BLOB NOT NULL CHECK (length(state) <= 8388636)
) STRICT, WITHOUT ROWID;

-- The length of that box, 0 where there is none: it counts as what the upload takes.
ALTER TABLE uploads ADD COLUMN state_size INTEGER NOT NULL DEFAULT 0;
