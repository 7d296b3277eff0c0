package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"thorpe/server/database"
	"thorpe/shares"
)

// copyRows copies the database, and what its rows name. A link or an upload that is deleted meanwhile takes its objects with it: then a later copy of the database
// does not name them.
func (r *run) copyRows() error {
	var before []shares.NamedObject
	for range rounds {
		r.step("before the database")
		if err := r.copyDatabase(); err != nil {
			return err
		}
		r.step("before the objects")
		missing, err := r.copyObjects()
		if err != nil {
			return err
		}
		lost, final := 0, 0 // by the data folder itself
		for _, o := range missing {
			if slices.Contains(before, o) {
				lost++
				if o.Final {
					final++
				}
			}
		}
		r.result.Lost = final
		if lost == len(missing) {
			return nil
		}
		before = missing
	}
	return nil
}

// copyDatabase takes the rows as they are now, in place of those that were taken before.
func (r *run) copyDatabase() error {
	if err := r.repo.Remove(r.in(databaseName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copying the database: %w", err)
	}
	return database.Copy(r.ctx, filepath.Join(r.Data, databaseName), r.place(databaseName))
}

// databaseEntry is the copied database's line in the list.
func (r *run) databaseEntry() (*entry, error) {
	info, err := r.repo.Lstat(r.in(databaseName))
	if err != nil {
		return nil, fmt.Errorf("looking at the copy of the database: %w", err)
	}
	e := entryOf(databaseName, info)
	e.Inode, e.Changed = 0, 0
	if original, err := r.data.Lstat(databaseName); err == nil {
		_, _, e.Owner = identify(original)
	}
	if err := dress(r.repo, r.in(databaseName), &e); err != nil {
		return nil, fmt.Errorf("looking at the copy of the database: %w", err)
	}
	if e.Hash, err = hashFile(r.ctx, r.repo, r.in(databaseName)); err != nil {
		return nil, fmt.Errorf("reading back the copy of the database: %w", err)
	}
	return &e, nil
}

// copyObjects takes what the copied rows name, and nothing else. It answers what is missing.
func (r *run) copyObjects() (missing []shares.NamedObject, err error) {
	db, err := database.OpenCopy(r.place(databaseName))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	named := map[string]bool{}
	err = shares.EachNamedObject(r.ctx, db, func(o shares.NamedObject) error {
		named[o.Path] = true
		there, err := r.copyObject(o)
		if !there {
			missing = append(missing, o)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for p := range r.objects {
		if !named[p] {
			if err := r.drop(p); err != nil {
				return nil, err
			}
		}
	}
	return missing, r.flush()
}

// copyObject answers whether the object is there, with all bytes that count. Where some are missing, what there is of it is taken all the same.
func (r *run) copyObject(o shares.NamedObject) (there bool, err error) {
	dir, err := r.data.OpenRoot(path.Dir(o.Path))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("looking for an object: %w", err)
	}
	defer dir.Close()
	name := path.Base(o.Path)
	info, err := dir.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("looking for an object: %w", err)
	}
	want, e := int64(wholeFile), entryOf(o.Path, info)
	if !o.Final {
		want = min(o.Size, info.Size()) // what comes behind was not acknowledged, and may be cut off any time
		e.Size = want
	}
	there = info.Size() >= o.Size
	if s := r.objects[o.Path]; s != nil {
		if s.same(&e) {
			return there, nil
		}
		if err := r.drop(o.Path); err != nil {
			return false, err
		}
	}
	s, err := r.linkObject(o, e)
	if s == nil && err == nil {
		s, err = r.take(dir, name, e, want)
	}
	if errors.Is(err, fs.ErrNotExist) && errors.Is(err, errSource) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.objects[o.Path] = s
	r.step("an object")
	return there, nil
}

// linkObject shares a final object with the data folder itself, or answers nil where that can't be.
func (r *run) linkObject(o shares.NamedObject, e entry) (*staged, error) {
	if !o.Final {
		return nil, nil
	}
	for _, s := range r.earlier { // which knows its hash
		if old := s.byPath[o.Path]; old != nil && old.alike(&e) && old.Inode == e.Inode && r.linkEarlier(s, old, o.Path) {
			e.Hash = old.Hash
			return r.shared(e)
		}
	}
	if err := r.repo.MkdirAll(path.Dir(r.in(o.Path)), 0o700); err != nil {
		return nil, fmt.Errorf("sharing an object: %w", err)
	}
	if os.Link(filepath.Join(r.Data, filepath.FromSlash(o.Path)), r.place(o.Path)) != nil {
		return nil, nil
	}
	info, err := r.repo.Lstat(r.in(o.Path))
	if err != nil {
		return nil, fmt.Errorf("sharing an object: %w", err)
	}
	s := &staged{entry: entryOf(o.Path, info), shared: true}
	return s, r.add(s)
}
