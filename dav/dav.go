// Package dav is the WebDAV server (RFC 4918, classes 1, 2 and 3) that makes a drive: a folder of plain files
// that behaves like a disk.
//
// Start from [New], then give each request to [Handler.Serve], with the door it came through and the drive it is for.
// The package knows no accounts: the caller has authenticated the request and names the drive.
//
// A request passes three layers. In front stands our own code: it decodes the path once, judges preconditions, If
// headers and locks, and answers GET, PUT, PROPFIND, PROPPATCH, LOCK and UNLOCK itself. What COPY, MOVE, DELETE and MKCOL
// mean is decided by golang.org/x/net/webdav. Under it lies a file system of ours, on which these four are atomic.
//
// What the package promises:
//
//   - What was acknowledged is on the disk; a request that failed or was cut off changed nothing.
//   - What a request deletes or overwrites is kept (data/kept, table kept) for [KeptFor], unless its space is needed before. Empty files that are overwritten are not.
//     [Handler.Trash] lists what was deleted, [Handler.Restore] brings it back, and never over something.
//   - No request reaches outside its drive: every access goes through a folder opened in it, and symbolic links are
//     never followed, never listed and never written through. DELETE removes the link itself.
//   - Locks and dead properties lie in SQLite and survive a restart. Properties follow MOVE and COPY; a lock ends with the DELETE or
//     MOVE of what it locks (RFC 4918, 9.6 and 7.7).
//
// [Handler.Find], [Handler.Recent] and [Handler.SizeOf] answer what would need a walk over a drive.
//
// What it does not do: versioning (RFC 3253), access control (RFC 3744), searches by WebDAV (RFC 5323).
package dav

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// Drive names a drive, and who asks. ID keys its locks, properties and kept items in the database; Name is its folder below drive/ and kept/.
type Drive struct {
	ID     [16]byte
	Name   string
	Quota  int64  // bytes that it and what lies elsewhere may hold; 0: no quota
	Device string // what the request comes from, in words: what is kept remembers it; "": unknown
}

// Config is what a [Handler] needs.
type Config struct {
	DB   *sql.DB  // with the tables locks, properties, kept and usage (server/database/migrations)
	Data *os.Root // the data folder: drive/, kept/ and incoming/ lie in it, on one file system
	Log  *slog.Logger

	// Relaxed is a pool over the same database, for rows that can be made again from the files: what it commits is seen by all at once, but may be
	// lost with the power. nil: DB.
	Relaxed *sql.DB

	// Hosts are further names (host or host:port) under which clients know this server: a Destination or an If header
	// may name the request's own host or one of these. The scheme never matters, since a proxy may change it.
	Hosts []string

	// Stall is how long a body may take for its next piece (16 KiB of a request's, 512 KiB of an answer's) before the connection is given up. The clock is for progress:
	// the whole may take as long as it needs. Zero is two minutes.
	Stall time.Duration

	// Elsewhere answers the bytes that count against a drive's quota but lie in no drive: those of its account's links. nil: there are none.
	Elsewhere func(ctx context.Context, d Drive) (int64, error)

	Now func() time.Time // nil for time.Now
}

// Handler serves drives. It is safe for concurrent use; one process serves a data folder.
type Handler struct {
	db, relaxed *sql.DB
	insertKept  *sql.Stmt // on relaxed
	selectRows  *sql.Stmt

	data    *os.Root
	newMode fs.FileMode // of files

	drivesFolder, keptFolder, incoming *folder // in data

	log   *slog.Logger
	hosts []string
	stall time.Duration
	now   func() time.Time

	elsewhere func(context.Context, Drive) (int64, error)

	maxSeen int // entries of a walk

	syncs     rounds[*folder]
	unwritten unwrittenRows

	mu      sync.Mutex
	drives  map[[16]byte]*driveState
	waiting map[[16]byte]Drive // for Run
	gone    []string           // in incoming/, for Run to remove
	counted Count
	bell    chan struct{} // says that there are some
	pruning sync.Mutex    // held by whoever prunes for a full disk
}

// New returns a handler over the data folder, after removing what an earlier process left half done.
// Call [Handler.Run] too, so that locks end and kept things are pruned in time.
func New(c Config) (*Handler, error) {
	if c.DB == nil || c.Data == nil {
		return nil, errors.New("dav: a database and a data folder are needed")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Stall == 0 {
		c.Stall = 2 * time.Minute
	}
	h := &Handler{db: c.DB, relaxed: c.Relaxed, data: c.Data, log: c.Log, hosts: c.Hosts, stall: c.Stall, now: c.Now, elsewhere: c.Elsewhere, maxSeen: maxSeen,
		drives: map[[16]byte]*driveState{}, waiting: map[[16]byte]Drive{}, bell: make(chan struct{}, 1)}
	for name, open := range map[string]**folder{"drive": &h.drivesFolder, "kept": &h.keptFolder, "incoming": &h.incoming} {
		if err := h.data.MkdirAll(name, 0o700); err != nil {
			return nil, fmt.Errorf("preparing the data folder: %w", err)
		}
		dir, err := openFolder(h.data, name)
		if err != nil {
			return nil, fmt.Errorf("preparing the data folder: %w", err)
		}
		*open = dir
	}
	if h.relaxed == nil {
		h.relaxed = h.db
	}
	var err error
	if h.insertKept, err = h.relaxed.Prepare(insertKept); err != nil {
		return nil, fmt.Errorf("preparing the database: %w", err)
	}
	if h.selectRows, err = h.db.Prepare(selectRows); err != nil {
		return nil, fmt.Errorf("preparing the database: %w", err)
	}
	h.syncs.run, h.syncs.beside = syncEach, syncsBeside
	if err := h.findNewMode(); err != nil {
		return nil, err
	}
	if err := h.sweep(); err != nil {
		return nil, err
	}
	return h, nil
}

// Serve answers one request for drive d. prefix is the door's path as clients know it, without a trailing slash, such as "/dav" or "/cloud/files"; its last step names the
// door. The path is decoded here, once, from r.URL; nothing else may have been decided by another decoding of it.
//
// w may wrap the server's own ResponseWriter if it has Unwrap: bodies of GET then still go out by sendfile.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, prefix string, d Drive) {
	if r.Method == http.MethodOptions {
		Options(w, r)
		return
	}
	x := &exchange{h: h, w: w, r: r, prefix: prefix, drive: d}
	defer x.close()
	err := x.serve()
	if r.ContentLength != 0 {
		// What is left of the body is for net/http to drain, also on the same clock.
		http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.stall))
	}
	if err != nil {
		x.fail(err)
	}
}

// exchange is one request on its way to its answer.
type exchange struct {
	h      *Handler
	w      http.ResponseWriter
	r      *http.Request
	prefix string
	drive  Drive

	name []string // the decoded path below the drive; empty for its root
	tree *tree

	wanted int64 // bytes that the disk had no space for
}

// door names the door: "/dav" or "/files".
func (x *exchange) door() string { return x.prefix[max(0, strings.LastIndexByte(x.prefix, '/')):] }

func (x *exchange) close() {
	if x.tree != nil {
		x.tree.close()
	}
}

func (x *exchange) serve() error {
	answer := methods[x.r.Method]
	if answer == nil {
		x.w.Header().Set("Allow", allowed)
		return status(http.StatusMethodNotAllowed)
	}
	if noQuery[x.r.Method] && hasQuery(x.r.URL) {
		return told(http.StatusBadRequest, sayQuery)
	}
	var err error
	if x.name, err = requestName(x.r.URL, x.prefix); err != nil {
		return err
	}
	if x.tree, err = x.h.openTree(x.drive); err != nil {
		return err
	}
	x.h.tidyOnce(x.drive, x.tree)
	if x.r.Method != http.MethodGet && x.r.Method != http.MethodHead {
		if err := x.endExpired(); err != nil {
			return err
		}
	}
	err = answer(x)
	for isFull(err) && bodyless[x.r.Method] && x.h.makeRoom(x.r.Context(), x.drive, x.wanted) {
		err = answer(x)
	}
	return err
}

// noQuery are the methods that change the file or folder that a URL names. No WebDAV client gives them a query: what looks like one is the end of a name that was not
// escaped, and without it the name is another file's.
var noQuery = map[string]bool{"PUT": true, "DELETE": true, "MKCOL": true, "COPY": true, "MOVE": true}

// bodyless are the methods that can be answered again when room has been made.
var bodyless = map[string]bool{"DELETE": true, "MKCOL": true, "COPY": true, "MOVE": true}

// endExpired ends the drive's locks whose time is over. A request that only reads goes on where that fails, as with a database that can't be written now: what
// reads locks leaves out the expired ones.
func (x *exchange) endExpired() error {
	err := x.h.endExpired(x.r.Context(), x.tree, x.drive)
	switch x.r.Method {
	case http.MethodGet, http.MethodHead, "PROPFIND":
		if err != nil && x.r.Context().Err() == nil {
			x.h.log.WarnContext(x.r.Context(), "ending expired locks", "cause", ForLog(err))
		}
		return nil
	}
	return err
}

var methods map[string]func(*exchange) error

func init() { // assigned here, since the methods' own code refers back to the map's type
	methods = map[string]func(*exchange) error{
		"GET":       (*exchange).get,
		"HEAD":      (*exchange).get,
		"PUT":       (*exchange).put,
		"DELETE":    (*exchange).delete,
		"MKCOL":     (*exchange).mkcol,
		"COPY":      (*exchange).copy,
		"MOVE":      (*exchange).move,
		"PROPFIND":  (*exchange).propfind,
		"PROPPATCH": (*exchange).proppatch,
		"LOCK":      (*exchange).lock,
		"UNLOCK":    (*exchange).unlock,
	}
}
