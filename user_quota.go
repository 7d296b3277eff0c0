package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"thorpe/dav"
	"thorpe/server/accounts"
	"thorpe/shares"
)

// UserQuotaCmd bounds what an account may hold.
type UserQuotaCmd struct {
	DataFlag
	Name string `arg:"" help:"The account's name."`
	Size string `arg:"" optional:"" help:"The bytes that the account's files and links may take together: a number, or one with k, M, G or T for powers of 1000 (kB, MB, GB and TB are the same), or KiB, MiB, GiB or TiB for powers of 1024, such as 500M, 1.5T or 10GiB. \"none\" lifts the quota. Without it, the quota is printed, and what the files and links take now."`
}

// Run implements the command.
func (cmd *UserQuotaCmd) Run(ctx context.Context, out io.Writer) error {
	bytes := int64(0)
	if cmd.Size != "" && cmd.Size != "none" {
		var err error
		if bytes, err = parseSize(cmd.Size); err != nil {
			return usageError{err}
		}
	}
	return cmd.withAccounts(ctx, false, func(data *dataFolder, people *accounts.Store) error {
		account, err := accountNamed(ctx, people, cmd.Name)
		if err != nil {
			return err
		}
		if cmd.Size != "" {
			if err := people.SetQuota(ctx, account.ID, bytes); err != nil {
				return err
			}
			account.Quota = bytes
		}
		if account.Quota == 0 {
			_, err = fmt.Fprintf(out, "%s has no quota.\n", account.Name)
		} else {
			_, err = fmt.Fprintf(out, "%s may hold %s.\n", account.Name, sizeText(account.Quota))
		}
		if err != nil || cmd.Size != "" && account.Quota == 0 {
			return err
		}
		used, err := usedSpace(ctx, data, account)
		if err != nil {
			return err
		}
		if cmd.Size != "" {
			if used > account.Quota {
				fmt.Fprintf(os.Stderr, "%s's files and links take %s now, which is more: all of it stays, and nothing can be added.\n", account.Name, sizeText(used))
			}
			return nil
		}
		_, err = fmt.Fprintf(out, "%s's files and links take %s now.\n", account.Name, sizeText(used))
		return err
	})
}

// usedSpace is what counts against an account's quota. A server that may be running is not asked: the files are counted where they lie.
func usedSpace(ctx context.Context, data *dataFolder, account *accounts.Account) (int64, error) {
	files, err := dav.Weigh(ctx, data.root, dav.Drive{ID: account.ID, Name: account.Name})
	if err != nil {
		return 0, fmt.Errorf("the files of %s can't be counted: %s", account.Name, dav.ForLog(err))
	}
	links, err := shares.Recorded(ctx, data.db, account.ID, time.Now())
	return files + links, err
}

// sizeText is a number of bytes as people read it, and as it is.
func sizeText(n int64) string {
	if n < 1000 {
		return humanize.Bytes(uint64(n))
	}
	return fmt.Sprintf("%s (%d bytes)", humanize.Bytes(uint64(n)), n)
}

// parseSize reads a size of at least one byte. A comma is refused: to some it is what a point is to others.
func parseSize(text string) (int64, error) {
	size, err := humanize.ParseBytes(text)
	switch {
	case err != nil || size > math.MaxInt64 || strings.Contains(text, ","):
		return 0, fmt.Errorf("%q is no size that a quota can have: write 500M, 10G, 1.5T, 10GiB, a number of bytes, or \"none\"", text)
	case size == 0:
		return 0, errors.New("a quota is at least one byte; \"none\" lifts it")
	}
	return int64(size), nil
}
