package backup

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// run is one backup on its way.
type run struct {
	Config
	ctx    context.Context
	result Result

	data, repo *os.Root
	made       time.Time
	folder     string // names the data folder
	stage      string // the folder in repo that becomes the snapshot
	earlier    []*snapshot
	journal    *journal

	round   int
	have    map[string]*staged // files, folders and links, by path
	objects map[string]*staged // what the rows of links and uploads name
	batch   []*staged          // copied, but not known to be on the disk
	bytes   int64              // of batch
}

// staged is what the new snapshot has.
type staged struct {
	entry
	seen   int  // the round that found it last
	copied bool // now; otherwise it is an earlier snapshot's
	shared bool // it is the data folder's own
}

// in is the path of something in the new snapshot, below repo.
func (r *run) in(p string) string { return path.Join(r.stage, p) }

// finish gives the snapshot its list and its name.
func (r *run) finish() error {
	all := make([]*entry, 0, len(r.have)+len(r.objects)+1)
	for _, some := range []map[string]*staged{r.have, r.objects} {
		for _, s := range some {
			all = append(all, &s.entry)
			r.count(s)
		}
	}
	db, err := r.databaseEntry()
	if err != nil {
		return err
	}
	all = append(all, db)
	r.count(&staged{entry: *db, copied: true})
	slices.SortFunc(all, func(a, b *entry) int { return cmp.Compare(a.Path, b.Path) })
	if err := r.finishFolders(); err != nil {
		return err
	}
	r.step("before the list")
	file, err := r.repo.OpenFile(r.in(listName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	if err := errors.Join(writeList(file, r.made, r.folder, all), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	if err := errors.Join(r.journal.close(), r.repo.Remove(r.in(journalName))); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	if err := r.syncFolders(); err != nil {
		return err
	}
	r.step("before the name")
	if err := r.repo.Rename(r.stage, r.result.Snapshot); err != nil {
		return fmt.Errorf("naming the snapshot: %w", err)
	}
	r.step("after the name")
	if err := syncFolder(r.repo, "."); err != nil {
		return fmt.Errorf("naming the snapshot: %w", err)
	}
	return nil
}

// count adds up what is in the snapshot.
func (r *run) count(s *staged) {
	if s.Kind != kindFile {
		return
	}
	r.result.Files++
	r.result.Bytes += s.Size
	if s.shared {
		r.result.Shared++
	}
	if s.copied {
		r.result.Copied++
		r.result.Written += s.Size
	}
}

// finishFolders gives the folders their modes and times, from the deepest on, when nothing comes into them any more.
func (r *run) finishFolders() error {
	for _, p := range slices.Backward(slices.Sorted(maps.Keys(r.have))) {
		if s := r.have[p]; s.Kind == kindFolder {
			if err := dress(r.repo, r.in(p), &s.entry); err != nil {
				return fmt.Errorf("finishing a folder: %w", err)
			}
		}
	}
	return nil
}

// syncFolders makes all names durable, and what else the disk was not told to write.
func (r *run) syncFolders() error {
	if done, err := syncAll(r.repo); done || err != nil {
		return err
	}
	folders := map[string]bool{".": true, r.stage: true}
	for _, some := range []map[string]*staged{r.have, r.objects} {
		for p, s := range some {
			if s.Kind == kindFolder {
				folders[r.in(p)] = true
			}
			folders[path.Dir(r.in(p))] = true
		}
	}
	for dir := range folders {
		if err := syncFolder(r.repo, dir); err != nil {
			return fmt.Errorf("syncing a folder: %w", err)
		}
	}
	return nil
}

// dress gives a file or folder the permissions, the owner and the time that its entry says.
func dress(root *os.Root, p string, e *entry) error {
	if err := setOwner(root, p, e.Owner); err != nil {
		return err
	}
	if e.Kind != kindSymlink {
		if err := root.Chmod(p, e.Mode); err != nil {
			return err
		}
	}
	return setTime(root, p, e.modified())
}

// journal notes what is in a snapshot that is being made, so that the next backup need not copy it again if this one is cut off. A line is written
// only when what it says is on the disk.
type journal struct {
	file   *os.File
	buffer *bufio.Writer
}

func newJournal(repo *os.Root, p string, made time.Time) (*journal, error) {
	file, err := repo.OpenFile(p, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making a snapshot: %w", err)
	}
	j := &journal{file, bufio.NewWriter(file)}
	return j, j.write(line{Version: listVersion, Made: made.Format(time.RFC3339)})
}

func (j *journal) write(l line) error {
	if err := encode(j.buffer, l); err != nil {
		return fmt.Errorf("noting what is copied: %w", err)
	}
	return nil
}

// flush has all that was noted outlast the process.
func (j *journal) flush() error {
	if err := j.buffer.Flush(); err != nil {
		return fmt.Errorf("noting what is copied: %w", err)
	}
	return nil
}

// close may be called twice.
func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	return errors.Join(j.buffer.Flush(), file.Close())
}

// drop takes something, and all below it, out of the new snapshot.
func (r *run) drop(p string) error {
	for _, some := range []map[string]*staged{r.have, r.objects} {
		s := some[p]
		if s == nil {
			continue
		}
		r.batch = slices.DeleteFunc(r.batch, func(b *staged) bool { return b.Path == p || strings.HasPrefix(b.Path, p+"/") })
		if err := r.journal.write(line{entry: &entry{Path: p, Kind: kindGone}}); err != nil {
			return err
		}
		delete(some, p)
		if s.Kind != kindFolder {
			continue
		}
		for below := range some {
			if strings.HasPrefix(below, p+"/") {
				if err := r.journal.write(line{entry: &entry{Path: below, Kind: kindGone}}); err != nil {
					return err
				}
				delete(some, below)
			}
		}
	}
	if err := r.journal.flush(); err != nil {
		return err
	}
	if err := r.repo.RemoveAll(r.in(p)); err != nil {
		return fmt.Errorf("taking out what has changed: %w", err)
	}
	return nil
}

func (r *run) place(p string) string { return filepath.Join(r.To, r.stage, filepath.FromSlash(p)) }
