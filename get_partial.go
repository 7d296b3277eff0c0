package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/dustin/go-humanize"
	"github.com/gofrs/flock"

	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// A download that was broken off leaves its temporary folder: the files as far as they opened, each a prefix, numbered as
// in the manifest; the lock of the run that is at it; and a state.
const (
	lockName  = "lock"
	stateName = "state"
	maxState  = 4096
)

// getState is what a later run has to know. It opens nothing: not even the ticket does without the link.
type getState struct {
	Version int    `json:"version"` // 1
	Ticket  []byte `json:"ticket"`
	Content []byte `json:"content"` // its digest
	// Synced: all that lies there is on the disk. Otherwise it can be trusted only until the computer starts again, which
	// Boot tells, where the system does.
	Synced bool   `json:"synced"`
	Boot   string `json:"boot"`
}

// contentDigest tells contents apart: of the content key, which seals one plaintext, and of how it is cut into files.
func contentDigest(m *sealed.Manifest) [sha256.Size]byte {
	text := append([]byte("thorpe get\n"), m.Key[:]...)
	for _, f := range m.Files {
		text = fmt.Appendf(text, "%d\n", f.Size)
	}
	return sha256.Sum256(text)
}

// temporaryName is in hexadecimal, for file systems that take a and A for one.
func temporaryName(id sealed.ID) string { return ".thorpe-get-" + hex.EncodeToString(id[:]) }

// earlierTicket is the ticket of an earlier run into a folder, if there is one.
func earlierTicket(folder string, id sealed.ID) (ticket client.Ticket, ok bool) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return ticket, false
	}
	defer root.Close()
	state, ok := readState(root, temporaryName(id)+"/"+stateName)
	if !ok {
		return ticket, false
	}
	return client.Ticket(state.Ticket), true
}

func readState(root *os.Root, name string) (state getState, ok bool) {
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() { // a pipe would keep us waiting
		return state, false
	}
	f, err := root.Open(name)
	if err != nil {
		return state, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxState))
	if err != nil || json.Unmarshal(text, &state) != nil {
		return state, false
	}
	return state, state.Version == 1 && len(state.Ticket) == len(client.Ticket{}) && len(state.Content) == sha256.Size
}

// lockTemporary makes the temporary folder, or takes over what an earlier run left.
func (t *target) lockTemporary() error {
	err := t.root.Mkdir(t.temporary, 0o700)
	if errors.Is(err, fs.ErrExist) {
		var info fs.FileInfo
		if info, err = t.root.Lstat(t.temporary); err == nil && !isOurs(info) {
			if err = t.root.RemoveAll(t.temporary); err == nil {
				err = t.root.Mkdir(t.temporary, 0o700)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	t.lock = flock.New(filepath.Join(t.name, t.temporary, lockName), flock.SetPermissions(0o600))
	held, err := t.lock.TryLock()
	switch {
	case errors.Is(err, errors.ErrUnsupported): // a file system that knows no locks
	case err != nil:
		return fmt.Errorf("making a temporary folder: %w", err)
	case !held:
		return fmt.Errorf("another thorpe get is fetching this link into %q: let it end, or choose another folder with -o", t.name)
	}
	return nil
}

// begin takes up what an earlier run left of the same content, or throws it away, and notes the ticket.
func (t *target) begin(content [sha256.Size]byte, ticket client.Ticket) error {
	state, ok := readState(t.root, t.temporary+"/"+stateName)
	t.earlier = ok
	boot := bootID()
	same := ok && [sha256.Size]byte(state.Content) == content
	if !same || !state.Synced && (boot == "" || boot != state.Boot) {
		if err := t.empty(); err != nil {
			return err
		}
	}
	t.state = &getState{Version: 1, Ticket: ticket[:], Content: content[:], Boot: boot}
	return t.writeState()
}

// empty takes away all files of the temporary folder but its lock.
func (t *target) empty() error {
	entries, err := fs.ReadDir(t.root.FS(), t.temporary)
	for _, entry := range entries {
		if entry.Name() != lockName {
			err = errors.Join(err, t.root.RemoveAll(t.temporary+"/"+entry.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("emptying a temporary folder: %w", err)
	}
	return nil
}

// writeState replaces the state in one step.
func (t *target) writeState() error {
	text, err := json.Marshal(t.state)
	if err != nil {
		return err
	}
	name := t.temporary + "/" + stateName
	f, err := t.root.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.Write(text)
		if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
			err = t.root.Rename(name+".new", name)
		}
	}
	if err != nil {
		return fmt.Errorf("noting how far the download is: %w", err)
	}
	return nil
}

// look sees how much of each chosen file is there.
func (t *target) look(chosen *choice) error {
	t.files, t.there = chosen.files, make([]int64, len(chosen.files))
	for i, file := range t.files {
		info, err := t.root.Lstat(t.temporaryFile(i))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			t.there[i] = -1
		case err != nil:
			return fmt.Errorf("looking at what an earlier run left: %w", err)
		case !info.Mode().IsRegular() || info.Size() > file.Size:
			if err := t.root.RemoveAll(t.temporaryFile(i)); err != nil {
				return fmt.Errorf("looking at what an earlier run left: %w", err)
			}
			t.there[i] = -1
		default:
			t.there[i] = info.Size()
			t.kept += info.Size()
		}
	}
	t.looked = true
	return nil
}

// has is how much of a chosen file is there, or below 0.
func (t *target) has(i int) int64 { return t.there[i] }

// close lets go of the folder. What was not placed is taken away, unless it is worth keeping and something came: then it
// is seen to the disk, and messages hear of it.
func (t *target) close(messages io.Writer, keep bool) error {
	defer t.root.Close()
	switch {
	case !keep, t.looked && t.kept == 0, !t.looked && !t.earlier:
		return errors.Join(t.lock.Unlock(), t.root.RemoveAll(t.temporary))
	case !t.looked: // as the earlier run left it
		return t.lock.Unlock()
	}
	if err := t.sync(); err != nil {
		return errors.Join(err, t.lock.Unlock())
	}
	fmt.Fprintf(messages, "%s arrived and wait in %q: run the same command again to go on\n", humanize.Bytes(uint64(t.kept)), filepath.Join(t.name, t.temporary))
	return t.lock.Unlock()
}

// sync sees all that lies there to the disk, and notes that.
func (t *target) sync() error {
	entries, err := fs.ReadDir(t.root.FS(), t.temporary)
	for _, entry := range entries {
		if _, isFile := strconv.Atoi(entry.Name()); isFile != nil {
			continue
		}
		f, openErr := t.root.OpenFile(t.temporary+"/"+entry.Name(), os.O_WRONLY, 0)
		if openErr == nil {
			openErr = errors.Join(f.Sync(), f.Close())
		}
		err = errors.Join(err, openErr)
	}
	if err != nil {
		return fmt.Errorf("keeping what arrived: %w", err)
	}
	t.state.Synced = true
	return t.writeState()
}
