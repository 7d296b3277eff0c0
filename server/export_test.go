package server

import "github.com/labstack/echo/v4"

// Routes is the table of routes, for the tests that hold docs/openapi.yaml against it.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }
