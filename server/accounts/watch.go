package accounts

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
)

// version tells one state of the database from another, of whatever process's making. It can only be compared, with what the same watch answered.
type version [walHeader]byte

// watch tells whether anything was committed since it was last asked. It is not safe for concurrent use.
//
// It answers what PRAGMA data_version does on a connection of its own, and from where SQLite has that: the header of the WAL-index (https://www.sqlite.org/walformat.html, 2), which each commit
// changes, and which all processes that have the database open share in memory. So asking costs nothing. Where that memory cannot be had, it asks the PRAGMA.
type watch struct {
	conn  *sql.Conn // stays open, and with it the WAL-index the one file that it is
	ask   *sql.Stmt
	index []byte // shared memory; nil if there is none
}

const (
	walHeader  = 48      // bytes of the header's first copy, which readers go by
	walVersion = 3007000 // its first number, in the machine's own order
)

// newWatch takes a connection of the pool until it is closed.
func newWatch(ctx context.Context, db *sql.DB) (*watch, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("watching the database: %w", err)
	}
	w := &watch{conn: conn}
	if w.ask, err = conn.PrepareContext(ctx, "PRAGMA data_version"); err != nil {
		conn.Close()
		return nil, fmt.Errorf("watching the database: %w", err)
	}
	if _, err := w.pragma(ctx); err != nil { // which also opens the WAL-index
		conn.Close()
		return nil, err
	}
	var number int
	var name, path string
	if err := conn.QueryRowContext(ctx, "PRAGMA database_list").Scan(&number, &name, &path); err != nil {
		conn.Close()
		return nil, fmt.Errorf("watching the database: %w", err)
	}
	index := mapWALIndex(path + "-shm")
	if len(index) >= walHeader && binary.NativeEndian.Uint32(index) == walVersion && index[12] == 1 { // isInit
		w.index = index
	}
	return w, nil
}

// version answers the state that the database is in. What is read after it is as new, or newer; then the next answer is another one.
func (w *watch) version(ctx context.Context) (v version, err error) {
	if w.index != nil {
		copy(v[:], w.index)
		return v, nil
	}
	return w.pragma(ctx)
}

func (w *watch) pragma(ctx context.Context) (v version, err error) {
	var number int64
	if err := w.ask.QueryRowContext(ctx).Scan(&number); err != nil {
		return v, fmt.Errorf("watching the database: %w", err)
	}
	binary.NativeEndian.PutUint64(v[:], uint64(number))
	return v, nil
}

// close gives the connection back.
func (w *watch) close() error {
	w.index = nil
	return w.conn.Close()
}
