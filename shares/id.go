package shares

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
)

// ID names an upload or a link: 16 bytes. An upload's is random and made here; a link's is derived from its secret by
// whoever made it.
type ID [16]byte

// String is the id in base64url, as the API writes it.
func (id ID) String() string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func newID() ID {
	var id ID
	rand.Read(id[:]) // never fails
	return id
}

// ErrNotCanonical says that a text is not the one base64url spelling of so many bytes.
var ErrNotCanonical = errors.New("not canonical base64url of the right length")

// ParseID takes the 22 characters of an id, in the one spelling that it has.
func ParseID(text string) (ID, error) {
	b, err := ParseBytes(text, len(ID{}))
	if err != nil {
		return ID{}, err
	}
	return ID(b), nil
}

// ParseBytes takes base64url of n bytes in the one spelling that they have: no padding, no other characters, spare bits
// zero. Otherwise it returns [ErrNotCanonical].
func ParseBytes(text string, n int) ([]byte, error) {
	if len(text) != base64.RawURLEncoding.EncodedLen(n) {
		return nil, ErrNotCanonical
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	// A line break is skipped by the decoder, and so makes the result shorter.
	if err != nil || len(b) != n {
		return nil, ErrNotCanonical
	}
	return b, nil
}
