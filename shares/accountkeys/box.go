package accountkeys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
)

// Purpose is what a box is for; it stands in the additional data, so that a box moved to another slot does not open.
type Purpose string

const (
	// PurposeWrap: the account key under the password's wrap key; no item.
	PurposeWrap Purpose = "wrap"
	// PurposeRecovery: the account key under the recovery key's wrap key; no item.
	PurposeRecovery Purpose = "recovery"
	// PurposeLink: a link's note to its owner under the notes key; the item is the link id, 16 bytes.
	PurposeLink Purpose = "link"
	// PurposeUpload: what resumes an upload, under the uploads key; the item is the upload id as the API writes it, in
	// ASCII.
	PurposeUpload Purpose = "upload"
)

const (
	nonceSize = 12
	tagSize   = 16
	// Overhead is how much longer a box is than what is in it.
	Overhead = nonceSize + tagSize
)

// SealBox gives nonce (12 random bytes) || AES-256-GCM ciphertext || tag.
func SealBox(key Key, purpose Purpose, account AccountID, item, plaintext []byte) []byte {
	var nonce [nonceSize]byte
	rand.Read(nonce[:]) // never fails
	return sealBox(nonce, key, purpose, account, item, plaintext)
}

func sealBox(nonce [nonceSize]byte, key Key, purpose Purpose, account AccountID, item, plaintext []byte) []byte {
	box := append(make([]byte, 0, Overhead+len(plaintext)), nonce[:]...)
	return newGCM(key).Seal(box, box, plaintext, boxData(purpose, account, item))
}

// OpenBox opens a box, and refuses with BadBox whatever was not sealed with these values.
func OpenBox(key Key, purpose Purpose, account AccountID, item, box []byte) ([]byte, error) {
	if len(box) < Overhead {
		return nil, BadBox
	}
	plaintext, err := newGCM(key).Open(nil, box[:nonceSize], box[nonceSize:], boxData(purpose, account, item))
	if err != nil {
		return nil, BadBox
	}
	return plaintext, nil
}

// boxData is the additional data: "thorpe/1/box/" || purpose || 0x00 || account id || item.
func boxData(purpose Purpose, account AccountID, item []byte) []byte {
	data := append([]byte("thorpe/1/box/"), purpose...)
	data = append(data, 0)
	data = append(data, account[:]...)
	return append(data, item...)
}

func newGCM(key Key) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("accountkeys: AES: " + err.Error()) // only for other key lengths
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("accountkeys: GCM: " + err.Error())
	}
	return aead
}

// SealAccountKey seals the account key under the password's wrap key: 60 bytes.
func SealAccountKey(wrap Key, account AccountID, key Key) []byte {
	return SealBox(wrap, PurposeWrap, account, nil, key[:])
}

// OpenAccountKey opens the box of SealAccountKey, or refuses with BadBox.
func OpenAccountKey(wrap Key, account AccountID, box []byte) (Key, error) {
	return openKey(wrap, PurposeWrap, account, box)
}

// SealRecovery seals the account key under the recovery key's wrap key: 60 bytes.
func SealRecovery(wrap Key, account AccountID, key Key) []byte {
	return SealBox(wrap, PurposeRecovery, account, nil, key[:])
}

// OpenRecovery opens the box of SealRecovery, or refuses with BadBox.
func OpenRecovery(wrap Key, account AccountID, box []byte) (Key, error) {
	return openKey(wrap, PurposeRecovery, account, box)
}

func openKey(wrap Key, purpose Purpose, account AccountID, box []byte) (Key, error) {
	b, err := OpenBox(wrap, purpose, account, nil, box)
	if err != nil {
		return Key{}, err
	}
	if len(b) != KeySize {
		return Key{}, BadBox
	}
	return Key(b), nil
}
