package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"thorpe/shares/accountkeys"
	"thorpe/shares/client"
)

// LoginCmd signs in to a server, for send.
type LoginCmd struct {
	URL           string `arg:"" help:"The server's address, such as https://example.org or https://example.org/cloud/."`
	Name          string `required:"" help:"The account's name."`
	PasswordStdin bool   `help:"Read the password from standard input."`
}

// Run implements the command.
func (cmd *LoginCmd) Run(ctx context.Context) error {
	server, err := client.ParseServer(cmd.URL)
	if err != nil {
		return wrongUsage("%q: %w", cmd.URL, err)
	}
	if host, plain := strings.CutPrefix(server, "http://"); plain && !isLoopback(host) {
		fmt.Fprintln(os.Stderr, "thorpe: this address is not encrypted: whoever is on the way can take over the session")
	}
	password, err := askPassword(ctx, "Password: ", cmd.PasswordStdin)
	if err != nil {
		return err
	}
	c := client.New(server)
	defer c.Close()
	session, err := c.SignIn(ctx, cmd.Name, password)
	if err != nil {
		return err
	}
	if err := saveSession(server, session); err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stderr, "Signed in to %s as %s.\n", server, session.Name)
	return err
}

func isLoopback(host string) bool {
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]"} {
		if host == name || strings.HasPrefix(host, name+":") || strings.HasPrefix(host, name+"/") {
			return true
		}
	}
	return false
}

// askPassword takes a password from the first line of standard input, or asks on the terminal.
func askPassword(ctx context.Context, prompt string, stdin bool) (string, error) {
	if stdin {
		return readPassword(ctx, os.Stdin)
	}
	terminal := int(os.Stdin.Fd())
	if !term.IsTerminal(terminal) {
		return "", errors.New("there is no terminal to ask for the password: use --password-stdin")
	}
	before, err := term.GetState(terminal)
	if err != nil {
		return "", fmt.Errorf("asking for the password: %w", err)
	}
	fmt.Fprint(os.Stderr, prompt)
	type answer struct {
		password []byte
		err      error
	}
	typed := make(chan answer, 1)
	go func() {
		password, err := term.ReadPassword(terminal)
		typed <- answer{password, err}
	}()
	select {
	case a := <-typed:
		fmt.Fprintln(os.Stderr)
		if a.err != nil {
			return "", fmt.Errorf("asking for the password: %w", a.err)
		}
		return string(a.password), nil
	case <-ctx.Done():
		fmt.Fprintln(os.Stderr)
		return "", errors.Join(ctx.Err(), term.Restore(terminal, before)) // or the terminal stays without echo
	}
}

// askNewPassword is askPassword for one that nobody knows yet: on the terminal it is typed twice.
func askNewPassword(ctx context.Context, prompt string, stdin bool) (string, error) {
	password, err := askPassword(ctx, prompt, stdin)
	if err != nil || stdin {
		return password, err
	}
	if again, err := askPassword(ctx, "Once more: ", false); err != nil {
		return "", err
	} else if again != password {
		return "", errors.New("the two passwords are not the same")
	}
	return password, nil
}

// savedSession is the file that login leaves for send. It opens the account's notes, and its session is good for 30
// days from its last use.
type savedSession struct {
	Server     string `json:"server"`
	CookieName string `json:"cookie_name"`
	Cookie     string `json:"cookie"`
	Account    []byte `json:"account"`
	Name       string `json:"name"`
	AccountKey []byte `json:"account_key"`
}

// sessionFile is where it lies.
func sessionFile() (string, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("looking for the folder of settings: %w", err)
	}
	return filepath.Join(folder, "thorpe", "session.json"), nil
}

func saveSession(server string, s *client.Session) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keeping the session: %w", err)
		}
	}()
	file, err := sessionFile()
	if err != nil {
		return err
	}
	text, err := json.Marshal(savedSession{server, s.CookieName, s.Cookie, s.Account[:], s.Name, s.AccountKey[:]})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	// A new file has mode 0600 from the start, whatever lay there before.
	temporary, err := os.CreateTemp(filepath.Dir(file), "session-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// errNoSession is what send says to somebody who did not sign in.
var errNoSession = errors.New("nobody is signed in: use thorpe login first")

func loadSession() (server string, s *client.Session, err error) {
	file, err := sessionFile()
	if err != nil {
		return "", nil, err
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, errNoSession
	} else if err != nil {
		return "", nil, fmt.Errorf("reading the session: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err != nil {
		return "", nil, fmt.Errorf("reading the session: %w", err)
	}
	var saved savedSession
	if json.Unmarshal(text, &saved) != nil || len(saved.Account) != len(accountkeys.AccountID{}) || len(saved.AccountKey) != accountkeys.KeySize {
		return "", nil, fmt.Errorf("%s is broken: use thorpe login again", file)
	}
	return saved.Server, &client.Session{
		CookieName: saved.CookieName, Cookie: saved.Cookie, Name: saved.Name,
		Account: accountkeys.AccountID(saved.Account), AccountKey: accountkeys.Key(saved.AccountKey),
	}, nil
}
