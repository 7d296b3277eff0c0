package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"thorpe/server/backup"
	"thorpe/server/certificates"
)

// LocalCACmd makes the authority that serve --local-ca uses, or tells of it.
type LocalCACmd struct {
	DataFlag
	Names   []string `arg:"" optional:"" name:"name" help:"What the server is called in its network, such as nas.local or 192.168.1.20; without, an authority that is there is told of, or replaced under its names; where there is none, this computer's name with .local behind it."`
	Replace bool     `help:"Make a new authority where there is one: every device has to trust it anew."`
}

// Run implements the command.
func (cmd *LocalCACmd) Run(ctx context.Context, out io.Writer) (err error) {
	data, err := cmd.openData(ctx, true, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	authority, err := certificates.OpenAuthority(data.root, time.Now)
	switch {
	case err == nil && !cmd.Replace && len(cmd.Names) > 0:
		return fmt.Errorf("there is an authority for %s already, and what it is for can't be changed: make another with --replace, which every device has to trust anew", strings.Join(authority.Names(), " "))
	case err == nil && !cmd.Replace:
		return cmd.tell(out, authority)
	case err != nil && !errors.Is(err, certificates.ErrNoAuthority) && (!cmd.Replace || len(cmd.Names) == 0):
		return err
	}
	if len(cmd.Names) == 0 && authority != nil {
		cmd.Names = authority.Names()
	}
	if len(cmd.Names) == 0 {
		own, err := os.Hostname()
		if err != nil {
			return fmt.Errorf("this computer has no name; say what the server is called: %w", err)
		}
		if !strings.Contains(own, ".") {
			own += ".local"
		}
		cmd.Names = []string{own}
	}
	names, addresses, err := certificates.ParseNames(cmd.Names)
	if err != nil {
		return wrongUsage("%w", err)
	}
	if authority, err = certificates.CreateAuthority(data.root, names, addresses, cmd.Replace, time.Now); err != nil {
		return err
	}
	if err := backup.GiveToOwner(data.root, "local-ca"); err != nil {
		return err
	}
	return cmd.tell(out, authority)
}

func (cmd *LocalCACmd) tell(out io.Writer, authority *certificates.Authority) error {
	data := cmd.Data
	if strings.ContainsAny(data, " '") {
		data = shellQuoted(data)
	}
	_, err := fmt.Fprintf(out, `A certificate authority for %s, until %s.
To trust on each device:  %s
Its SHA-256 fingerprint:  %s
Then start the server:    thorpe serve --local-ca --addr :443 --http-addr :80 --data %s
One that runs is to be restarted.
docs/tls.md says how each system comes to trust it.
`, strings.Join(authority.Names(), " "), authority.Until().Format(time.DateOnly), filepath.Join(cmd.Data, "local-ca", "root.crt"), authority.Fingerprint(), data)
	return err
}
