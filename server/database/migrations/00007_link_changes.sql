-- +goose Up

-- Counts the owner's changes of manifest and note, so that two devices do not overwrite each other's.
ALTER TABLE links ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Paused by its owner. What the operator does is in stopped.
ALTER TABLE links ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));
