package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dustin/go-humanize"

	"thorpe/server/backup"
	"thorpe/server/database"
)

// BackupCmd copies the data folder, beside a server that may be running.
type BackupCmd struct {
	DataFlag
	To    string `arg:"" name:"path" type:"path" help:"The folder of backups, best on another disk: each run adds one, and what the one before has already is not copied again."`
	Keep  int    `help:"How many backups stay: older ones are removed when a new one is whole. 0 keeps all." default:"14"`
	Check bool   `help:"Copy nothing: read the newest backup, and compare it with what it was when it was made."`
}

// lastBackup is the setting that says when the last backup was made: RFC 3339, UTC.
const lastBackup = "backup"

// Run implements the command.
func (cmd *BackupCmd) Run(ctx context.Context, out io.Writer) error {
	if cmd.Keep < 0 {
		return wrongUsage("--keep is a number of backups, or 0 for all")
	}
	if cmd.Check {
		return checkBackup(ctx, out, cmd.To)
	}
	began := time.Now()
	made, err := backup.Make(ctx, backup.Config{Data: cmd.Data, To: cmd.To, Keep: cmd.Keep})
	if err != nil {
		return backupError(err, cmd.Data, cmd.To)
	}
	fmt.Fprintf(out, "%s has %s in %s; %s in %s were new, and read back as they were written. It took %s.\n",
		filepath.Join(cmd.To, made.Snapshot), humanize.IBytes(uint64(made.Bytes)), files(made.Files), humanize.IBytes(uint64(made.Written)), files(made.Copied),
		time.Since(began).Round(100*time.Millisecond))
	if !made.Settled {
		fmt.Fprintln(out, "Files changed all the while: each is whole, but they are not all of one moment.")
	}
	if made.Left > 0 {
		fmt.Fprintf(out, "Sockets, pipes and devices were left out: %d.\n", made.Left)
	}
	if err := noteBackup(ctx, cmd.Data, began); err != nil {
		fmt.Fprintln(os.Stderr, "thorpe: when the last backup was could not be noted in the data folder:", err)
	}
	if made.Lost > 0 {
		fmt.Fprintf(os.Stderr, "thorpe: objects that links are made of, and that the data folder itself does not have: %d\n", made.Lost)
	}
	for _, place := range slices.Sorted(maps.Keys(made.Unread)) {
		fmt.Fprintf(os.Stderr, "thorpe: in %s, files or folders that could not be read: %d\n", place, made.Unread[place])
	}
	if len(made.Unread) > 0 {
		return errors.New("the backup is there, without what could not be read")
	}
	return nil
}

// noteBackup tells the server, and its operator, that there is a backup.
func noteBackup(ctx context.Context, data string, at time.Time) error {
	db, err := database.OpenBeside(ctx, filepath.Join(data, "thorpe.db"))
	if err != nil {
		return err
	}
	return errors.Join(database.SetSetting(ctx, db, lastBackup, at.UTC().Format(time.RFC3339)), db.Close())
}

func checkBackup(ctx context.Context, out io.Writer, dir string) error {
	snapshot, err := backup.Find(dir)
	if err != nil {
		return backupError(err, "", dir)
	}
	found, err := backup.Check(ctx, snapshot)
	if err != nil {
		return backupError(err, "", snapshot)
	}
	if err := tellDamaged(found.Damaged); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is whole: %s in %s.\n", snapshot, humanize.IBytes(uint64(found.Bytes)), files(found.Files))
	return err
}

// RestoreCmd makes a data folder of a backup.
type RestoreCmd struct {
	DataFlag
	From string `arg:"" name:"path" type:"path" help:"The folder of backups, whose newest is taken, or one backup in it."`
}

// Run implements the command.
func (cmd *RestoreCmd) Run(ctx context.Context, out io.Writer) error {
	snapshot, err := backup.Find(cmd.From)
	if err != nil {
		return backupError(err, cmd.Data, cmd.From)
	}
	done, err := backup.Restore(ctx, snapshot, cmd.Data)
	if err != nil {
		return backupError(err, cmd.Data, snapshot)
	}
	if _, err := fmt.Fprintf(out, "%s is as %s was: %s in %s.\n", cmd.Data, done.Snapshot, humanize.IBytes(uint64(done.Bytes)), files(done.Files)); err != nil {
		return err
	}
	return tellDamaged(done.Damaged)
}

func files(n int) string {
	if n == 1 {
		return "1 file"
	}
	return humanize.Comma(int64(n)) + " files"
}

// errBackupDamaged makes the program end with exitDamaged.
var errBackupDamaged = errors.New("the backup is damaged")

// tellDamaged names what a backup has lost, to whoever has to find it elsewhere.
func tellDamaged(paths []string) error {
	const most = 50
	for i, p := range paths {
		if i == most {
			fmt.Fprintf(os.Stderr, "thorpe: and %d more\n", len(paths)-most)
			break
		}
		fmt.Fprintf(os.Stderr, "thorpe: missing or changed in the backup: %q\n", p)
	}
	if len(paths) > 0 {
		return fmt.Errorf("%w: it lacks %s, and all else is whole", errBackupDamaged, files(len(paths)))
	}
	return nil
}

// backupError is a sentence for what stopped a backup or a restore.
func backupError(err error, data, dir string) error {
	switch {
	case errors.Is(err, backup.ErrNoData):
		return fmt.Errorf("there is no data folder at %s: name it with --data", data)
	case errors.Is(err, backup.ErrBusy):
		return fmt.Errorf("another backup is writing to %s", dir)
	case errors.Is(err, backup.ErrInside):
		return fmt.Errorf("%s and the data folder %s lie in each other: choose a place outside, best on another disk", dir, data)
	case errors.Is(err, backup.ErrNoSnapshot):
		return fmt.Errorf("there is no whole backup in %s", dir)
	case errors.Is(err, backup.ErrNotEmpty):
		return fmt.Errorf("there is something in %s already: a backup is restored into an empty folder; move what is there away, or name another with --data", data)
	case errors.Is(err, backup.ErrDamaged):
		return fmt.Errorf("%w: %s; take an earlier one (%w)", errBackupDamaged, dir, err)
	case errors.Is(err, database.ErrNewer):
		return fmt.Errorf("the data folder %s was last used by a newer version of Thorpe: use that one, or a later one", data)
	}
	return err
}
