package server

import (
	"bytes"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"thorpe/static"
	"thorpe/templates"
)

// page is what every page says of the server.
func (s *Server) page(c echo.Context, name string) templates.Page {
	return templates.Page{Name: name, Lang: s.language(c), Theme: theme(c), Base: s.base, Static: s.at(s.static.Path()), Version: s.Version, SourceURL: s.at(sourcePath)}
}

// The switches in the footer leave what was chosen in cookies of these names, which nothing else reads. They are the browser's word, so only
// what is one of a few known words is taken from them, and no file is ever named by one.
const (
	languageCookie = "language"
	themeCookie    = "theme"
)

// language is the visitor's: the one they chose, else the one that their browser asks for.
func (s *Server) language(c echo.Context) string {
	if chosen, err := c.Cookie(languageCookie); err == nil && slices.Contains(s.pages.Languages(), chosen.Value) {
		return chosen.Value
	}
	return s.pages.Language(c.Request().Header.Get("Accept-Language"))
}

// theme is "light" or "dark" where the visitor chose one, else empty: as their system has it.
func theme(c echo.Context) string {
	if chosen, err := c.Cookie(themeCookie); err == nil && (chosen.Value == "light" || chosen.Value == "dark") {
		return chosen.Value
	}
	return ""
}

func (s *Server) render(c echo.Context, page templates.Page) error {
	var b bytes.Buffer
	if err := s.pages.Render(&b, page); err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}

// pageShow answers with a page that is the same for everybody.
func (s *Server) pageShow(name string) echo.HandlerFunc {
	return func(c echo.Context) error { return s.render(c, s.page(c, name)) }
}

// appShow answers with the web drive, or with the sign-in page at the same place.
func (s *Server) appShow(c echo.Context) error {
	found, err := s.findSession(c)
	switch {
	case errors.Is(err, errNotSignedIn):
		return s.render(c, s.page(c, "signin"))
	case err != nil:
		return err
	}
	page := s.page(c, "app")
	page.Data = map[string]string{
		"account": found.Account.ID.String(),
		"name":    found.Account.Name,
		"dav":     s.URL.JoinPath("/dav/").String(),
	}
	if found.Account.Operator {
		page.Data["operator"] = "true"
	}
	made, err := s.inTwoForms(page)
	if err != nil {
		return err
	}
	return sendPage(c, made) // it holds no secret, and nothing that another site can put into it, so that its length tells nothing new (BREACH)
}

// linkShow answers with the page that opens links, the same for all. What follows /s/ is not looked at: it may be a
// fragment whose # a mail gateway has rewritten, which the page sets right.
func (s *Server) linkShow(c echo.Context) error {
	page := s.page(c, "link")
	if s.Contact != "" {
		page.Data = map[string]string{"contact": s.Contact}
	}
	made, found := s.linkPages.Load([2]string{page.Lang, page.Theme})
	if !found {
		var err error
		if made, err = s.inTwoForms(page); err != nil {
			return err
		}
		s.linkPages.Store([2]string{page.Lang, page.Theme}, made)
	}
	return sendPage(c, made.(*twoForms)) // it holds nothing of a person's, so that its length may tell what it holds
}

// twoForms are a page as it is, and compressed: nil where that saves nothing.
type twoForms struct{ plain, short []byte }

func (s *Server) inTwoForms(page templates.Page) (*twoForms, error) {
	var b bytes.Buffer
	if err := s.pages.Render(&b, page); err != nil {
		return nil, err
	}
	return &twoForms{b.Bytes(), static.Compress(b.Bytes())}, nil
}

// sendPage answers with a page, compressed where the browser takes gzip. Its length must tell nothing that is not known.
func sendPage(c echo.Context, page *twoForms) error {
	header := c.Response().Header()
	header.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if page.short != nil && static.TakesGzip(c.Request().Header) {
		header.Set("Content-Encoding", "gzip")
		return c.HTMLBlob(http.StatusOK, page.short)
	}
	return c.HTMLBlob(http.StatusOK, page.plain)
}

// linkRedirect leads from /s to /s/.
func (s *Server) linkRedirect(c echo.Context) error {
	return c.Redirect(http.StatusMovedPermanently, s.at("/s/"))
}

// workerShow answers with a service worker, at an address that stays.
func (s *Server) workerShow(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		content, ok := s.static.File(name)
		if !ok {
			return errNotFound
		}
		c.Response().Header().Set("Cache-Control", "no-cache")
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", content)
	}
}

// shareLost answers what a device shares into the app before the worker of /share/ is there to take it. The body is not read: it goes nowhere.
func (s *Server) shareLost(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, s.at("/share/?lost"))
}
