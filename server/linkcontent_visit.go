package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// What the three calls for a link's holders answer to any origin's page (docs/format.md, "Fetching a link"). They ask for a
// token and never look at a cookie, so a foreign page gets nothing that it could not get without its visitor.
const (
	holderMethods = "GET, HEAD, POST"
	holderHeaders = "Authorization, Range, If-Range, Content-Type, Thorpe-Ticket"
	holderExposed = "ETag, Content-Range, Content-Length, Accept-Ranges, Retry-After, Thorpe-Limited"
)

// anyOrigin lets pages of any origin read the answer, failures too.
func (s *Server) anyOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", holderExposed)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		return next(c)
	}
}

// linkOptions answers the question that browsers ask before a request of another origin. It is the same for every id.
func (s *Server) linkOptions(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Methods", holderMethods)
	h.Set("Access-Control-Allow-Headers", holderHeaders)
	h.Set("Access-Control-Max-Age", "7200")
	return c.NoContent(http.StatusNoContent)
}

// linkVisit is what the request of a link's holder shows. A token or ticket that is not as it should be is as good as
// none.
func (s *Server) linkVisit(c echo.Context) (shares.Visit, error) {
	id, err := shareID(c)
	if err != nil {
		return shares.Visit{}, err
	}
	r := c.Request()
	ticket, _ := shares.ParseBytes(r.Header.Get("Thorpe-Ticket"), 32)
	return shares.Visit{Link: id, Token: bearer(r), Ticket: ticket, Network: s.network(c)}, nil
}

// bearer is the access token that a request shows (RFC 6750, 2.1), or nil.
func bearer(r *http.Request) []byte {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return nil
	}
	scheme, text, _ := strings.Cut(values[0], " ")
	token, err := shares.ParseBytes(text, 32)
	if err != nil || !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	return token
}

// visitFailed answers why a link was not handed out. What says why it is gone has a form of its own.
func visitFailed(c echo.Context, err error) error {
	var gone *shares.GoneError
	if errors.As(err, &gone) {
		return c.JSON(http.StatusGone, map[string]string{"code": "gone", "reason": string(gone.Reason), "message": gone.Message})
	}
	return shareFault(err)
}
