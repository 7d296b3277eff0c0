package dav

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

// Errors of [Handler.Place], compared with [errors.Is].
var (
	ErrPrecondition = errors.New("dav: precondition failed")
	ErrNoParent     = errors.New("dav: the parent collection does not exist")
	ErrInvalidName  = errors.New("dav: invalid name")
	ErrLocked       = errors.New("dav: locked")
	ErrIsCollection = errors.New("dav: the name is a collection's")
	ErrNoSpace      = errors.New("dav: no space left")
)

// A failure is an error with the status that tells the client. Its cause goes to the log only.
type failure struct {
	status    int
	condition string // local name of a DAV: precondition element (RFC 4918, 16), or empty
	href      string // what the condition is about, escaped, or empty
	sentence  string // for people; empty: what the rest means, see exchange.sentence
	cause     error
}

func (f *failure) Error() string {
	s := "status " + strconv.Itoa(f.status)
	if f.condition != "" {
		s += " " + f.condition
	}
	if f.cause != nil {
		s += ": " + f.cause.Error()
	}
	return s
}

func (f *failure) Unwrap() error { return f.cause }

func status(code int) error                { return &failure{status: code} }
func because(code int, cause error) error  { return &failure{status: code, cause: cause} }
func told(code int, sentence string) error { return &failure{status: code, sentence: sentence} }

// isFull says whether the disk had no space, for a file or for the database. What one drive may have is another matter.
func isFull(err error) bool {
	return err != nil && !isTheirs(err) && asFailure(err).status == http.StatusInsufficientStorage
}

// isTheirs says whether a request met a bound of its own drive, which is nothing for the operator.
func isTheirs(err error) bool {
	return errors.Is(err, errOverQuota) || errors.Is(err, errTooManyLocks) || errors.Is(err, errTooManyProperties)
}

// asFailure finds the status for any error.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	code, sentence := http.StatusInternalServerError, ""
	switch database := databaseStatus(err); {
	case database != 0:
		code = database
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, ErrNoSpace):
		code = http.StatusInsufficientStorage
	case errors.Is(err, fs.ErrNotExist):
		code = http.StatusNotFound
	case errors.Is(err, fs.ErrExist), errors.Is(err, syscall.ENOTEMPTY), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		code, sentence = http.StatusConflict, sayMeanwhile // from outside
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EXDEV):
		code, sentence = http.StatusForbidden, sayForbidden
	case errors.Is(err, syscall.ENAMETOOLONG): // the disk takes less than we do
		code, sentence = http.StatusBadRequest, sayLongName
	case errors.Is(err, ErrInvalidName):
		code, sentence = http.StatusBadRequest, sayBadName
	case errors.Is(err, ErrPrecondition):
		code = http.StatusPreconditionFailed
	case errors.Is(err, ErrNoParent):
		code = http.StatusConflict
	case errors.Is(err, ErrLocked):
		code = http.StatusLocked
	case errors.Is(err, ErrIsCollection):
		code, sentence = http.StatusMethodNotAllowed, sayFolder
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		code = http.StatusRequestTimeout
	}
	return &failure{status: code, sentence: sentence, cause: err}
}

// fail writes the answer to a request that failed: a status, and a fixed sentence, which stands in a DAV:error element if there is one. There it is sabre/dav's element
// (https://sabre.io), which clients know to show from the many servers that are made with it, and which others pass over (RFC 4918, 17).
func (x *exchange) fail(err error) {
	f := asFailure(err)
	if f.status >= 500 && f.status != http.StatusBadGateway && !isTheirs(err) && x.r.Context().Err() == nil {
		x.h.log.ErrorContext(x.r.Context(), "answering a request", "method", x.r.Method, "status", f.status, "cause", ForLog(err))
	}
	head := x.w.Header()
	for _, name := range []string{"Etag", "Last-Modified", "Content-Disposition", "Cache-Control"} {
		head.Del(name)
	}
	if f.status == http.StatusMethodNotAllowed && head.Get("Allow") == "" {
		head.Set("Allow", allowed)
	}
	var body []byte
	sentence := x.sentence(f)
	if f.condition != "" {
		body = append(body, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<D:error xmlns:D="DAV:"><D:`+f.condition...)
		if f.href != "" {
			body = append(body, `><D:href>`+f.href+`</D:href></D:`+f.condition...)
			body = append(body, '>')
		} else {
			body = append(body, `/>`...)
		}
		body = append(body, `<s:message xmlns:s="http://sabredav.org/ns">`+sentence+`</s:message></D:error>`...)
		head.Set("Content-Type", "application/xml; charset=utf-8")
	} else {
		body = append(body, sentence+"\n"...)
		head.Set("Content-Type", "text/plain; charset=utf-8")
	}
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", contentPolicy)
	head.Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(f.status)
	if x.r.Method != http.MethodHead {
		x.w.Write(body)
	}
}
