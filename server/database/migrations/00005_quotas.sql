-- +goose Up

-- How many bytes the account's drive and links may take together. NULL: as many as the disk has.
ALTER TABLE accounts ADD COLUMN quota INTEGER CHECK (quota >= 1);

-- What an account's links take is added up while somebody uploads: without a walk through the notes.
CREATE INDEX links_sizes ON links (account, stopped, content_size, manifest_size);
