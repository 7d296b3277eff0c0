package server

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// shareFaults says what the errors of package shares become.
var shareFaults = knownFaults{
	{shares.ErrNotFound, *errNotFound},

	{shares.ErrBadLength, fault{status: http.StatusBadRequest, code: "bad_length", sentence: "An upload of this kind can't have this length."}},
	{shares.ErrTooLong, *errTooLarge},
	{shares.ErrWrongOffset, fault{status: http.StatusConflict, code: "wrong_offset", sentence: "The upload stands somewhere else. Ask where, and go on from there."}},
	{shares.ErrUploadBusy, fault{status: http.StatusLocked, code: "upload_busy", sentence: "Another request is sending to this upload."}},
	{shares.ErrTooManyLinks, fault{status: http.StatusConflict, code: "too_many", sentence: "There are too many links. Delete some."}},
	{shares.ErrTooManyUploads, fault{status: http.StatusConflict, code: "too_many", sentence: "There are too many unfinished uploads. Finish or delete some."}},
	{shares.ErrBadMetadata, fault{status: http.StatusBadRequest, code: "bad_metadata", sentence: "The upload's metadata is not as this server expects it."}},
	{shares.ErrInterrupted, fault{status: http.StatusRequestTimeout, code: "interrupted", sentence: "The request broke off."}},
	{shares.ErrOverQuota, *errOverQuota},
	{shares.ErrNoSpace, *errNoSpace},

	{shares.ErrPrecondition, fault{status: http.StatusPreconditionFailed, code: "precondition", sentence: "The file changed meanwhile, or is there already."}},
	{shares.ErrNoParent, fault{status: http.StatusConflict, code: "no_parent", sentence: "The folder is not there any more."}},
	{shares.ErrBadPath, *errBadPath},
	{shares.ErrLocked, fault{status: http.StatusLocked, code: "locked", sentence: "Somebody has locked this file."}},

	{shares.ErrIDTaken, fault{status: http.StatusConflict, code: "id_taken", sentence: "A link with this id was published before."}},
	{shares.ErrNoUpload, fault{status: http.StatusNotFound, code: "no_upload", sentence: "There is no such upload for a link."}},
	{shares.ErrUploadUnfinished, fault{status: http.StatusConflict, code: "upload_unfinished", sentence: "The upload is not finished."}},
	{shares.ErrBadLink, fault{status: http.StatusBadRequest, code: "bad_request", sentence: "A link can't have these limits."}},
	{shares.ErrBadManifest, fault{status: http.StatusBadRequest, code: "bad_manifest", sentence: "A sealed manifest can't have this length."}},

	{shares.ErrLimitPassed, fault{status: http.StatusConflict, code: "limit_passed", sentence: "It was downloaded more often already."}},
	{shares.ErrLinkChanged, fault{status: http.StatusConflict, code: "link_changed", sentence: "The link was changed meanwhile. Read it again."}},
	{shares.ErrLinkStopped, fault{status: http.StatusConflict, code: "link_removed", sentence: "The operator has stopped this link."}},

	{shares.ErrBadReport, fault{status: http.StatusBadRequest, code: "bad_request", sentence: "A report has 1 to 2,000 characters."}},
	{shares.ErrBadReason, fault{status: http.StatusBadRequest, code: "bad_request", sentence: "A reason has at most 500 characters."}},

	{shares.ErrWrongToken, fault{status: http.StatusForbidden, code: "wrong_token", sentence: "The password is wrong, or the link is not whole."}},
	{shares.ErrNoTicket, fault{status: http.StatusForbidden, code: "no_ticket", sentence: "Ask for a ticket first."}},
}

// shareFault makes a fault of an error of package shares, and leaves other errors as they are.
func shareFault(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errTooLarge.because(err)
	}
	var slow *shares.SlowDownError
	if errors.As(err, &slow) {
		return slowDown(slow.Wait)
	}
	return shareFaults.of(err)
}

// shareOwner is the signed-in account as package shares knows it.
func shareOwner(c echo.Context) shares.Owner {
	a := account(c)
	return shares.Owner{ID: a.ID, Name: a.Name, Quota: a.Quota, Device: session(c).Agent}
}

// shareID is the id in the route's :id. A text that is not the one spelling of an id names nothing.
func shareID(c echo.Context) (shares.ID, error) {
	id, err := shares.ParseID(c.Param("id"))
	if err != nil {
		return id, errNotFound.because(err)
	}
	return id, nil
}
