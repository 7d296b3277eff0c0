// What is not written yet; it goes when the real ones come.
package server

import (
	"github.com/labstack/echo/v4"
)

func (s *Server) anyOrigin(next echo.HandlerFunc) echo.HandlerFunc { return next }
func (s *Server) uploadOptions(c echo.Context) error               { return errNotFound }
func (s *Server) uploadCreateSealed(c echo.Context) error          { return errNotFound }
func (s *Server) uploadCreateDrive(c echo.Context) error           { return errNotFound }
func (s *Server) uploadList(c echo.Context) error                  { return errNotFound }
func (s *Server) uploadShow(c echo.Context) error                  { return errNotFound }
func (s *Server) uploadAppend(c echo.Context) error                { return errNotFound }
func (s *Server) uploadDelete(c echo.Context) error                { return errNotFound }
func (s *Server) linkList(c echo.Context) error                    { return errNotFound }
func (s *Server) linkCreate(c echo.Context) error                  { return errNotFound }
func (s *Server) linkDelete(c echo.Context) error                  { return errNotFound }
func (s *Server) linkManifest(c echo.Context) error                { return errNotFound }
func (s *Server) linkDownloads(c echo.Context) error               { return errNotFound }
func (s *Server) linkContent(c echo.Context) error                 { return errNotFound }
func (s *Server) linkOptions(c echo.Context) error                 { return errNotFound }
