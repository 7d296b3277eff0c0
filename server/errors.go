package server

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
	"thorpe/server/database"
	"thorpe/templates"
)

// fault is a failure as its request's sender sees it. The cause is for the log.
type fault struct {
	status   int
	code     string // for programs, see docs/openapi.yaml
	sentence string // for people, in English
	wait     time.Duration
	cause    error
	theirs   bool // it is nothing for the operator, whatever the status
}

func (f *fault) Error() string { return f.code }
func (f *fault) Unwrap() error { return f.cause }

// because returns the fault with a cause.
func (f fault) because(err error) error {
	f.cause = err
	return &f
}

// slowDown is the answer to too many guesses or requests; wait is when to try again.
func slowDown(wait time.Duration) error {
	return &fault{status: http.StatusTooManyRequests, code: "slow_down", sentence: "That was tried too often. Wait a moment.", wait: wait}
}

var (
	errBadRequest    = &fault{status: http.StatusBadRequest, code: "bad_request", sentence: "The request is not as this server expects it."}
	errNotSignedIn   = &fault{status: http.StatusUnauthorized, code: "not_signed_in", sentence: "Sign in first."}
	errNoAppPassword = &fault{status: http.StatusUnauthorized, code: "not_signed_in", sentence: "This does not open a drive. A mount wants the account's name and an app password, which is made in the browser, under Settings; the password that you sign in with there does not work here."}
	errCrossSite     = &fault{status: http.StatusForbidden, code: "cross_site", sentence: "Another site may not do this."}
	errNotFound      = &fault{status: http.StatusNotFound, code: "not_found", sentence: "There is nothing here."}
	errMethod        = &fault{status: http.StatusMethodNotAllowed, code: "bad_method", sentence: "This can't be done here."}
	errTooLarge      = &fault{status: http.StatusRequestEntityTooLarge, code: "too_large", sentence: "That is too large."}
	errWrongHost     = &fault{status: http.StatusMisdirectedRequest, code: "wrong_host", sentence: "This server does not answer for that name."}
	errNoSpace       = &fault{status: http.StatusInsufficientStorage, code: "no_space", sentence: "There is no room for this: what this server has for links is full, or its disk is."}
	errOverQuota     = &fault{status: http.StatusInsufficientStorage, code: "no_space", sentence: "There is no room for this: the account's quota is full.", theirs: true}
	errBadPath       = &fault{status: http.StatusBadRequest, code: "bad_path", sentence: "No file can have this path."}
	errUnavailable   = &fault{status: http.StatusServiceUnavailable, code: "unavailable", sentence: "The server can't store anything just now. Try again in a moment."}
	errInternal      = &fault{status: http.StatusInternalServerError, code: "internal", sentence: "Something went wrong here. The server's log says what."}
)

// knownFaults says what the errors of a package become.
type knownFaults []struct {
	is error
	fault
}

// find is the fault of the first error that errors.Is finds, or nil.
func (known knownFaults) find(err error) *fault {
	for i := range known {
		if errors.Is(err, known[i].is) {
			return &known[i].fault
		}
	}
	return nil
}

// of makes a fault of an error that is known, and leaves others as they are.
func (known knownFaults) of(err error) error {
	if f := known.find(err); f != nil {
		return f.because(err)
	}
	return err
}

// faults says what the errors of package accounts become.
var faults = knownFaults{
	{accounts.ErrBadName, fault{status: 400, code: "bad_name", sentence: "A name has 1 to 32 of the letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit."}},
	{accounts.ErrNameTaken, fault{status: 409, code: "name_taken", sentence: "Somebody has this name already."}},
	{accounts.ErrAccountTwice, fault{status: 409, code: "account_taken", sentence: "This account exists already."}},
	{accounts.ErrBadToken, fault{status: 404, code: "bad_token", sentence: "This link is unknown, used up or expired."}},
	{accounts.ErrWrongKey, fault{status: 403, code: "wrong_password", sentence: "The name or the password is wrong."}},
	{accounts.ErrProofNeeded, fault{status: 403, code: "proof_needed", sentence: "Show your password once more."}},
	{accounts.ErrNotFound, *errNotFound},
	{accounts.ErrBadLabel, fault{status: 400, code: "bad_label", sentence: "A label has 1 to 60 printable characters."}},
	{accounts.ErrTooMany, fault{status: 409, code: "too_many", sentence: "There are too many of these already."}},
}

// faultOf returns what a handler's error becomes.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	if f := faults.find(err); f != nil {
		return f
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errTooLarge
	}
	switch {
	case database.Full(err):
		return errNoSpace
	case database.Unavailable(err):
		return errUnavailable
	}
	var e *echo.HTTPError
	if errors.As(err, &e) {
		switch e.Code {
		case http.StatusNotFound:
			return errNotFound
		case http.StatusMethodNotAllowed:
			return errMethod
		}
	}
	return errInternal
}

// fail writes every failure: as JSON below /api/, as plain text at the doors, and elsewhere as a page to whoever asks for one.
func (s *Server) fail(err error, c echo.Context) {
	f := faultOf(err)
	if c.Request().Context().Err() != nil {
		s.Log.DebugContext(c.Request().Context(), "a request ended early", "route", c.Path(), "error", err)
	} else if f.theirs {
		s.Log.InfoContext(c.Request().Context(), "a request was refused", "method", c.Request().Method, "route", c.Path(), "error", err)
	} else if f.status >= http.StatusInternalServerError {
		s.Log.ErrorContext(c.Request().Context(), "a request failed", "method", c.Request().Method, "route", c.Path(), "status", f.status, "code", f.code, "error", err)
	}
	if c.Response().Committed {
		return
	}
	if f.wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int((f.wait+time.Second-1)/time.Second)))
	}
	path, method := c.Request().URL.Path, c.Request().Method
	switch {
	case strings.HasPrefix(path, "/api/"):
		c.JSON(f.status, struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		}{f.code, f.sentence})
	case path == "/dav", path == "/files", strings.HasPrefix(path, "/dav/"), strings.HasPrefix(path, "/files/"), strings.HasPrefix(path, "/static/"):
		c.String(f.status, f.sentence+"\n")
	case method != http.MethodGet && method != http.MethodHead:
		text := f.sentence
		if f == errNotFound || f == errMethod { // who mounts what is no drive sees this, or finds it in the client's log
			text += " The drive to mount is at " + s.URL.JoinPath("/dav/").String()
		}
		c.String(f.status, text+"\n")
	default:
		page := s.page(c, "error")
		page.Error = &templates.ErrorText{Status: f.status, Code: f.code}
		var b bytes.Buffer
		if err := s.pages.Render(&b, page); err != nil {
			s.Log.ErrorContext(c.Request().Context(), "rendering the error page", "error", err)
			c.String(f.status, f.sentence+"\n")
			return
		}
		c.HTMLBlob(f.status, b.Bytes())
	}
}
