// Package accountkeys is what an account's own programs know and its server must not: how the login password and the
// recovery key give keys, and how these seal the account key, the owner's note of a link, and the state of an upload,
// in boxes that the server only stores. Its layouts are part 2 of docs/format.md; static/accountkeys.js is its twin.
//
// To make an account as a browser would, start with New; to sign in, with FromPassword; with the account key in hand,
// OpenNote and SealNote.
//
// What it promises: a box opens only under its key, its purpose, its account and its item; nothing here takes a
// parameter of the hash from anyone. The server never imports it.
package accountkeys

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"thorpe/shares/sealed"
)

// KeySize is the length in bytes of every key here.
const KeySize = 32

// SaltSize is the length of the salt of a login password in bytes.
const SaltSize = sealed.SaltSize

// The labels of HKDF.
const (
	labelAuth         = "thorpe/1/account/auth"
	labelWrap         = "thorpe/1/account/wrap"
	labelRecoveryAuth = "thorpe/1/recovery/auth"
	labelRecoveryWrap = "thorpe/1/recovery/wrap"
	labelNotes        = "thorpe/1/account/links"
	labelUploads      = "thorpe/1/account/uploads"
)

// Key is any of the keys, the auth key included. It hides itself from logs and errors.
type Key [KeySize]byte

// NewKey makes an account key or a recovery key: 32 random bytes.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails
	return k
}

// String hides the key.
func (k Key) String() string { return "(key)" }

// GoString hides it too.
func (k Key) GoString() string { return "(key)" }

// AccountID is an account's id.
type AccountID [16]byte

// PasswordKeys are what a login password and its salt give.
type PasswordKeys struct {
	// Auth is shown to the server as proof of the password; it stores its SHA-256.
	Auth Key
	// Wrap opens the account key's box.
	Wrap Key
}

// FromPassword derives the keys of a login password: Argon2id of 64 MiB, about a fifth of a second. It refuses what
// sealed.NormalizePassword refuses, with the same errors, and a salt of another length than SaltSize.
func FromPassword(password string, salt []byte) (PasswordKeys, error) {
	master, err := sealed.Stretch(password, salt)
	if err != nil {
		return PasswordKeys{}, err
	}
	return PasswordKeys{Auth: derive(master[:], labelAuth), Wrap: derive(master[:], labelWrap)}, nil
}

// RecoveryKeys are what a recovery key gives.
type RecoveryKeys struct {
	// Auth is shown to the server as proof of the recovery key; it stores its SHA-256.
	Auth Key
	// Wrap opens the account key's second box.
	Wrap Key
}

// FromRecovery derives the keys of a recovery key.
func FromRecovery(recovery Key) RecoveryKeys {
	return RecoveryKeys{Auth: derive(recovery[:], labelRecoveryAuth), Wrap: derive(recovery[:], labelRecoveryWrap)}
}

// NotesKey is the key of the boxes of kind "link".
func NotesKey(account Key) Key { return derive(account[:], labelNotes) }

// UploadsKey is the key of the boxes of kind "upload".
func UploadsKey(account Key) Key { return derive(account[:], labelUploads) }

// derive is HKDF-SHA-256 (RFC 5869) with an empty salt.
func derive(secret []byte, label string) Key {
	b, err := hkdf.Key(sha256.New, secret, nil, label, KeySize)
	if err != nil {
		panic("accountkeys: HKDF: " + err.Error()) // only for lengths that this package does not ask for
	}
	return Key(b)
}

// Account is what its maker hands the server for a new account, and, in RecoveryKey, what is shown to the person once
// and never sent.
type Account struct {
	ID           AccountID
	Salt         [SaltSize]byte
	Auth         Key
	Wrap         []byte // box of the account key under the password's wrap key
	RecoveryAuth Key
	Recovery     []byte // box of the account key under the recovery key's wrap key
	RecoveryKey  Key
}

// New makes everything a new account needs, as a browser does: id, salt, account key and recovery key are random. It
// refuses what FromPassword refuses.
func New(password string) (*Account, error) {
	a := &Account{RecoveryKey: NewKey()}
	rand.Read(a.ID[:])
	rand.Read(a.Salt[:])
	keys, err := FromPassword(password, a.Salt[:])
	if err != nil {
		return nil, fmt.Errorf("making an account's keys: %w", err)
	}
	recovery := FromRecovery(a.RecoveryKey)
	account := NewKey()
	a.Auth, a.Wrap = keys.Auth, SealAccountKey(keys.Wrap, a.ID, account)
	a.RecoveryAuth, a.Recovery = recovery.Auth, SealRecovery(recovery.Wrap, a.ID, account)
	return a, nil
}
