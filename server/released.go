package server

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/server/release"
	"thorpe/static"
	"thorpe/templates"
)

// Released is what a release publishes of what it gives its visitors: the list of hashes, as [release.Parse] reads it.
func Released(version string, source fs.FS) ([]byte, error) {
	tree, err := static.New()
	if err != nil {
		return nil, err
	}
	pages, err := templates.New(static.Files())
	if err != nil {
		return nil, err
	}
	return released(version, tree, pages, openerOf(version), packed(source))
}

// released visits a server without any data, as somebody without an account would, and lists what it gives.
func released(version string, tree *static.Tree, pages *templates.Set, opener, source func() ([]byte, error)) ([]byte, error) {
	base := &url.URL{Scheme: "https", Host: "thorpe.invalid"}
	list := strings.Repeat("0", 64) // its own hash cannot stand in it
	bare := &Server{
		Config: Config{URL: base, Version: version, Log: slog.New(slog.DiscardHandler), Now: time.Now, Quiet: true},
		pages:  pages,
		static: tree,
		opener: opener,
		source: source,
		list:   func() (published, error) { return published{sum: list}, nil },
	}
	bare.begin()
	made, err := release.Make(version, bare, base, list, release.Visits(pages.Languages(), tree.Path(), tree.Names()))
	if err != nil {
		return nil, err
	}
	return made.Bytes()
}

// published is the list of hashes, and the hash of that.
type published struct {
	text []byte
	sum  string
}

// listed returns a function that makes the list at its first call: it takes a while, and few ask for it.
func (s *Server) listed() func() (published, error) {
	return sync.OnceValues(func() (published, error) {
		text, err := released(s.Version, s.static, s.pages, s.opener, s.source)
		return published{text, release.Sum(text)}, err
	})
}

// aboutShow answers with the page that says what runs here.
func (s *Server) aboutShow(c echo.Context) error {
	list, err := s.list()
	if err != nil {
		return err
	}
	page := s.page(c, "about")
	page.List = list.sum
	return s.render(c, page)
}

// hashesShow answers with the list of hashes.
func (s *Server) hashesShow(c echo.Context) error {
	list, err := s.list()
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, list.text)
}

// Opener is the page that opens links from its reader's own disk, as a release publishes it.
func Opener(version string) ([]byte, error) { return static.Opener(version) }

// openerOf returns a function that makes the opener at its first call.
func openerOf(version string) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) { return static.Opener(version) })
}

// openerShow answers with the page that opens links from its reader's own disk, to be kept: opened here, it would be a page of this server.
func (s *Server) openerShow(c echo.Context) error {
	page, err := s.opener()
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="thorpe-opener.html"`)
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, page)
}
