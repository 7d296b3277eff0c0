package accountkeys

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"

	"thorpe/shares/sealed"
)

// notePadding: a note is padded with spaces to a multiple of this, so that its length does not tell the title's or
// whether there is a password.
const notePadding = 1024

// Note is what an owner keeps about a link, in a box that the server cannot open.
type Note struct {
	Link     sealed.Link
	Password string // if Link.Password
	Title    string
	Revision int64
	Files    *int64 // how many the manifest names; nil: unknown
}

// noteJSON is what SealNote writes; absent are an empty password, an empty title and an unknown number of files.
type noteJSON struct {
	Secret   string `json:"secret"`
	Password string `json:"password,omitempty"`
	Title    string `json:"title,omitempty"`
	Revision int64  `json:"revision"`
	Files    *int64 `json:"files,omitempty"`
}

// SealNote seals a note with the notes key of an account key.
func SealNote(accountKey Key, account AccountID, note Note) ([]byte, error) {
	plaintext, err := note.marshal()
	if err != nil {
		return nil, fmt.Errorf("sealing a note: %w", err)
	}
	id := note.Link.ID()
	return SealBox(NotesKey(accountKey), PurposeLink, account, id[:], plaintext), nil
}

func (n Note) marshal() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(noteJSON{
		Secret:   base64.RawURLEncoding.EncodeToString(n.Link.Secret[:]),
		Password: n.Password, Title: n.Title, Revision: n.Revision, Files: n.Files,
	})
	if err != nil {
		return nil, err
	}
	plaintext := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	for len(plaintext)%notePadding != 0 {
		plaintext = append(plaintext, ' ')
	}
	return plaintext, nil
}

// OpenNote opens the note of the link with this id. It refuses with BadBox what does not open, is no note, or holds the
// secret of another link.
func OpenNote(accountKey Key, account AccountID, id sealed.ID, box []byte) (Note, error) {
	plaintext, err := OpenBox(NotesKey(accountKey), PurposeLink, account, id[:], box)
	if err != nil {
		return Note{}, err
	}
	note, ok := unmarshalNote(plaintext)
	if !ok || note.Link.ID() != id {
		return Note{}, BadBox
	}
	return note, nil
}

// unmarshalNote reads a note as the format reads a manifest: names match exactly, the last of two holds.
func unmarshalNote(plaintext []byte) (Note, bool) {
	var members map[string]json.RawMessage
	if !utf8.Valid(plaintext) || json.Unmarshal(plaintext, &members) != nil || members == nil {
		return Note{}, false
	}
	var secret, password, title string
	revision := 1.0
	for name, into := range map[string]any{"secret": &secret, "password": &password, "title": &title, "revision": &revision} {
		if raw, ok := members[name]; ok && (string(raw) == "null" || json.Unmarshal(raw, into) != nil) {
			return Note{}, false
		}
	}
	var files *int64
	if raw, ok := members["files"]; ok {
		number := -1.0 // null leaves it as it is
		if json.Unmarshal(raw, &number) != nil || !isCount(number) {
			return Note{}, false
		}
		files = new(int64(number))
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(raw) != KeySize || !isCount(revision) {
		return Note{}, false
	}
	link := sealed.Link{Secret: [KeySize]byte(raw), Password: password != ""}
	return Note{Link: link, Password: password, Title: title, Revision: int64(revision), Files: files}, true
}

// isCount: an integer from 0 to 2^50, as a double holds it.
func isCount(number float64) bool {
	return number >= 0 && number <= 1<<50 && number == math.Trunc(number)
}
