package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"thorpe/server/accounts"
	"thorpe/server/database"
)

// UserAddCmd invites somebody, or makes the account at once.
type UserAddCmd struct {
	DataFlag
	Name          string `arg:"" help:"The account's name."`
	URL           string `help:"Where people reach the server; by default as it was last started." placeholder:"URL"`
	PasswordStdin bool   `help:"Make the account at once, with the password on standard input, and print its recovery key."`
}

// Run implements the command.
func (cmd *UserAddCmd) Run(ctx context.Context, out io.Writer) error {
	name, err := accounts.ParseName(cmd.Name)
	if err != nil {
		return errors.New("a name has 1 to 32 of the letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit")
	}
	return cmd.withAccounts(ctx, cmd.PasswordStdin, func(data *dataFolder, people *accounts.Store) error {
		if cmd.PasswordStdin {
			return addAccount(ctx, os.Stdin, out, os.Stderr, people, name)
		}
		base := cmd.URL
		if base == "" {
			if base, err = database.Setting(ctx, data.db, "url"); err != nil {
				return err
			}
		}
		parsed, err := url.Parse(base)
		if err != nil || parsed.Host == "" {
			return errors.New("where people reach the server is not known: start it once, or say it with --url")
		}
		door := "/invite"
		token, _, err := people.NewInvite(ctx, name)
		if errors.Is(err, accounts.ErrNoOperator) {
			door = "/setup"
			if token, err = people.NewSetup(ctx); err == nil {
				fmt.Fprintln(os.Stderr, "Nobody has an account yet: this link makes the first one, which runs the server. The one that the server printed works no more.")
			}
		}
		switch {
		case errors.Is(err, accounts.ErrNameTaken):
			return fmt.Errorf("there is an account named %s already", name)
		case errors.Is(err, accounts.ErrBadToken):
			return errors.New("there are accounts, and none of them runs this server")
		case err != nil:
			return err
		}
		_, err = fmt.Fprintf(out, "%s#%s\n", parsed.JoinPath(door), base64.RawURLEncoding.EncodeToString(token[:]))
		return err
	})
}

// AppPasswordCmd makes an app password.
type AppPasswordCmd struct {
	DataFlag
	Name  string `arg:"" help:"The account's name."`
	Label string `arg:"" help:"What the password is for, such as \"laptop\"."`
}

// Run implements the command.
func (cmd *AppPasswordCmd) Run(ctx context.Context, out io.Writer) error {
	return cmd.withAccounts(ctx, false, func(_ *dataFolder, people *accounts.Store) error {
		account, err := accountNamed(ctx, people, cmd.Name)
		if err != nil {
			return err
		}
		_, secret, err := people.NewAppPassword(ctx, account.ID, cmd.Label)
		switch {
		case errors.Is(err, accounts.ErrBadLabel):
			return errors.New("a label has 1 to 60 printable characters")
		case errors.Is(err, accounts.ErrTooMany):
			return errors.New("this account has as many app passwords as it may have: revoke one first")
		case err != nil:
			return err
		}
		_, err = fmt.Fprintln(out, secret)
		return err
	})
}

// accountNamed finds the account with a name that somebody typed.
func accountNamed(ctx context.Context, people *accounts.Store, typed string) (*accounts.Account, error) {
	name, err := accounts.ParseName(typed)
	if err != nil {
		return nil, fmt.Errorf("there is no account named %q", typed)
	}
	account, err := people.ByName(ctx, name)
	if errors.Is(err, accounts.ErrNotFound) {
		return nil, fmt.Errorf("there is no account named %q", name)
	}
	return account, err
}

// withAccounts runs f on the accounts of the data folder, beside a server that may be running.
func (f DataFlag) withAccounts(ctx context.Context, create bool, use func(*dataFolder, *accounts.Store) error) (err error) {
	data, err := f.openData(ctx, create, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	people, err := accounts.New(ctx, data.db, time.Now, newLog(os.Stderr, logText))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(people.Close(), err) }()
	return use(data, people)
}
