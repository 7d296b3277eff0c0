package server

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// uploadAppend takes bytes for an upload. Some of them may be acknowledged also if it fails: HEAD tells how many. When the server stops
// it is cut where it is, with all that came acknowledged.
func (s *Server) uploadAppend(c echo.Context) error {
	if err := speakTus(c); err != nil {
		return err
	}
	id, err := shareID(c)
	if err != nil {
		return err
	}
	r := c.Request()
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/offset+octet-stream" {
		return &fault{status: http.StatusUnsupportedMediaType, code: "bad_type", sentence: "Bytes of an upload are application/offset+octet-stream."}
	}
	offset, given, err := headerNumber(r, "Upload-Offset")
	if err != nil {
		return err
	} else if !given {
		return errBadRequest
	}
	length, given, err := headerNumber(r, "Upload-Length")
	if err != nil {
		return err
	} else if !given {
		length = -1
	}
	moving := movingOf(c)
	body := newMovingBody(c.Response().Writer, r.Body)
	defer body.rest()
	defer context.AfterFunc(s.resumable, body.interrupt)()
	u, err := s.Shares.Append(r.Context(), shareOwner(c), id, shares.Patch{
		Offset: offset, Length: length, Size: r.ContentLength, Body: &firstRead{body, func() { moving.goesOn(id, offset, length) }}, Interrupt: body.interrupt,
	})
	if errors.Is(err, shares.ErrInterrupted) && s.resumable.Err() != nil {
		return errStopping.because(err) // not the sender's fault, which 408 would say
	}
	if err != nil {
		return shareFault(err)
	}
	moving.stands(u.Offset, u.Length)
	showUpload(c, u)
	return c.NoContent(http.StatusNoContent)
}

// firstRead says when a body is first read: whoever reads it has found where it goes.
type firstRead struct {
	io.Reader
	begin func()
}

func (r *firstRead) Read(p []byte) (int, error) {
	if r.begin != nil {
		r.begin()
		r.begin = nil
	}
	return r.Reader.Read(p)
}
