// Package backup copies a data folder while its server runs, and brings such a copy back.
//
// Start from [Make], which adds a snapshot to a folder of snapshots; [Restore] makes a data folder of one, and [Check] reads one again.
//
// A snapshot is a data folder: the same files at the same places, and the database. Beside them it has a list of all that is in it ([listName]), with a
// SHA-256 each, by which whoever reads it knows that nothing is missing and nothing has changed. A server refuses to run over one.
//
// What the package promises:
//
//   - A snapshot has its name only when all of it is on the disk and was read back. Until then, and wherever the process ends, the ones before are as they were.
//   - The database is of one moment. So are the files, if [Result.Settled]: the whole tree was looked at twice, before and after the database was copied, and was
//     the same. Otherwise each file is whole, what stayed where it is is there, and what was moved or deleted meanwhile may be there where it was, too; the server brings
//     rows and files into line when it starts.
//   - What the newest snapshot has already is not copied again, but shared with it by a hard link, where the file system has these. Files of snapshots are never written
//     again, so that sharing them is safe.
//   - The content of links never changes once it is published: where both folders lie on one file system, a snapshot has it by a hard link to the data
//     folder's own. All else may be changed from outside, and is copied; on file systems that can, by sharing its blocks (FICLONE).
//
// What it does not do: encrypt, or send anything over a network. Extended attributes and access control lists are not copied; special files are left out.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Config says what to copy, and where to.
type Config struct {
	Data string // the data folder
	To   string // the folder of snapshots; made if it is not there
	Keep int    // how many snapshots stay, the newest ones; 0: all

	Now func() time.Time // nil for time.Now

	step func(string) // tests end the process in it
}

// Result is what a backup did.
type Result struct {
	Snapshot string // the name of its folder in Config.To
	Files    int    // that are in it
	Bytes    int64
	Copied   int // of these, what no snapshot had and was copied now
	Written  int64
	Shared   int // hard links to the data folder's own

	Settled bool           // all is of one moment
	Unread  map[string]int // how many files and folders could not be read, by the drive that they are in
	Left    int            // special files, which are left out
	Lost    int            // objects of links that the data folder itself does not have whole
}

var (
	// ErrBusy says that another backup is writing to the same folder.
	ErrBusy = errors.New("another backup is writing to this folder")
	// ErrInside says that one of the two folders is in the other.
	ErrInside = errors.New("the backup and the data folder lie in each other")
	// ErrNoData says that there is no data folder.
	ErrNoData = errors.New("this is no data folder")
	// ErrOneBackup says that the folder is a snapshot, or a data folder, and none of snapshots.
	ErrOneBackup = errors.New("this is one backup")
	// ErrOther says that the snapshots in the folder are of another data folder.
	ErrOther = errors.New("these are backups of another data folder")
)

// rounds is how often the files are looked at, at most, before a backup gives up on finding all of them as they were.
const rounds = 6

// Make adds a snapshot to the folder. Its errors are ErrBusy, ErrInside, ErrNoData, ErrOneBackup, ErrOther, database.ErrNewer, or of the system.
func Make(ctx context.Context, config Config) (*Result, error) {
	r := &run{Config: config, ctx: ctx, have: map[string]*staged{}, objects: map[string]*staged{}, result: Result{Unread: map[string]int{}}}
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.step == nil {
		r.step = func(string) {}
	}
	if _, err := os.Stat(filepath.Join(config.Data, databaseName)); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoData
	} else if err != nil {
		return nil, fmt.Errorf("looking at the data folder: %w", err)
	}
	if err := checkApart(config.Data, config.To); err != nil {
		return nil, err
	}
	for _, name := range []string{databaseName, listName, journalName} {
		if _, err := os.Lstat(filepath.Join(config.To, name)); err == nil {
			return nil, ErrOneBackup
		}
	}
	if err := os.MkdirAll(config.To, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of backups: %w", err)
	}
	lock := flock.New(filepath.Join(config.To, lockName))
	switch held, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("locking the folder of backups: %w", err)
	case !held:
		return nil, ErrBusy
	}
	defer lock.Unlock()
	var err error
	if r.data, err = os.OpenRoot(config.Data); err != nil {
		return nil, fmt.Errorf("opening the data folder: %w", err)
	}
	defer r.data.Close()
	if r.repo, err = os.OpenRoot(config.To); err != nil {
		return nil, fmt.Errorf("opening the folder of backups: %w", err)
	}
	defer r.repo.Close()
	if err := r.make(); err != nil {
		return nil, err
	}
	return &r.result, nil
}

// make is Make, with both folders open.
func (r *run) make() error {
	if err := r.begin(); err != nil {
		return err
	}
	defer r.journal.close()
	if err := r.collect(); err != nil {
		return err
	}
	if err := r.finish(); err != nil {
		return err
	}
	return r.tidy()
}

// collect looks at the files, copies the rows, and looks again, until two looks agree.
func (r *run) collect() error {
	for before := math.MaxInt; ; {
		r.round++
		differences, err := r.walk()
		if err != nil {
			return err
		}
		r.result.Settled = r.round > 1 && differences == 0
		if r.result.Settled {
			return r.dropVanished()
		}
		if r.round == rounds || r.round > 2 && differences > before/2 { // it does not come nearer
			return nil
		}
		before = differences
		if err := r.copyRows(); err != nil {
			return err
		}
	}
}

// checkApart refuses folders that lie in each other.
func checkApart(data, to string) error {
	var real [2]string
	for i, dir := range []string{data, to} {
		for up := ""; ; { // what is not there yet has its place below something that is
			absolute, err := filepath.Abs(dir)
			if err != nil {
				return fmt.Errorf("finding a folder: %w", err)
			}
			if found, err := filepath.EvalSymlinks(absolute); err == nil {
				real[i] = filepath.Join(found, up)
				break
			}
			if filepath.Dir(absolute) == absolute {
				return fmt.Errorf("finding the folder %s: %w", dir, os.ErrNotExist)
			}
			up, dir = filepath.Join(filepath.Base(absolute), up), filepath.Dir(absolute)
		}
	}
	for i := range real {
		inner, err := filepath.Rel(real[i], real[1-i])
		if err == nil && inner != ".." && !strings.HasPrefix(inner, ".."+string(filepath.Separator)) {
			return ErrInside
		}
	}
	return nil
}
