package server

import (
	"errors"
	"net/http"

	"thorpe/dav"
)

// driveFaults says what the errors of package dav become, beside what its doors answer themselves.
var driveFaults = []struct {
	is error
	fault
}{
	{dav.ErrNotKept, *errNotFound},
	{dav.ErrNoID, *errBadRequest},
	{dav.ErrNoParent, fault{status: http.StatusConflict, code: "no_parent", sentence: "There is no such folder, or something else has its name."}},
	{dav.ErrInvalidName, fault{status: http.StatusBadRequest, code: "bad_path", sentence: "No file can have this path."}},
	{dav.ErrLocked, fault{status: http.StatusLocked, code: "locked", sentence: "Somebody has locked this file, or the folder in which it would lie."}},
	{dav.ErrNoSpace, fault{status: http.StatusInsufficientStorage, code: "no_space", sentence: "There is no room for this: the account's quota is full.", theirs: true}},
}

// driveFault makes a fault of an error of package dav, and leaves other errors as they are.
func driveFault(err error) error {
	for i := range driveFaults {
		if errors.Is(err, driveFaults[i].is) {
			return driveFaults[i].because(err)
		}
	}
	return err
}
