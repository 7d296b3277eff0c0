-- +goose Up

-- WebDAV's state beside the plain files. A path is relative to the drive, as on the disk, '/' between its parts; '' is the drive itself.
-- drive is an account's id.

CREATE TABLE locks (
    token       TEXT PRIMARY KEY,                                -- opaquelocktoken:UUID
    drive       BLOB NOT NULL CHECK (length(drive) = 16),
    path        TEXT NOT NULL,
    infinite    INTEGER NOT NULL CHECK (infinite IN (0, 1)),     -- Depth: infinity
    shared      INTEGER NOT NULL CHECK (shared IN (0, 1)),
    owner       TEXT NOT NULL,                                   -- a whole DAV:owner element, or empty
    expires     INTEGER NOT NULL,                                -- seconds since 1970
    placeholder TEXT NOT NULL                                    -- ETag of the empty file that this lock made; it goes with the lock unless it was written
) STRICT;
CREATE INDEX locks_drive ON locks (drive, path);

CREATE TABLE properties (                                        -- dead properties
    drive  BLOB NOT NULL CHECK (length(drive) = 16),
    parent TEXT NOT NULL,                                        -- path of the collection; '/' for the drive itself, which has none
    path   TEXT NOT NULL,
    space  TEXT NOT NULL,                                        -- namespace and local name of the property
    local  TEXT NOT NULL,
    xml    TEXT NOT NULL,                                        -- the whole element, with all namespaces that it needs
    PRIMARY KEY (drive, path, space, local)
) STRICT, WITHOUT ROWID;
CREATE INDEX properties_parent ON properties (drive, parent);

CREATE TABLE kept (                                              -- what was deleted or overwritten: kept/NAME/ID-DOOR-PATH
    drive  BLOB NOT NULL CHECK (length(drive) = 16),
    id     TEXT NOT NULL,                                        -- what its entry in kept/NAME begins with; the path follows, with %2F for a slash
    path   TEXT NOT NULL,                                        -- where it was
    at     INTEGER NOT NULL,                                     -- when it went, seconds since 1970
    door   TEXT NOT NULL,                                        -- through which door: '/dav', '/files', '/api'; '' if unknown
    folder INTEGER NOT NULL CHECK (folder IN (0, 1)),
    size   INTEGER NOT NULL,                                     -- bytes; 0 for a folder until it is measured
    PRIMARY KEY (drive, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_at ON kept (at);
