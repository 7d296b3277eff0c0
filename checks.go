package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"thorpe/server"
)

// checks are what must work for a server over the data folder to be of use.
func (d *dataFolder) checks() []server.Check {
	return []server.Check{{Name: "the database does not answer", Do: d.checkDatabase}, {Name: "the data folder can't be written to", Do: d.checkFolder}}
}

func (d *dataFolder) checkDatabase(ctx context.Context) error {
	var n int
	if err := d.db.QueryRowContext(ctx, "SELECT count(*) FROM settings").Scan(&n); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

// probe is a file in incoming/, where what a crash leaves does no harm.
const probe = "incoming/probe"

// checkFolder writes a byte. A full disk is no reason to turn people away: they can still read, and delete.
func (d *dataFolder) checkFolder(context.Context) error {
	file, err := d.root.OpenFile(probe, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.Write([]byte{'1'})
		err = errors.Join(err, file.Close())
	}
	if removed := d.root.Remove(probe); !errors.Is(removed, fs.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return nil
	}
	return err
}
