package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// maxKeptIDs is how many things one request brings back or removes.
const maxKeptIDs = 1000

// trashRestoreMany brings many things back, to where they were or into a folder, and tells of each in a line.
func (s *Server) trashRestoreMany(c echo.Context) error {
	var request struct {
		IDs    []string `json:"ids"`
		Folder *string
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	return s.manyKept(c, request.IDs, func(told func(id, at string, err error) error) error {
		return s.Drive.RestoreAll(c.Request().Context(), driveHere(c), request.IDs, request.Folder, told)
	})
}

// trashDeleteMany removes many things from the trash for good, and tells of each in a line.
func (s *Server) trashDeleteMany(c echo.Context) error {
	var request struct {
		IDs []string `json:"ids"`
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	return s.manyKept(c, request.IDs, func(told func(id, at string, err error) error) error {
		return s.Drive.DiscardAll(c.Request().Context(), driveHere(c), request.IDs, func(id string, err error) error { return told(id, "", err) })
	})
}

// keptLine is what became of one thing: its path, where it has come back, or why nothing was done. The last line is an end without these.
type keptLine struct {
	ID      string `json:"id,omitempty"`
	Path    string `json:"path,omitempty"`
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	End     bool   `json:"end,omitempty"`
}

// manyKept answers what work tells, one thing a line, as it is done. A request that is closed ends after the thing under way.
func (s *Server) manyKept(c echo.Context, ids []string, work func(told func(id, at string, err error) error) error) error {
	if len(ids) == 0 || len(ids) > maxKeptIDs {
		return errBadRequest
	}
	control := http.NewResponseController(c.Response().Writer)
	logged := false
	return driveFault(answerLines(c, func(tell func(line any) error) (any, error) {
		return keptLine{End: true}, work(func(id, at string, err error) error {
			control.SetWriteDeadline(time.Now().Add(writeTimeout))
			line := keptLine{ID: id, Path: at}
			if err != nil {
				f := faultOf(driveFault(err))
				line.Status, line.Code, line.Message = f.status, f.code, f.sentence
				if f.status >= http.StatusInternalServerError && !f.theirs && !logged {
					logged = true // the first: what is wrong with many is mostly one thing
					s.Log.ErrorContext(c.Request().Context(), "a part of a request failed", "method", c.Request().Method, "route", c.Path(), "status", f.status, "code", f.code, "error", err)
				}
			}
			return tell(line)
		})
	}))
}
