package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"thorpe/shares/accountkeys"
	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// SendCmd seals files and makes a link to them.
type SendCmd struct {
	Paths         []string `arg:"" name:"path" help:"Files and folders to send, or - for standard input."`
	Name          string   `default:"stdin" env:"-" help:"With -: the name that the recipient gets it under." placeholder:"NAME"`
	Title         string   `help:"What the recipient sees above the files; at most 200 characters."`
	Note          string   `help:"What the recipient sees below the title; at most 4,000 characters."`
	Expires       string   `default:"30d" help:"When the link ends: 12h, 30d, 8w, or never."`
	MaxDownloads  *int64   `aliases:"max-visits" help:"How many downloads the link is good for, from 1 to 1,000,000; by default any number." placeholder:"N"`
	Password      bool     `name:"ask-password" help:"Ask for a password, which the recipient needs besides the link." xor:"password"`
	PasswordStdin bool     `help:"Read such a password from standard input." xor:"password"`
}

// sendAttempts is how often a send starts over because a file was changed while it was read.
const sendAttempts = 3

// Run implements the command: the link goes to out, alone, and all else to standard error.
func (cmd *SendCmd) Run(ctx context.Context, out io.Writer) error {
	return cmd.run(ctx, out, os.Stderr)
}

func (cmd *SendCmd) run(ctx context.Context, out, messages io.Writer) error {
	fromStdin := slices.Contains(cmd.Paths, "-")
	switch {
	case fromStdin && len(cmd.Paths) > 1:
		return wrongUsage("- stands for standard input, which is sent alone; a file of this name is ./-")
	case fromStdin && cmd.PasswordStdin:
		return wrongUsage("standard input cannot be both the password and what is to be sent: use --ask-password, or send a file")
	case !fromStdin && cmd.Name != "stdin":
		return wrongUsage("--name goes with -, for standard input")
	}
	if utf8.RuneCountInString(cmd.Title) > sealed.MaxTitle || utf8.RuneCountInString(cmd.Note) > sealed.MaxNote {
		return wrongUsage("--title takes at most 200 characters, and --note 4,000")
	}
	lifetime, err := parseExpires(cmd.Expires)
	if err != nil {
		return err
	}
	if n := cmd.MaxDownloads; n != nil && !isLimit(*n) {
		return errBadLimit
	}
	server, session, err := loadSession()
	if err != nil {
		return err
	}
	s := sending{cmd: cmd, link: sealed.NewLink(cmd.Password || cmd.PasswordStdin), lifetime: lifetime, messages: messages}
	if s.link.Password {
		if s.password, err = askNewPassword(ctx, "Password for the link: ", cmd.PasswordStdin); err != nil {
			return err
		}
	}
	if s.keys, err = s.link.Keys(s.password); err != nil {
		return err
	}
	s.c = client.New(server)
	s.c.Session = session
	defer s.c.Close()
	if fromStdin {
		err = s.stream(ctx, os.Stdin)
	} else {
		err = s.files(ctx)
	}
	if err != nil {
		return signedOut(err)
	}
	_, err = fmt.Fprintln(out, s.link.URL(server))
	return err
}

var errSessionEnded = errors.New("the session has ended: use thorpe login again")

// signedOut says what to do where the session ended.
func signedOut(err error) error {
	if client.HasCode(err, "not_signed_in") {
		return errSessionEnded
	}
	return err
}

// sending is one send. Its link stays the same when it starts over; the content key does not.
type sending struct {
	cmd      *SendCmd
	c        *client.Client
	link     sealed.Link
	password string
	keys     *sealed.Keys
	lifetime time.Duration // counts from the publishing on: the upload may take as long
	messages io.Writer
	told     bool // what was left out, and what was renamed
}

// files sends what lies on the disk, and starts over where it changes.
func (s *sending) files(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		err := s.once(ctx)
		if !errors.Is(err, client.ErrChanged) || attempt == sendAttempts {
			return err
		}
		fmt.Fprintf(s.messages, "%v: starting over\n", err)
	}
}

// once looks for the files, seals and uploads them under a new key, and publishes the link.
func (s *sending) once(ctx context.Context) error {
	found, err := findFiles(s.cmd.Paths)
	if err != nil {
		return err
	}
	key := sealed.NewContentKey()
	manifest, renamed, err := found.manifest(key)
	if err != nil {
		return err
	}
	if !s.told {
		s.tell(found, renamed)
	}
	// Sealed before anything is sent, so that what cannot be is known at once.
	sealedManifest, err := s.seal(manifest)
	if err != nil {
		return err
	}
	source := found.source(manifest.Padding)
	defer source.Close()
	bar := newProgress(s.messages, "Sending", sealed.SealedLength(manifest.Total()))
	defer bar.end()
	s.c.Retries.Notify = bar.retrying
	upload, err := s.c.Upload(ctx, key, source, bar.at)
	if err != nil {
		return err
	}
	return s.publish(ctx, upload, manifest, sealedManifest)
}

// seal gives the manifest title and note, and seals it.
func (s *sending) seal(m *sealed.Manifest) ([]byte, error) {
	m.Title, m.Note = s.cmd.Title, s.cmd.Note
	return sealManifest(s.keys, m)
}

// sealManifest seals a manifest whose title and note somebody typed.
func sealManifest(keys *sealed.Keys, m *sealed.Manifest) ([]byte, error) {
	sealedManifest, err := sealed.SealManifest(keys, m)
	if errors.Is(err, sealed.TextTooLong) || errors.Is(err, sealed.LoneSurrogate) {
		return nil, usageError{err}
	}
	return sealedManifest, err
}

// publish makes the upload a link.
func (s *sending) publish(ctx context.Context, upload string, m *sealed.Manifest, sealedManifest []byte) error {
	note, err := accountkeys.SealNote(s.c.Session.AccountKey, s.c.Session.Account, accountkeys.Note{
		Link: s.link, Password: s.password, Title: ownTitle(m), Revision: m.Revision, Files: new(int64(len(m.Files))),
	})
	if err != nil {
		return err
	}
	return s.c.Publish(ctx, client.NewLink{
		Keys: s.keys, Upload: upload, Manifest: sealedManifest, Note: note, Lifetime: s.lifetime, MaxVisits: s.maxVisits(),
	})
}

// ownTitle is what the owner's own list calls a link: its title, or a name of what is in it. Its twin is in
// static/send-request.js.
func ownTitle(m *sealed.Manifest) string {
	if m.Title != "" {
		return m.Title
	}
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Path)
	}
	tops := map[string]bool{}
	first := ""
	for _, path := range append(names, m.Folders...) {
		top, _, _ := strings.Cut(path, "/")
		if first == "" {
			first = top
		}
		tops[top] = true
	}
	if len(tops) > 1 {
		return fmt.Sprintf("%s + %d", first, len(tops)-1)
	}
	return first
}

// tell names what the recipient will not find, or not under its name.
func (s *sending) tell(found *foundFiles, renamed []sealed.Renamed) {
	s.told = true
	for _, left := range found.leftOut {
		fmt.Fprintf(s.messages, "left out, because it is %s: %s\n", left.kind, strconv.Quote(left.path))
	}
	for _, r := range renamed {
		fmt.Fprintf(s.messages, "renamed: %s is sent as %s\n", strconv.Quote(r.From), strconv.Quote(r.To))
	}
}

// parseExpires reads "never" or a number of hours, days or weeks. Never is 0.
func parseExpires(text string) (time.Duration, error) {
	if text == "never" {
		return 0, nil
	}
	for unit, length := range map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if digits, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseUint(digits, 10, 64)
			if err == nil && n > 0 && n <= uint64(100*365*24*time.Hour/length) {
				return time.Duration(n) * length, nil
			}
		}
	}
	return 0, wrongUsage("--expires takes 12h, 30d, 8w or never, not %q", text)
}

// isLimit tells whether a link can be good for n downloads.
func isLimit(n int64) bool { return 1 <= n && n <= 1_000_000 }

var errBadLimit = wrongUsage("--max-downloads takes 1 to 1,000,000")

// maxVisits is the limit that was asked for, or 0 for none.
func (s *sending) maxVisits() int64 {
	if s.cmd.MaxDownloads == nil {
		return 0
	}
	return *s.cmd.MaxDownloads
}
