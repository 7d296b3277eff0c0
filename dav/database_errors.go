package dav

import (
	"errors"
	"net/http"
)

// databaseStatus is the status for an error of the database itself, or 0. SQLite's driver gives its result codes (https://www.sqlite.org/rescode.html) by a
// method; another database's would be told apart here too.
func databaseStatus(err error) int {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return 0
	}
	const (
		busy, locked, ioErr, full, readOnly = 5, 6, 10, 13, 8

		ioErrWrite, ioErrTruncate, ioErrShmSize = ioErr | 3<<8, ioErr | 6<<8, ioErr | 19<<8
	)
	switch code := coded.Code(); {
	case code&0xff == full, code == ioErrWrite, code == ioErrTruncate, code == ioErrShmSize:
		return http.StatusInsufficientStorage
	case code&0xff == busy, code&0xff == locked, code&0xff == readOnly:
		return http.StatusServiceUnavailable
	}
	return 0
}
