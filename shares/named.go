package shares

import (
	"context"
	"database/sql"
	"fmt"
	"path"
)

// NamedObject is an object that a row names: what a copy of the data folder must have beside the row.
type NamedObject struct {
	Path string // below the data folder, "/" between its parts
	Size int64  // bytes that count; the file may have more

	// Final objects are never written again: they belong to links, and stay as they are until they are deleted. Those of uploads grow; their first Size bytes stay.
	Final bool
}

// EachNamedObject calls use with each object that the rows of db name. It needs no [Store], and so reads a copy of the database too.
func EachNamedObject(ctx context.Context, db *sql.DB, use func(NamedObject) error) error {
	rows, err := db.QueryContext(ctx, `
		SELECT 'sealed', manifest, manifest_size, 1 FROM links WHERE coalesce(stopped, '') <> 'removed'
		UNION ALL SELECT 'sealed', content, content_size, 1 FROM links WHERE coalesce(stopped, '') <> 'removed'
		UNION ALL SELECT use, object, offset, 0 FROM uploads WHERE placed = 0`)
	if err != nil {
		return fmt.Errorf("finding objects: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var where string
		var name []byte
		var o NamedObject
		if err := rows.Scan(&where, &name, &o.Size, &o.Final); err != nil {
			return fmt.Errorf("finding objects: %w", err)
		}
		if len(name) != len(objectName{}) {
			return fmt.Errorf("finding objects: a name of %d bytes", len(name))
		}
		dir, spread := sealedFolder, sealedSpread
		if Use(where) == ForDrive {
			dir, spread = incomingFolder, 0
		}
		o.Path = path.Join(dir, (&folder{spread: spread}).path(objectName(name)))
		if err := use(o); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("finding objects: %w", err)
	}
	return nil
}
