package sealed

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The parameters of Argon2id (RFC 9106, version 0x13) belong to the format number: nothing that a server or a file says
// can lower or raise them.
const (
	argonMemory = 64 * 1024 // KiB
	argonPasses = 3
	argonLanes  = 1
)

// MaxPassword is the longest password, in bytes of UTF-8 after NFKC.
const MaxPassword = 1024

// SaltSize is the length of a password salt in bytes.
const SaltSize = 16

// NormalizePassword gives the bytes that are hashed: NFKC in UTF-8, with nothing trimmed, folded or cut. It refuses
// with PasswordEmpty, PasswordTooLong, PasswordLoneSurrogate or PasswordControl.
func NormalizePassword(password string) ([]byte, error) {
	if password == "" {
		return nil, PasswordEmpty
	}
	if !utf8.ValidString(password) {
		return nil, PasswordLoneSurrogate
	}
	// NFKC shortens no text to less than a third of its bytes or so; this bound only keeps it from working on
	// megabytes.
	if len(password) > 64*MaxPassword {
		return nil, PasswordTooLong
	}
	for _, r := range password {
		if r < 0x20 || r == 0x7f {
			return nil, PasswordControl
		}
	}
	normal := normalize(norm.NFKC, password)
	if len(normal) > MaxPassword {
		return nil, PasswordTooLong
	}
	return []byte(normal), nil
}

// Stretch is Argon2id of a password and a salt of SaltSize bytes: 32 bytes, 64 MiB of memory, about a fifth of a
// second. It refuses what NormalizePassword refuses. Accounts stretch their passwords the same way.
func Stretch(password string, salt []byte) ([KeySize]byte, error) {
	if len(salt) != SaltSize {
		return [KeySize]byte{}, fmt.Errorf("stretching a password: the salt has %d bytes instead of %d", len(salt), SaltSize)
	}
	normal, err := NormalizePassword(password)
	if err != nil {
		return [KeySize]byte{}, err
	}
	return [KeySize]byte(argon2.IDKey(normal, salt, argonPasses, argonMemory, argonLanes, KeySize)), nil
}
