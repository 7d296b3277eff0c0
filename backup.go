package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dustin/go-humanize"

	"thorpe/server/backup"
	"thorpe/server/database"
	"thorpe/server/history"
)

// BackupCmd copies the data folder, beside a server that may be running.
type BackupCmd struct {
	DataFlag
	To    string `arg:"" name:"path" type:"path" help:"The folder of backups, best on another disk: each run adds one, and what the one before has already is not copied again."`
	Keep  int    `help:"How many backups stay: older ones are removed when a new one is whole. 0 keeps all." default:"14"`
	Check bool   `help:"Copy nothing: read the newest backup, and compare it with what it was when it was made."`
}

// Run implements the command.
func (cmd *BackupCmd) Run(ctx context.Context, out io.Writer) error {
	if cmd.Keep < 0 {
		return wrongUsage("--keep is a number of backups, or 0 for all")
	}
	if cmd.Check {
		return cmd.check(ctx, out)
	}
	began := time.Now()
	made, err := backup.Make(ctx, backup.Config{Data: cmd.Data, To: cmd.To, Keep: cmd.Keep})
	if err != nil {
		if !errors.Is(err, backup.ErrBusy) {
			cmd.note(ctx, "", func(ctx context.Context, db *sql.DB) error { return history.NoteFailedBackup(ctx, db, began) })
		}
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
	unread := 0
	for _, n := range made.Unread {
		unread += n
	}
	cmd.note(ctx, "when the last backup was", func(ctx context.Context, db *sql.DB) error {
		return history.NoteBackup(ctx, db, history.Backup{
			At: began, Name: made.Snapshot, Files: int64(made.Files), Bytes: made.Bytes, Unread: int64(unread), Lost: int64(made.Lost),
		})
	})
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

// note tells the server, and its operator, of a backup. Where the data folder is gone, nobody is there to be told; what names it where that fails, "": nothing does.
func (cmd *BackupCmd) note(ctx context.Context, what string, note func(context.Context, *sql.DB) error) {
	db, err := database.OpenBeside(context.WithoutCancel(ctx), filepath.Join(cmd.Data, "thorpe.db"))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = errors.Join(note(context.WithoutCancel(ctx), db), db.Close())
	}
	if err != nil && what != "" {
		fmt.Fprintf(os.Stderr, "thorpe: %s could not be noted in the data folder: %v\n", what, err)
	}
}

func (cmd *BackupCmd) check(ctx context.Context, out io.Writer) error {
	snapshot, err := backup.Find(cmd.To)
	if err != nil {
		return backupError(err, "", cmd.To)
	}
	found, err := backup.Check(ctx, snapshot)
	if err != nil {
		return backupError(err, "", snapshot)
	}
	cmd.note(ctx, "when a backup was checked", func(ctx context.Context, db *sql.DB) error {
		return history.NoteCheck(ctx, db, history.Check{At: time.Now(), Name: filepath.Base(snapshot), Damaged: int64(len(found.Damaged))})
	})
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
	case errors.Is(err, backup.ErrOneBackup):
		return fmt.Errorf("%s is one backup, or a data folder: name the folder above, or one of its own", dir)
	case errors.Is(err, backup.ErrOther):
		return fmt.Errorf("the backups in %s are of another data folder than %s: give each server a folder of its own", dir, data)
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
