package shares

import (
	"errors"
	"fmt"
	"time"
)

// Why a call was refused. Compare with errors.Is; whatever else a method returns is a fault of the server.
var (
	ErrNotFound = errors.New("there is no such upload or link, or it is another account's")

	// Uploads.
	ErrBadLength       = errors.New("the length is none that such an upload can have")
	ErrTooLong         = errors.New("the upload is longer than was said, or than is allowed")
	ErrWrongOffset     = errors.New("the offset is not where the upload stands")
	ErrUploadBusy      = errors.New("another request is writing to the upload")
	ErrTooManyUploads  = errors.New("the account has too many unfinished uploads")
	ErrBadMetadata     = errors.New("the upload's metadata is not as it must be")
	ErrInterrupted     = errors.New("the request's body broke off")
	ErrNoSpace         = errors.New("the disk, the account's quota or what all links may take is full") // ErrOverQuota is one too
	ErrOverQuota       = fmt.Errorf("%w: it is the quota", ErrNoSpace)
	errDiskFull        = fmt.Errorf("%w: it is the disk, by Config.Room", ErrNoSpace)
	errLinksFull       = fmt.Errorf("%w: Config.Limit is reached", ErrNoSpace)
	errObjectTruncated = errors.New("the object is shorter than the database says")

	// Placing an upload in the drive; returned, as they are or wrapped, by Config.Place.
	ErrPrecondition = errors.New("the file in the drive is not as the upload's conditions say")
	ErrNoParent     = errors.New("the upload's folder is not there")
	ErrBadPath      = errors.New("the upload's path can't be one of a file in the drive")
	ErrLocked       = errors.New("the upload's path is locked")

	// Publishing.
	ErrIDTaken          = errors.New("the link's id was published before")
	ErrNoUpload         = errors.New("there is no such sealed upload")
	ErrUploadUnfinished = errors.New("the upload is not finished")
	ErrBadLink          = errors.New("the link's values are not as they must be")
	ErrTooManyLinks     = errors.New("the account has too many links")
	ErrBadManifest      = errors.New("the manifest's length is none that a sealed manifest can have")

	// Changing.
	ErrLimitPassed = errors.New("more visits were counted than the limit would allow")
	ErrLinkChanged = errors.New("the link was changed since its owner read it")
	ErrLinkStopped = errors.New("the operator has stopped the link")

	// Taking down.
	ErrBadReason = errors.New("the reason is too long")
	ErrBadReport = errors.New("the report is empty or too long")

	// Fetching; see also [GoneError] and [SlowDownError].
	ErrWrongToken = errors.New("the token is not the link's")
	ErrNoTicket   = errors.New("the content needs a ticket that was given for this link and this token")
)

// GoneError says that a link cannot be fetched any more, or not now.
type GoneError struct {
	Reason  State  // anything but StateOpen
	Message string // the operator's plain text to those who open the link, at most 500 characters; often empty
}

func (e *GoneError) Error() string { return "the link is " + string(e.Reason) }

// SlowDownError says that too many wrong tokens came from a network.
type SlowDownError struct {
	Wait time.Duration // when the next one is read; more than 0
}

func (e *SlowDownError) Error() string { return "too many wrong tokens" }
