package server

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// What this server speaks of tus (https://tus.io/protocols/resumable-upload).
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-defer-length,termination,expiration"
)

// speakTus answers in tus 1.0.0, and refuses requests that are in none or another.
func speakTus(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Tus-Resumable", tusVersion)
	if c.Request().Header.Get("Tus-Resumable") != tusVersion {
		h.Set("Tus-Version", tusVersion)
		return &fault{status: http.StatusPreconditionFailed, code: "tus_version", sentence: "This server speaks tus 1.0.0."}
	}
	return nil
}

// uploadOptions tells what this server speaks of tus.
func (s *Server) uploadOptions(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(shares.MaxUpload, 10))
	return c.NoContent(http.StatusNoContent)
}

// showUpload says in headers how an upload stands.
func showUpload(c echo.Context, u *shares.Upload) {
	h := c.Response().Header()
	h.Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
}

// headerNumber reads a header that must be one whole number in digits; given says whether it is there. A number beyond 63
// bits is too large.
func headerNumber(r *http.Request, name string) (n int64, given bool, err error) {
	values := r.Header.Values(name)
	if len(values) == 0 {
		return 0, false, nil
	}
	if len(values) > 1 || values[0] == "" {
		return 0, true, errBadRequest
	}
	for _, digit := range values[0] {
		if digit < '0' || digit > '9' {
			return 0, true, errBadRequest
		}
	}
	n, err = strconv.ParseInt(values[0], 10, 64)
	if err != nil {
		return 0, true, errTooLarge.because(err)
	}
	return n, true, nil
}
