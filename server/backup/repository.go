package backup

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"thorpe/server/database"
)

// What a folder of snapshots has in it. Everything else in it is somebody else's, and stays.
const (
	lockName   = "thorpe-backup.lock"
	unfinished = "unfinished-" // before a snapshot's name: it is being made, or its making was cut off
	removing   = "removing-"
	nameLayout = "2006-01-02T150405Z"
)

var snapshotName = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z$`)

// snapshot is one that is there already, whole or not.
type snapshot struct {
	name    string
	byPath  map[string]*entry
	byInode map[uint64]*entry
}

// IsRepository says whether a folder is one of snapshots.
func IsRepository(dir *os.Root) bool {
	_, err := dir.Lstat(lockName)
	_, whole, _ := snapshots(dir)
	return err == nil || len(whole) > 0
}

// Snapshots lists the whole ones in a folder, oldest first.
func Snapshots(dir string) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder of backups: %w", err)
	}
	defer root.Close()
	_, whole, err := snapshots(root)
	return whole, err
}

// snapshots reads all names in a folder of backups, and which of them are whole snapshots.
func snapshots(repo *os.Root) (names, whole []string, err error) {
	names, err = namesIn(repo)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the folder of backups: %w", err)
	}
	whole = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		if !snapshotName.MatchString(name) {
			return true
		}
		_, err := repo.Lstat(path.Join(name, listName))
		return err != nil
	})
	return names, whole, nil
}

// namesIn reads the names of a folder, sorted.
func namesIn(root *os.Root) ([]string, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	slices.Sort(names)
	return names, nil
}

// begin finds what need not be copied again, and makes the folder of the new snapshot.
func (r *run) begin() error {
	names, whole, err := snapshots(r.repo)
	if err != nil {
		return err
	}
	for _, name := range slices.Backward(names) {
		if strings.HasPrefix(name, unfinished) {
			r.earlier = append(r.earlier, r.load(name, journalName))
		}
	}
	if err := r.identify(whole); err != nil {
		return err
	}
	made := r.Now().UTC().Truncate(time.Second)
	if n := len(whole); n > 0 {
		r.earlier = append(r.earlier, r.load(whole[n-1], listName))
		// The newest has the last name, also where the clock was set back.
		if last, err := time.Parse(nameLayout, whole[n-1]); err == nil && !made.After(last) {
			made = last.Add(time.Second)
		}
	}
	for slices.Contains(names, unfinished+made.Format(nameLayout)) {
		made = made.Add(time.Second)
	}
	r.made, r.result.Snapshot = made, made.Format(nameLayout)
	r.stage = unfinished + r.result.Snapshot
	if err := r.repo.Mkdir(r.stage, 0o700); err != nil {
		return fmt.Errorf("making a snapshot: %w", err)
	}
	r.journal, err = newJournal(r.repo, path.Join(r.stage, journalName), r.made)
	return err
}

// identify finds the data folder's id, or makes it, and refuses a folder whose snapshots have another: rotation would remove them.
func (r *run) identify(whole []string) error {
	db, err := database.OpenBeside(r.ctx, filepath.Join(r.Data, databaseName))
	if err != nil {
		return err
	}
	defer db.Close()
	// Where nothing can be written there is no id, unless there is one. So it is where no server has run yet since settings came.
	db.ExecContext(r.ctx, "INSERT OR IGNORE INTO settings (name, value) VALUES ('folder', ?)", rand.Text())
	r.folder, _ = database.Setting(r.ctx, db, "folder")
	for _, name := range slices.Backward(whole) {
		var first line
		if f, err := r.repo.Open(path.Join(name, listName)); err == nil {
			json.NewDecoder(f).Decode(&first) // what can't be read says nothing
			f.Close()
		}
		if first.Folder == r.folder {
			break
		} else if first.Folder != "" {
			return ErrOther
		}
	}
	return nil
}

// load reads what a snapshot has. One that can't be read has nothing: all is copied then.
func (r *run) load(name, list string) *snapshot {
	s := &snapshot{name: name, byPath: map[string]*entry{}, byInode: map[uint64]*entry{}}
	f, err := r.repo.Open(path.Join(name, list))
	if err != nil {
		return s
	}
	defer f.Close()
	all, err := readList(f, list == journalName)
	if err != nil {
		return s
	}
	for _, e := range all {
		if e == nil || e.Kind != kindFile {
			continue
		}
		s.byPath[e.Path] = e
		if e.Inode != 0 {
			s.byInode[e.Inode] = e
		}
	}
	return s
}

// tidy removes what cut-off backups have left, and snapshots past Keep.
func (r *run) tidy() error {
	names, whole, err := snapshots(r.repo)
	if err != nil {
		return err
	}
	if r.Keep > 0 && len(whole) > r.Keep {
		for _, name := range whole[:len(whole)-r.Keep] {
			// In one step: half a snapshot must not look like one.
			if err := r.repo.Rename(name, removing+name); err != nil {
				return fmt.Errorf("removing an old snapshot: %w", err)
			}
			names = append(names, removing+name)
		}
	}
	r.step("before removing")
	for _, name := range names {
		if strings.HasPrefix(name, unfinished) || strings.HasPrefix(name, removing) {
			if err := removeTree(r.repo, name); err != nil {
				return fmt.Errorf("removing an old snapshot: %w", err)
			}
		}
	}
	return nil
}

// removeTree removes a folder also where its folders are not to be written to. Folders are never shared between snapshots.
func removeTree(repo *os.Root, name string) error {
	err := repo.RemoveAll(name)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	fs.WalkDir(repo.FS(), name, func(p string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && err == nil {
			repo.Chmod(p, 0o700)
		}
		return nil
	})
	return repo.RemoveAll(name)
}
