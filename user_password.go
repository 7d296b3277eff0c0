package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"thorpe/server/accounts"
	"thorpe/shares/accountkeys"
	"thorpe/shares/sealed"
)

// minPassword is how many characters a password has at least, in the browser too.
const minPassword = 10

// addAccount makes an account with the password in the first line of in, with keys made as a browser would. out gets its
// recovery key and nothing else, for scripts; messages gets what the key is, for people.
func addAccount(ctx context.Context, in io.Reader, out, messages io.Writer, people *accounts.Store, name string) error {
	password, err := readPassword(ctx, in)
	if err != nil {
		return err
	}
	normal, err := sealed.NormalizePassword(password)
	if err != nil {
		return fmt.Errorf("this password can't be used: %w", err)
	}
	if utf8.RuneCount(normal) < minPassword {
		return fmt.Errorf("a password has at least %d characters", minPassword)
	}
	made, err := accountkeys.New(password)
	if err != nil {
		return fmt.Errorf("this password can't be used: %w", err)
	}
	keys := accounts.Keys{Salt: made.Salt, Auth: made.Auth, RecoveryAuth: made.RecoveryAuth}
	if copy(keys.Wrap[:], made.Wrap) != len(keys.Wrap) || copy(keys.Recovery[:], made.Recovery) != len(keys.Recovery) {
		return errors.New("making keys: a box is too short")
	}
	if _, err := people.Add(ctx, accounts.ID(made.ID), name, keys); errors.Is(err, accounts.ErrNameTaken) {
		return fmt.Errorf("there is an account named %s already", name)
	} else if err != nil {
		return err
	}
	fmt.Fprintf(messages, "There is an account named %s now. This is its recovery key, the only way back in without the password; it is not shown again:\n", name)
	_, err = fmt.Fprintln(out, accountkeys.FormatRecoveryKey(made.RecoveryKey))
	return err
}

// readPassword reads the first line of in, without its end.
func readPassword(ctx context.Context, in io.Reader) (string, error) {
	line, err := readLine(ctx, in)
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// readLine reads the first line of in, which may be a terminal where nobody types: it ends with ctx.
func readLine(ctx context.Context, in io.Reader) (string, error) {
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
		if err == io.EOF {
			err = nil
		}
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return l.text, l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
