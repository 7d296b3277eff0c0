package dav

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
)

// change is one step from the old tree to the new one: renames on the disk, and what the database says about them. The caller holds the drive until [change.end].
//
// The renames happen inside the transaction, where there is one. If anything fails, they are undone and its rows never were. The row of what is kept follows, when all
// is done. A kill in between leaves the files whole, and tidyOnce brings the rows into line.
type change struct {
	h     *Handler
	ctx   context.Context // not cancelled when the client leaves
	drive Drive
	door  string

	tx      *sql.Tx // begun when first needed: most changes need none
	kept    *keeping
	counted counted
	extra   int64 // by so much its dead properties grow
	room    *room // what comes into the drive has been taken from it
	undo    []func() error
	sync    []*folder // folders to sync before the answer; not incoming/, whose entries need not survive
}

func (x *exchange) newChange() *change {
	return &change{h: x.h, ctx: context.WithoutCancel(x.r.Context()), drive: x.drive, door: x.door()}
}

// rows begins the transaction.
func (c *change) rows() (*sql.Tx, error) {
	if c.tx == nil {
		tx, err := c.h.db.BeginTx(c.ctx, nil)
		if err != nil {
			return nil, fmt.Errorf("beginning a change: %w", err)
		}
		c.tx = tx
	}
	return c.tx, nil
}

// end commits, or takes everything back if err is not nil. It answers err, or why the commit failed.
func (c *change) end(err error) error {
	if c.tx != nil {
		if err == nil {
			if err = c.tx.Commit(); err != nil {
				err = fmt.Errorf("committing a change: %w", err)
			}
		} else {
			c.tx.Rollback()
		}
	}
	if err == nil {
		if c.room != nil {
			c.counted.reserved = -c.room.reserved()
		}
		if c.kept != nil {
			c.h.unwritten.add(c.h, c.kept.row) // before it is counted: who measures a folder then finds its row
		}
		if c.extra != 0 {
			c.h.state(c.drive).extra += c.extra
		}
		c.h.count(c.drive, c.counted)
		return nil
	}
	for i := len(c.undo) - 1; i >= 0; i-- {
		if uerr := c.undo[i](); uerr != nil {
			return fmt.Errorf("%w (and taking it back: %w)", err, uerr) // what comes before builds on this
		}
	}
	return err
}

// durable syncs the folders that changed, but for kept/: that follows, without anybody waiting for it. Called after end, without holding the drive.
func (c *change) durable() error {
	if c.kept != nil {
		c.h.state(c.drive).keptSync.soon(c.h, c.kept.dir)
	}
	changed := make([]*folder, 0, len(c.sync))
	for _, dir := range c.sync {
		if dir != c.h.incoming && (c.kept == nil || dir != c.kept.dir) && !slices.Contains(changed, dir) {
			changed = append(changed, dir)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if err := c.h.syncFolders(changed); err != nil {
		return because(http.StatusInternalServerError, err) // even for a full disk: the change is there, and must not be made once more
	}
	return nil
}

// tellKept gives the web drive the id of what its request deleted or replaced, with which [Handler.Restore] brings it back. Mounts are told nothing that is not WebDAV's.
func (x *exchange) tellKept(c *change) {
	if c.kept != nil && x.door() == "/files" {
		x.w.Header().Set("Thorpe-Kept", c.kept.row.id)
	}
}

// close takes a transaction back that did not come to its end, since something panicked.
func (c *change) close() {
	if c.tx != nil {
		c.tx.Rollback()
	}
}

// remove takes what stands at s out of the drive, keeping it. Its locks and properties end.
func (c *change) remove(s *spot) error {
	if err := c.forget(s.path); err != nil {
		return err
	}
	if s.isOther() {
		if err := s.dir.remove(s.name); err != nil {
			return fmt.Errorf("removing a link: %w", err)
		}
		c.sync = append(c.sync, s.dir)
		return nil
	}
	if err := c.setAside(s, false); err != nil {
		return err
	}
	return c.move(s.dir, s.name, c.kept.dir, c.kept.entry)
}

// move is a rename that can be undone.
func (c *change) move(from *folder, old string, to *folder, new string) error {
	if err := renameNew(from, old, to, new); err != nil {
		return fmt.Errorf("renaming: %w", err)
	}
	c.undo = append(c.undo, func() error { return renameNew(to, new, from, old) })
	c.sync = append(c.sync, to, from) // in this order: what is on the disk is never in neither
	return nil
}

// replace renames the entry name of folder from to the place at, keeping what stood there. At no moment is there nothing at that name, where the
// system can help it.
func (c *change) replace(from *folder, name string, folder bool, at *spot) error {
	switch {
	case !at.exists():
		return c.move(from, name, at.dir, at.name)
	case at.isFile() && !folder:
		return c.replaceFile(from, name, at)
	}
	if err := c.setAside(at, true); err != nil {
		return err
	}
	if from == c.h.incoming {
		return c.replaceFromIncoming(name, at)
	}
	err := swap(from, name, at.dir, at.name)
	if err == nil {
		c.undo = append(c.undo, func() error { return swap(from, name, at.dir, at.name) })
		c.sync = append(c.sync, at.dir)
		return c.move(from, name, c.kept.dir, c.kept.entry)
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("replacing: %w", err)
	}
	return c.replaceInTwo(from, name, at)
}

// replaceFromIncoming is replace for what begins in incoming/, which the next start sweeps: a kill must not find there what was replaced. So the new one goes to
// the place in kept/ first, and is exchanged there.
func (c *change) replaceFromIncoming(name string, at *spot) error {
	kept, undone := c.kept, len(c.undo)
	if err := c.move(c.h.incoming, name, kept.dir, kept.entry); err != nil {
		return err
	}
	err := swap(kept.dir, kept.entry, at.dir, at.name)
	if err == nil {
		c.undo = append(c.undo, func() error { return swap(kept.dir, kept.entry, at.dir, at.name) })
		c.sync = append(c.sync, at.dir)
		return nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("replacing: %w", err)
	}
	if err := c.undo[undone](); err != nil {
		return fmt.Errorf("replacing: %w", err)
	}
	c.undo = c.undo[:undone]
	return c.replaceInTwo(c.h.incoming, name, at)
}

// replaceInTwo leaves a moment without anything at the place.
func (c *change) replaceInTwo(from *folder, name string, at *spot) error {
	if err := c.move(at.dir, at.name, c.kept.dir, c.kept.entry); err != nil {
		return err
	}
	return c.move(from, name, at.dir, at.name)
}

// replaceFile puts a file in the place of a file: the old one gets its name in kept/ first, then the rename goes over it.
func (c *change) replaceFile(from *folder, name string, at *spot) error {
	restore := func() error { return makeEmpty(at) }
	if at.info.Size() > 0 { // an empty file holds nothing that could come back
		if err := c.setAside(at, true); err != nil {
			return err
		}
		if err := link(at.dir, at.name, c.kept.dir, c.kept.entry); err != nil {
			// No hard links here: there is a moment without the file.
			if err := c.move(at.dir, at.name, c.kept.dir, c.kept.entry); err != nil {
				return err
			}
			return c.move(from, name, at.dir, at.name)
		}
		restore = func() error { return rename(c.kept.dir, c.kept.entry, at.dir, at.name) }
	}
	if err := rename(from, name, at.dir, at.name); err != nil {
		if c.kept != nil {
			c.kept.dir.remove(c.kept.entry)
		}
		return fmt.Errorf("replacing: %w", err)
	}
	c.undo = append(c.undo, restore, func() error { return renameNew(at.dir, at.name, from, name) })
	c.sync = append(c.sync, at.dir, from)
	return nil
}

// makeEmpty puts an empty file back.
func makeEmpty(at *spot) error {
	f, err := at.dir.open(at.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, at.info.Mode().Perm())
	if err != nil {
		return err
	}
	return f.Close()
}

// forget ends the locks and properties of a path and all below it.
func (c *change) forget(path string) error {
	some, err := c.hasRows(path)
	if err != nil || !some {
		return err
	}
	tx, err := c.rows()
	if err != nil {
		return err
	}
	if err := deleteLocks(c.ctx, tx, c.drive, below(path)); err != nil {
		return err
	}
	return deleteProperties(c.ctx, tx, c.drive, path)
}

// forgetProperties does so for what will be made at path: if something there went from outside, its properties must not come to something new.
func (c *change) forgetProperties(path string) error {
	some, err := c.hasRows(path)
	if err != nil || !some {
		return err
	}
	tx, err := c.rows()
	if err != nil {
		return err
	}
	return deleteProperties(c.ctx, tx, c.drive, path)
}
