-- +goose Up

-- By which device a kept thing went: the label of the app password, as it was then, or the browser as it names itself. '' if unknown.
ALTER TABLE kept ADD COLUMN device TEXT NOT NULL DEFAULT '';

-- Whether something else took its place: an earlier version, not something that was deleted.
ALTER TABLE kept ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced IN (0, 1));
