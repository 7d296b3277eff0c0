package dav

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// ForLog is an error's text without the names of files: of the system's errors it leaves the operation and what the system said. A log is read by people who
// may not read the drive.
func ForLog(err error) string {
	switch e := err.(type) { // each layer by itself: errors.As would skip what wraps
	case *fs.PathError:
		return e.Op + ": " + ForLog(e.Err)
	case *os.LinkError:
		return e.Op + ": " + ForLog(e.Err)
	case *os.SyscallError:
		return e.Syscall + ": " + ForLog(e.Err)
	}
	text := err.Error()
	for _, cause := range causes(err) {
		whole := cause.Error()
		safe := ForLog(cause)
		switch {
		case safe == whole:
		case strings.Contains(text, whole):
			text = strings.ReplaceAll(text, whole, safe)
		default:
			return safe // what wraps has words of its own for the cause, and a name may be among them
		}
	}
	return text
}

// causes is what an error wraps.
func causes(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	if cause := errors.Unwrap(err); cause != nil {
		return []error{cause}
	}
	return nil
}
