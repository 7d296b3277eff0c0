package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
)

// restoringName is in a data folder that is not whole yet: no server may run over it.
const restoringName = "thorpe.restoring"

var (
	// ErrNotEmpty says that there is something in the folder that a snapshot was to be restored to.
	ErrNotEmpty = errors.New("the data folder is not empty")
	// ErrNoSnapshot says that there is nothing to restore.
	ErrNoSnapshot = errors.New("there is no whole snapshot")
	// ErrDamaged says that the list, or the database, of a snapshot is not what it was.
	ErrDamaged = errors.New("the snapshot is damaged")
)

// Interrupted says whether a folder is what a restore that was cut off has left.
func Interrupted(dir *os.Root) bool {
	_, err := dir.Lstat(restoringName)
	return err == nil
}

// Restored is what a restore, or a check, found.
type Restored struct {
	Snapshot string // its folder's name
	Files    int
	Bytes    int64
	Damaged  []string // paths of what is missing in the snapshot, or not what it was: it was left out
}

// Find answers the folder of the newest whole snapshot in a folder of snapshots, or the folder itself if it is one. It fails with ErrNoSnapshot.
func Find(dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, listName)); err == nil {
		return dir, nil
	}
	all, err := Snapshots(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(all) == 0 {
		return "", ErrNoSnapshot
	}
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, all[len(all)-1]), nil
}

// Check reads all of a snapshot, as [Find] answers it, and compares it with its list.
func Check(ctx context.Context, snapshot string) (*Restored, error) {
	return eachEntry(ctx, snapshot, func(from *os.Root, e *entry) error { return checkEntry(ctx, from, e) })
}

// Restore makes a data folder of a snapshot, as [Find] answers it. The folder data must be empty, or not there; or what a restore that was cut off has left, which then
// goes on. As root, all is given to the owners that the snapshot notes, and what it notes none of to that of its database. Its errors are ErrNotEmpty, ErrDamaged, or of the system.
func Restore(ctx context.Context, snapshot, data string) (*Restored, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	if err := checkApart(data, snapshot); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(data, "thorpe.lock"))
	if held, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	} else if !held {
		return nil, ErrNotEmpty
	}
	defer lock.Unlock()
	to, err := os.OpenRoot(data)
	if err != nil {
		return nil, fmt.Errorf("opening the data folder: %w", err)
	}
	defer to.Close()
	if err := beginRestoring(to); err != nil {
		return nil, err
	}
	var folders []*entry
	var mine *owner // of what the list does not tell whose it is
	made := map[string]bool{".": true, "thorpe.lock": true}
	done, err := eachEntry(ctx, snapshot, func(from *os.Root, e *entry) error {
		if e.Path == databaseName { // which comes first
			if mine = e.Owner; mine == nil {
				if info, err := from.Lstat(databaseName); err == nil {
					_, _, mine = identify(info)
				}
			}
		}
		if e.Owner == nil {
			e.Owner = mine
		}
		if e.Kind == kindFolder {
			folders = append(folders, e)
		}
		for p := path.Dir(e.Path); !made[p]; p = path.Dir(p) {
			made[p] = true
		}
		return restoreEntry(ctx, from, to, e)
	})
	if err != nil {
		return nil, err
	}
	all, err := syncAll(to)
	if err != nil {
		return nil, fmt.Errorf("syncing the data folder: %w", err)
	}
	for p := range made { // before the folders that the list has, whose owners it may know
		if err := setOwner(to, p, mine); err != nil {
			return nil, fmt.Errorf("finishing a folder: %w", err)
		}
	}
	for _, e := range slices.Backward(folders) {
		if !all {
			err = syncFolder(to, e.Path)
		}
		if err := errors.Join(err, dress(to, e.Path, e)); err != nil {
			return nil, fmt.Errorf("finishing a folder: %w", err)
		}
	}
	if _, err := syncAll(to); err != nil { // the folders' modes and times
		return nil, fmt.Errorf("syncing the data folder: %w", err)
	}
	if err := errors.Join(to.Remove(restoringName), syncFolder(to, ".")); err != nil {
		return nil, fmt.Errorf("finishing the data folder: %w", err)
	}
	return done, nil
}

// GiveToOwner gives what root has made in a data folder to whose the folder is, all that is below it too.
func GiveToOwner(data *os.Root, names ...string) error {
	info, err := data.Stat(".")
	if err != nil {
		return err
	}
	_, _, of := identify(info)
	for _, name := range names {
		err := fs.WalkDir(data.FS(), name, func(p string, _ fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return errors.Join(err, setOwner(data, p, of))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// beginRestoring sees to it that nothing else is in the folder, and that no server takes it for whole.
func beginRestoring(to *os.Root) error {
	if Interrupted(to) {
		return nil
	}
	names, err := namesIn(to)
	if err != nil {
		return fmt.Errorf("reading the data folder: %w", err)
	}
	for _, name := range names {
		if name != "thorpe.lock" && name != "lost+found" {
			return ErrNotEmpty
		}
	}
	f, err := to.OpenFile(restoringName, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("preparing the data folder: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close(), syncFolder(to, ".")); err != nil {
		return fmt.Errorf("preparing the data folder: %w", err)
	}
	return nil
}

var errChanged = errors.New("not what it was")

// eachEntry calls do with the entries of a snapshot, the database first, and folders before what is in them. What is missing or has changed is noted; but there must be a database.
func eachEntry(ctx context.Context, snapshot string, do func(from *os.Root, e *entry) error) (*Restored, error) {
	from, err := os.OpenRoot(snapshot)
	if err != nil {
		return nil, fmt.Errorf("opening the snapshot: %w", err)
	}
	defer from.Close()
	all, err := readListOf(from)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(e *entry) bool { return e.Path == databaseName && e.Kind == kindFile })
	if at < 0 {
		return nil, fmt.Errorf("%w: it lists no database", ErrDamaged)
	}
	rows := all[at]
	all = slices.Insert(slices.Delete(all, at, at+1), 0, rows)
	done := &Restored{Snapshot: filepath.Base(snapshot)}
	for _, e := range all {
		err := ctx.Err()
		if err == nil {
			err = do(from, e)
		}
		damaged := errors.Is(err, errChanged) || errors.Is(err, errSource)
		switch {
		case damaged && e.Path == databaseName:
			return nil, fmt.Errorf("%w: its database: %w", ErrDamaged, err)
		case damaged:
			done.Damaged = append(done.Damaged, e.Path)
		case err != nil:
			return nil, err
		case e.Kind == kindFile:
			done.Files++
			done.Bytes += e.Size
		}
	}
	return done, nil
}

func readListOf(snapshot *os.Root) ([]*entry, error) {
	list, err := snapshot.Open(listName)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer list.Close()
	all, err := readList(list, false)
	if errors.Is(err, errList) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return all, err
}

// checkEntry compares what a snapshot has with what its list says.
func checkEntry(ctx context.Context, from *os.Root, e *entry) error {
	info, err := from.Lstat(e.Path)
	if err != nil {
		return sourceError(err)
	}
	if there := entryOf(e.Path, info); there.Kind != e.Kind || there.Kind == kindFile && there.Size != e.Size {
		return errChanged
	}
	switch e.Kind {
	case kindFile:
		hash, err := hashFile(ctx, from, e.Path)
		if ctx.Err() != nil {
			return ctx.Err()
		} else if err != nil {
			return sourceError(err)
		} else if hash != e.Hash {
			return errChanged
		}
	case kindSymlink:
		if target, err := from.Readlink(e.Path); err != nil || target != string(e.Target) {
			return errChanged
		}
	}
	return nil
}

// restoreEntry makes what an entry says.
func restoreEntry(ctx context.Context, from, to *os.Root, e *entry) error {
	if err := to.MkdirAll(path.Dir(e.Path), 0o700); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	switch e.Kind {
	case kindFolder:
		if err := to.Mkdir(e.Path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("making a folder: %w", err)
		}
		return nil
	case kindSymlink:
		if err := to.Remove(e.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("making a symbolic link: %w", err)
		}
		if err := to.Symlink(string(e.Target), e.Path); err != nil {
			return fmt.Errorf("making a symbolic link: %w", err)
		}
	case kindFile:
		if err := restoreFile(ctx, from, to, e); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%w: its list", ErrDamaged)
	}
	if err := dress(to, e.Path, e); err != nil {
		return fmt.Errorf("restoring a file: %w", err)
	}
	return nil
}

// restoreFile copies a file, unless an earlier try has: never by a hard link, since the data folder's files change.
func restoreFile(ctx context.Context, from, to *os.Root, e *entry) error {
	if info, err := to.Lstat(e.Path); err == nil {
		if info.Mode().IsRegular() && info.Size() == e.Size {
			if hash, err := hashFile(ctx, to, e.Path); err == nil && hash == e.Hash {
				return nil
			}
		}
		if err := to.Remove(e.Path); err != nil {
			return fmt.Errorf("restoring a file: %w", err)
		}
	}
	source, _, err := openOriginal(from, e.Path, e.Path)
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := to.OpenFile(e.Path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("restoring a file: %w", err)
	}
	defer file.Close()
	hash, err := fill(ctx, file, source)
	if err == nil {
		err = syncFile(file)
	}
	if err == nil {
		err = file.Close()
	}
	if err == nil && hash != e.Hash {
		err = errChanged
	}
	if err != nil {
		return fmt.Errorf("restoring a file: %w", errors.Join(err, to.Remove(e.Path)))
	}
	return nil
}

// fill makes an empty file a copy of another, and answers the hash of what it is now.
func fill(ctx context.Context, to, from *os.File) (string, error) {
	if clone(to, from) == nil {
		hash := sha256.New()
		_, err := copyBytes(ctx, hash, to)
		return hex.EncodeToString(hash.Sum(nil)), err
	}
	_, sum, err := pour(ctx, to, from)
	return sum, err
}
