package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"thorpe/server/backup"
	"thorpe/server/database"
)

// DataFlag are the flags that name the data folder, and the file with settings that may name it.
type DataFlag struct {
	Config ConfigFlag `help:"A TOML file with settings: the flags of serve, without their dashes." placeholder:"FILE"`
	Data   string     `help:"Folder that holds everything: accounts, files and links." default:"./data" type:"path"`
}

// dataFolder is the folder with everything a server keeps.
type dataFolder struct {
	root    *os.Root
	db      *sql.DB
	relaxed *sql.DB      // of a server only
	lock    *flock.Flock // of a server only
}

// openData opens the data folder and its database. Only create makes a folder that is not there; only alone sees to it
// that no second server uses it.
func (f DataFlag) openData(ctx context.Context, create, alone bool) (_ *dataFolder, err error) {
	if create {
		if err := os.MkdirAll(f.Data, 0o700); err != nil {
			return nil, fmt.Errorf("the data folder %s can't be made: %w", f.Data, cause(err))
		}
	}
	data := &dataFolder{}
	defer func() {
		if err != nil {
			data.close()
		}
	}()
	if data.root, err = os.OpenRoot(f.Data); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no data folder at %s: start the server first, or name it with --data", f.Data)
	} else if err != nil {
		return nil, fmt.Errorf("the data folder %s can't be opened: %w", f.Data, cause(err))
	}
	switch {
	case backup.IsSnapshot(data.root): // its files are also other backups'
		return nil, fmt.Errorf("%s is a backup: make a data folder of it with thorpe restore", f.Data)
	case backup.Interrupted(data.root):
		return nil, fmt.Errorf("a restore into %s was cut off: run it again, and it goes on", f.Data)
	}
	if !hasDatabase(data.root) {
		if !create {
			return nil, fmt.Errorf("there is no data folder at %s: start the server first, or name it with --data", f.Data)
		}
		if err := f.checkNew(data.root); err != nil {
			return nil, err
		}
	}
	if alone {
		data.lock = flock.New(filepath.Join(f.Data, "thorpe.lock"))
		switch held, err := data.lock.TryLock(); {
		case err != nil:
			return nil, fmt.Errorf("nothing can be written to the data folder %s: %w", f.Data, cause(err))
		case !held:
			return nil, fmt.Errorf("another Thorpe is using the data folder %s", f.Data)
		}
	}
	data.db, err = f.openDatabase(ctx, alone)
	switch {
	case errors.Is(err, errServerOlder):
		return nil, fmt.Errorf("the server that is using the data folder %s is of an older version than this command: restart it first", f.Data)
	case errors.Is(err, database.ErrNewer):
		return nil, fmt.Errorf("the data folder %s was last used by a newer version of Thorpe: use that one, or a later one", f.Data)
	case database.Damaged(err):
		return nil, fmt.Errorf("the data folder %s can't be used: %w; move it away, and restore a backup (docs/operating.md, Backup)", f.Data, err)
	case err != nil:
		return nil, fmt.Errorf("the data folder %s can't be used: %w", f.Data, err)
	}
	if create { // root may have made it for a server that is somebody else
		if err := backup.GiveToOwner(data.root, "thorpe.db", "thorpe.db-wal", "thorpe.db-shm", "thorpe.lock"); err != nil {
			return nil, fmt.Errorf("the data folder %s can't be given to its owner: %w", f.Data, cause(err))
		}
	}
	if alone {
		if data.relaxed, err = database.OpenRelaxed(filepath.Join(f.Data, "thorpe.db")); err != nil {
			return nil, fmt.Errorf("the data folder %s can't be used: %w", f.Data, err)
		}
	}
	return data, nil
}

// hasDatabase says whether a server has run there. A first start that was cut off may leave an empty file.
func hasDatabase(root *os.Root) bool {
	info, err := root.Stat("thorpe.db")
	if err == nil && info.Size() == 0 {
		info, err = root.Stat("thorpe.db-wal")
	}
	return err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist)
}

// checkNew refuses to begin a server among files that it would take for its own and sweep, or that somebody may expect to find in the drive.
func (f DataFlag) checkNew(root *os.Root) error {
	for _, name := range []string{"sealed", "drive", "kept"} {
		if inside, err := fs.ReadDir(root.FS(), name); err != nil && !errors.Is(err, fs.ErrNotExist) || len(inside) > 0 {
			return fmt.Errorf("%s has files of a server whose thorpe.db is missing: put it back, or move them away and restore a backup (docs/operating.md, Backup)", f.Data)
		}
	}
	if backup.IsRepository(root) {
		return fmt.Errorf("%s is a folder of backups: make a data folder of one with thorpe restore, or name another with --data", f.Data)
	}
	names, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return fmt.Errorf("the data folder %s can't be opened: %w", f.Data, cause(err))
	}
	for _, entry := range names {
		name := entry.Name()
		if !slices.Contains([]string{"sealed", "drive", "kept", "incoming", "certificates", "local-ca", "lost+found"}, name) && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "thorpe") {
			return fmt.Errorf("%s has files already, such as %q, which would not be in the drive: name an empty folder with --data", f.Data, name)
		}
	}
	return nil
}

var errServerOlder = errors.New("a server of an older version is running")

// openDatabase opens the database. Whoever is not alone brings it up to date only if no server has it: that one would not know the new schema.
func (f DataFlag) openDatabase(ctx context.Context, alone bool) (*sql.DB, error) {
	path := filepath.Join(f.Data, "thorpe.db")
	if alone {
		return database.Open(ctx, path)
	}
	db, err := database.OpenCurrent(ctx, path)
	if !errors.Is(err, database.ErrOlder) {
		return db, err
	}
	lock := flock.New(filepath.Join(f.Data, "thorpe.lock"))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("nothing can be written there: %w", cause(err))
	}
	if !held {
		return nil, errServerOlder
	}
	defer lock.Unlock()
	return database.Open(ctx, path)
}

// cause is what lies below an error about a path that the sentence around it names already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// close closes everything, and lets go of the lock last: nobody else may come in before.
func (d *dataFolder) close() error {
	var errs []error
	if d.relaxed != nil {
		errs = append(errs, d.relaxed.Close())
	}
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	if d.root != nil {
		errs = append(errs, d.root.Close())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Unlock())
	}
	return errors.Join(errs...)
}
