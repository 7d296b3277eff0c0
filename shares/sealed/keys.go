package sealed

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// KeySize is the length in bytes of every key, of a secret and of an access token.
const KeySize = 32

// IDSize is the length of a link's id in bytes.
const IDSize = 16

// The labels of HKDF.
const (
	labelID           = "thorpe/1/link id"
	labelPasswordSalt = "thorpe/1/password salt"
	labelToken        = "thorpe/1/access token"
	labelManifest     = "thorpe/1/manifest key"
)

// ContentKey is the key of a content's sealed stream. A key seals one plaintext once.
type ContentKey [KeySize]byte

// NewContentKey makes a new one.
func NewContentKey() ContentKey {
	var k ContentKey
	rand.Read(k[:]) // never fails
	return k
}

// String hides the key from logs and errors.
func (k ContentKey) String() string { return "(key)" }

// GoString hides it too.
func (k ContentKey) GoString() string { return "(key)" }

// ID names a link to the server, and reveals nothing about its secret.
type ID [IDSize]byte

// String is the id in base64url, as the API writes it.
func (id ID) String() string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// Keys are what a link's secret, and its password where it needs one, give.
type Keys struct {
	ID ID
	// Token is the access token: proof to the server that one holds the link.
	Token [KeySize]byte

	root []byte // the secret, and the stretched password after it where there is one
}

// String hides the keys from logs and errors.
func (k *Keys) String() string { return "(keys)" }

// GoString hides them too.
func (k *Keys) GoString() string { return "(keys)" }

// ID derives the link's id, for which no password is needed.
func (l Link) ID() ID { return ID(derive(l.Secret[:], nil, labelID, IDSize)) }

// PasswordSalt derives the salt that the link's password is stretched with.
func (l Link) PasswordSalt() [SaltSize]byte {
	return [SaltSize]byte(derive(l.Secret[:], nil, labelPasswordSalt, SaltSize))
}

// Keys derives the link's keys. The password is used only if the link needs one; then it takes about a fifth of a
// second, and refuses as NormalizePassword does. A wrong password is not noticed here: it gives a token that the server
// does not take.
func (l Link) Keys(password string) (*Keys, error) {
	root := l.Secret[:]
	if l.Password {
		salt := l.PasswordSalt()
		stretched, err := Stretch(password, salt[:])
		if err != nil {
			return nil, err
		}
		root = append(root[:KeySize:KeySize], stretched[:]...)
	} else {
		root = append([]byte(nil), root...)
	}
	return &Keys{ID: l.ID(), Token: [KeySize]byte(derive(root, nil, labelToken, KeySize)), root: root}, nil
}

// TokenHash is what the server keeps of the access token: its SHA-256.
func (k *Keys) TokenHash() [sha256.Size]byte { return sha256.Sum256(k.Token[:]) }

// manifestKey derives the key of the manifest with this salt.
func (k *Keys) manifestKey(salt []byte) [KeySize]byte {
	return [KeySize]byte(derive(k.root, salt, labelManifest, KeySize))
}

// derive is HKDF-SHA-256 (RFC 5869).
func derive(secret, salt []byte, label string, size int) []byte {
	b, err := hkdf.Key(sha256.New, secret, salt, label, size)
	if err != nil {
		panic("sealed: HKDF: " + err.Error()) // only for lengths that this package does not ask for
	}
	return b
}
