// Package server is the web application: the pages, the JSON API and the doors to the drive, on Echo.
//
// Start from [New]; a [Server] is an http.Handler. Every route stands in the one table of routes.go with who may use it,
// every handler in a file named after it, and every failure is written by the one function in errors.go. Handlers parse,
// call once into accounts, shares or dav, and answer.
//
// Nothing in here can open a sealed link: the package, and all it imports, does without shares/sealed. No answer and no
// log line holds the text of an error, a path of a drive, a token or a key.
package server

import (
	"context"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
	"thorpe/server/accounts"
	"thorpe/server/history"
	"thorpe/shares"
	"thorpe/static"
	"thorpe/templates"
)

// Config is what a server is made of. All fields but Port, Names, Proxies, Metrics, Checks, Contact and Certificate are needed.
type Config struct {
	URL      *url.URL // where people reach it: scheme, host, and the path below which all of it lies, if any; links are built from it and nothing else
	Port     string   // where it listens: localhost at this port may be asked too; empty of a Unix socket
	Names    []string // further names and addresses that it is known by, at the same ports
	Accounts *accounts.Store
	Drive    *dav.Handler
	Shares   *shares.Store
	Log      *slog.Logger
	Version  string
	Source   fs.FS // what this program is built from, which every page offers
	Now      func() time.Time
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed
	Quiet    bool           // no line in the log for each request; failures have theirs all the same
	Metrics  *Metrics       // counts requests; nil: nobody asks for them
	Checks   []Check        // what /readyz looks at; may be empty
	Contact  string         // where the operator takes links that somebody wants to show them, as people read it; may be empty

	History     *history.Store     // what the operator looks back on; give its Run the server's Measure
	Data        string             // the path of the data folder: its disk is measured
	Certificate func() Certificate // what is shown by TLS; nil: this server does not speak it
}

// Server answers all requests.
type Server struct {
	Config
	echo   *echo.Echo
	pages  *templates.Set
	static *static.Tree
	hosts  map[string]bool
	base   string // the path of URL: empty, or such as "/cloud"
	source func() ([]byte, error)
	list   func() (published, error)
	opener func() ([]byte, error)

	ready    readiness
	stopping atomic.Bool

	resumable    context.Context // ends when transfers that can be taken up again are cut, since the server stops
	cutResumable context.CancelFunc

	signIns  *guesses // wrong auth keys, recovery keys and app passwords
	requests *guesses // calls that cost something and that anyone can make
	walks    walks

	transfers transfers
	started   time.Time

	linkPages sync.Map // [2]string{language, theme}: *twoForms
}

// New returns a server.
func New(config Config) (*Server, error) {
	s := &Server{Config: config, signIns: newGuesses(config.Now), requests: newGuesses(config.Now), walks: walks{turns: map[accounts.ID]*walkTurns{}}, started: config.Now()}
	s.Log = slog.New(LogHandler(config.Log.Handler()))
	s.resumable, s.cutResumable = context.WithCancel(context.Background())
	var err error
	if s.static, err = static.New(); err != nil {
		return nil, err
	}
	if s.pages, err = templates.New(static.Files()); err != nil {
		return nil, err
	}
	s.source = packed(config.Source)
	s.ready.checks = config.Checks
	s.list = s.listed()
	s.opener = openerOf(s.Version)
	s.begin()
	return s, nil
}

// begin makes ready what answers requests.
func (s *Server) begin() {
	s.echo = echo.New()
	s.hosts = knownHosts(s.URL, s.Port, s.Names)
	s.base = strings.TrimSuffix(s.URL.Path, "/")
	s.echo.HTTPErrorHandler = s.fail
	s.echo.Pre(s.record, s.setHeaders, s.checkHost, s.outsideBase, davOptions) // headers first: a refused host's answer carries them too
	s.addRoutes()
}
