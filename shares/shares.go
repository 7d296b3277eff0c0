// Package shares keeps what a server knows of links: resumable uploads, sealed objects on the disk, who may fetch them
// and how often.
//
// Start from [Open]. A sender makes an upload ([Store.CreateUpload], [Store.Append]), and turns it into a link
// ([Store.Publish]); a holder of the link reads its manifest ([Store.Manifest]), takes a ticket ([Store.TakeTicket]) and
// reads its content ([Store.Content]). The bytes of both are sealed before they get here: this package holds no key,
// opens nothing, and must never import thorpe/shares/sealed. docs/format.md, "Fetching a link", is its contract.
//
// The same uploads also bring files into the drive: they are handed to [Config.Place] when the last byte is there.
//
// What it promises:
//
//   - A byte that was acknowledged is on the disk: objects are synced before the database says how long they are.
//   - Each exported method is one transaction, except [Store.Append], which records its progress as it goes. Who may do
//     something is decided in its query: what belongs to another account is [ErrNotFound].
//   - A kill at any point leaves nothing that the next [Open] does not settle: the database says which objects live.
//   - An account takes no more than [Config.Room] allows, and all links no more than [Config.Limit], in however many requests at once.
//   - Tokens, tickets and notes are never logged; of a token and a ticket only the SHA-256 is stored.
//
// It knows no HTTP: the handlers in package server parse and answer.
package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Config is what a store is made of. All fields but Room, Steady and Limit are needed.
type Config struct {
	DB   *sql.DB  // as package database opens it: a transaction takes the write lock when it begins
	Data *os.Root // the data folder; the store keeps to sealed/ and incoming/uploads/ in it
	Log  *slog.Logger
	Now  func() time.Time

	// Place puts a finished upload into its owner's drive. See [Placement] for the errors it returns.
	Place func(context.Context, Placement) error

	// Room answers what an account may still take, in links and drive together; [Store.Taken] is what it takes here. It is asked before
	// each request, and again as bytes come in. No Room at all: as much as the disk has.
	Room func(context.Context, Owner) (Room, error)

	// Steady says whether the clock may be believed for deleting what has had its time. nil: always.
	Steady func(context.Context) bool

	// Limit is how many bytes the links of all accounts, with their unfinished uploads, may take together; 0: as many as the disk has.
	Limit int64
}

// Room is what there is room for, in bytes; math.MaxInt64: nobody counted.
type Room struct {
	Quota int64 // below the account's quota
	Disk  int64 // on the disk
}

// Owner is an account as far as this package knows it.
type Owner struct {
	ID     [16]byte
	Name   string // names the drive; used, as are Quota and Device, for nothing but what Config.Place and Config.Room are told
	Quota  int64  // bytes that drive and links may take; 0: no quota
	Device string // what the request comes from, in words; "": unknown
}

// Store keeps uploads and links. Its methods may be called from several goroutines. One process at a time may have a
// data folder open.
type Store struct {
	db    *sql.DB
	log   *slog.Logger
	now   func() time.Time
	place func(context.Context, Placement) error
	room  func(context.Context, Owner) (Room, error)

	steady func(context.Context) bool

	sealed   objects // contents and manifests of links, and sealed uploads on their way
	incoming *folder // uploads into the drive

	rooms     rooms     // what running requests take
	total     total     // what all links take
	made      made      // objects that running requests make
	turns     turns     // who is writing to which upload
	wrong     throttle  // wrong tokens, by link and network
	downloads downloads // who is reading which link
	sweeps    sweeps

	swept chan struct{} // closed when the first sweep is over
	stop  func()        // ends the sweeping and what looks after downloads
}

// Open returns the store, after it has settled what a crash may have left of uploads, and starts to sweep: at once, beside the first requests,
// and every hour. Close ends that.
func Open(config Config) (*Store, error) {
	incoming, err := openFolder(config.Data, incomingFolder, 0)
	if err != nil {
		return nil, err
	}
	sealed, err := openFolder(config.Data, sealedFolder, sealedSpread)
	if err != nil {
		return nil, errors.Join(err, incoming.close())
	}
	s := &Store{
		db:        config.DB,
		log:       config.Log,
		now:       config.Now,
		place:     config.Place,
		room:      config.Room,
		steady:    config.Steady,
		sealed:    sealed,
		incoming:  incoming,
		rooms:     rooms{accounts: map[[16]byte]*accountRoom{}},
		total:     total{db: config.DB, now: config.Now, limit: config.Limit},
		made:      made{names: map[objectName]bool{}},
		turns:     turns{running: map[ID]*turn{}, now: config.Now},
		wrong:     throttle{entries: map[throttleKey]*[maxWrongTokens]time.Time{}},
		downloads: downloads{running: map[ID]map[*Download]context.CancelCauseFunc{}},
		swept:     make(chan struct{}),
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := s.settle(ctx); err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("settling the uploads: %w", err), sealed.close(), incoming.close())
	}
	var running sync.WaitGroup
	running.Go(func() {
		s.sweepFirst(ctx)
		close(s.swept)
		s.sweepHourly(ctx)
	})
	running.Go(func() { s.watchDownloads(ctx) })
	s.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		if err := errors.Join(sealed.close(), incoming.close()); err != nil {
			s.log.Error("closing the folders of uploads and links", "error", err)
		}
	})
	return s, nil
}

// Close ends the sweeping. Call it when no method of the store runs any more; it may be called twice.
func (s *Store) Close() { s.stop() }

// transact runs do in one transaction, which begins with the write lock.
func (s *Store) transact(ctx context.Context, do func(tx *sql.Tx) error) error {
	return transact(ctx, s.db, do)
}

func transact(ctx context.Context, db *sql.DB, do func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// makeFolders makes dir below root, and each folder above it, so that they outlast a power cut.
func makeFolders(root *os.Root, dir string) error {
	if parent := path.Dir(dir); parent != "." {
		if err := makeFolders(root, parent); err != nil {
			return err
		}
	}
	if err := root.Mkdir(dir, 0o700); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	return syncFolder(root, path.Dir(dir))
}

// syncFolder makes the names in dir outlast a power cut.
func syncFolder(root *os.Root, dir string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such call, and keeps names in its journal
	}
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) { // a file system that has no such thing
		err = nil
	}
	return errors.Join(err, f.Close())
}
