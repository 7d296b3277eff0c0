package server

import (
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// uploadStateChange keeps what a later visit needs to go on with a sealed upload.
func (s *Server) uploadStateChange(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	r := c.Request()
	if r.ContentLength > shares.MaxUploadState {
		return errTooLarge
	}
	body := newMovingBody(c.Response().Writer, r.Body)
	defer body.rest()
	state, err := io.ReadAll(http.MaxBytesReader(c.Response().Writer, body, shares.MaxUploadState))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return errTooLarge.because(err)
		}
		return errBadRequest.because(err)
	}
	if len(state) == 0 {
		return errBadRequest
	}
	if err := s.Shares.SetUploadState(r.Context(), shareOwner(c), id, state); err != nil {
		return shareFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// uploadStateShow hands it out again, to the upload's owner.
func (s *Server) uploadStateShow(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	state, err := s.Shares.UploadState(c.Request().Context(), account(c).ID, id)
	if err != nil {
		return shareFault(err)
	}
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, state)
}
