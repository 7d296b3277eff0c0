package server

import (
	"net/http"

	"thorpe/dav"
)

// driveFaults says what the errors of package dav become, beside what its doors answer themselves.
var driveFaults = knownFaults{
	{dav.ErrNotKept, *errNotFound},
	{dav.ErrNoID, *errBadRequest},
	{dav.ErrNoParent, fault{status: http.StatusConflict, code: "no_parent", sentence: "There is no such folder, or something else has its name."}},
	{dav.ErrInvalidName, *errBadPath},
	{dav.ErrLocked, fault{status: http.StatusLocked, code: "locked", sentence: "Somebody has locked this file, or the folder in which it would lie."}},
	{dav.ErrNoSpace, *errOverQuota},
}

// driveFault makes a fault of an error of package dav, and leaves other errors as they are.
func driveFault(err error) error { return driveFaults.of(err) }
