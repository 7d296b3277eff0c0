package database

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Full says whether err is the database's word that the disk is full.
func Full(err error) bool {
	switch code := resultCode(err); {
	case code&0xff == sqlite3.SQLITE_FULL, code == sqlite3.SQLITE_IOERR_WRITE, code == sqlite3.SQLITE_IOERR_TRUNCATE, code == sqlite3.SQLITE_IOERR_SHMSIZE:
		return true
	}
	return false
}

// Damaged says whether err is the database's word that its file is broken, or none of its own.
func Damaged(err error) bool {
	code := resultCode(err) & 0xff
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// Unavailable says whether err is the database's word that it can't be written now, though it may be later: others hold it too long,
// or it is read-only.
func Unavailable(err error) bool {
	switch resultCode(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY:
		return true
	}
	return false
}

// resultCode is SQLite's extended result code (https://www.sqlite.org/rescode.html) in err, or 0.
func resultCode(err error) int {
	var failure *sqlite.Error
	if errors.As(err, &failure) {
		return failure.Code()
	}
	return 0
}
