package dav

import (
	"context"
	"database/sql"
	"encoding/xml"
	"fmt"
)

// Bounds of dead properties, in bytes of XML and names, and some for each one's row: those of one resource, and those of a whole drive beyond what each resource may have
// for nothing, which is more than Windows sets on every file.
const (
	maxProperties      = 1 << 20
	maxDriveProperties = 64 << 20
	freeProperties     = 2 << 10

	propertySize = `sum(octet_length(xml) + octet_length(space) + octet_length(local) + 256)`
)

// dead is a dead property: its whole element, which means the same anywhere.
type dead struct {
	name xml.Name
	xml  string
}

// noParent stands as the parent of the drive's root, so that it is no member of itself.
const noParent = "/"

func propertyParent(path string) string {
	if path == "" {
		return noParent
	}
	return parentPath(path)
}

// properties reads the dead properties of one resource, in order of their names.
func properties(ctx context.Context, q querier, d Drive, path string) ([]dead, error) {
	var all []dead
	err := scanProperties(ctx, q, func(_ string, p dead) { all = append(all, p) },
		`SELECT path, space, local, xml FROM properties WHERE drive = ? AND path = ? ORDER BY space, local`, d.ID[:], path)
	return all, err
}

// manyProperties reads those of several resources, by path, in one query. Each of a listing's batches asks once, so that a folder takes the same memory
// however many members it has.
func manyProperties(ctx context.Context, q querier, d Drive, paths []string) (map[string][]dead, error) {
	all := map[string][]dead{}
	args := append([]any{d.ID[:]}, anys(paths)...)
	err := scanProperties(ctx, q, func(path string, p dead) { all[path] = append(all[path], p) },
		`SELECT path, space, local, xml FROM properties WHERE drive = ? AND `+oneOf("path", len(paths))+` ORDER BY path, space, local`, args...)
	return all, err
}

func scanProperties(ctx context.Context, q querier, each func(path string, p dead), query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading properties: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var path string
		var p dead
		if err := rows.Scan(&path, &p.name.Space, &p.name.Local, &p.xml); err != nil {
			return fmt.Errorf("reading properties: %w", err)
		}
		each(path, p)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading properties: %w", err)
	}
	return nil
}

func (c *change) setProperty(tx *sql.Tx, path string, p dead) error {
	ctx, d := c.ctx, c.drive
	c.h.state(d).properties.Store(rowsSome)
	_, err := tx.ExecContext(ctx, `INSERT INTO properties (drive, parent, path, space, local, xml) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (drive, path, space, local) DO UPDATE SET xml = excluded.xml`,
		d.ID[:], propertyParent(path), path, p.name.Space, p.name.Local, p.xml)
	if err != nil {
		return fmt.Errorf("setting a property: %w", err)
	}
	return nil
}

func removeProperty(ctx context.Context, tx *sql.Tx, d Drive, path string, name xml.Name) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM properties WHERE drive = ? AND path = ? AND space = ? AND local = ?`,
		d.ID[:], path, name.Space, name.Local); err != nil {
		return fmt.Errorf("removing a property: %w", err)
	}
	return nil
}

// propertiesSize is what a resource's properties take.
func propertiesSize(ctx context.Context, tx *sql.Tx, d Drive, path string) (n int64, err error) {
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(`+propertySize+`, 0) FROM properties WHERE drive = ? AND path = ?`,
		d.ID[:], path).Scan(&n); err != nil {
		return 0, fmt.Errorf("measuring properties: %w", err)
	}
	return n, nil
}

// extraProperties is what those that r chooses count against the drive's bound.
func extraProperties(ctx context.Context, tx *sql.Tx, d Drive, r pathRange) (n int64, err error) {
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(sum(max(size - ?, 0)), 0) FROM (SELECT `+propertySize+` AS size FROM properties WHERE drive = ? AND `+r.where+` GROUP BY path)`,
		append([]any{freeProperties, d.ID[:]}, r.args...)...).Scan(&n); err != nil {
		return 0, fmt.Errorf("measuring properties: %w", err)
	}
	return n, nil
}

// growProperties notes that the change has made the extra properties grow by n, or fails if those of the drive are too many. They are added up only where what was counted
// since the last time is too much: what goes with a deletion is not taken off. The caller holds the drive.
func (c *change) growProperties(n int64) error {
	s := c.h.state(c.drive)
	c.extra = n
	if n <= 0 {
		return nil
	}
	if !s.extraKnown || s.extra+n > maxDriveProperties {
		sum, err := extraProperties(c.ctx, c.tx, c.drive, pathRange{where: "1"})
		if err != nil {
			return err
		}
		s.extra, s.extraKnown = sum-n, true
	}
	if s.extra+n > maxDriveProperties {
		return errTooManyProperties
	}
	return nil
}

// deleteProperties forgets those of a path and all below it.
func deleteProperties(ctx context.Context, tx *sql.Tx, d Drive, path string) error {
	r := below(path)
	if _, err := tx.ExecContext(ctx, `DELETE FROM properties WHERE drive = ? AND `+r.where, append([]any{d.ID[:]}, r.args...)...); err != nil {
		return fmt.Errorf("removing properties: %w", err)
	}
	return nil
}

// moveProperties gives those of a path and all below it to another path, which has none.
func moveProperties(ctx context.Context, tx *sql.Tx, d Drive, from, to string) error {
	r := below(from)
	args := append([]any{from, parentPath(to), to, from, to, from, d.ID[:]}, r.args...)
	if _, err := tx.ExecContext(ctx, `UPDATE properties SET
		parent = CASE WHEN path = ? THEN ? ELSE ? || substr(parent, length(?) + 1) END,
		path = ? || substr(path, length(?) + 1)
		WHERE drive = ? AND `+r.where, args...); err != nil {
		return fmt.Errorf("moving properties: %w", err)
	}
	return nil
}

// copyProperties gives another path the same ones.
func copyProperties(ctx context.Context, tx *sql.Tx, d Drive, from, to string, deep bool) error {
	r := pathRange{`path = ?`, []any{from}}
	if deep {
		r = below(from)
	}
	args := append([]any{from, parentPath(to), to, from, to, from, d.ID[:]}, r.args...)
	if _, err := tx.ExecContext(ctx, `INSERT INTO properties (drive, parent, path, space, local, xml) SELECT drive,
		CASE WHEN path = ? THEN ? ELSE ? || substr(parent, length(?) + 1) END,
		? || substr(path, length(?) + 1), space, local, xml FROM properties
		WHERE drive = ? AND `+r.where, args...); err != nil {
		return fmt.Errorf("copying properties: %w", err)
	}
	return nil
}
