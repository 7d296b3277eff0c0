package accountkeys

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// A recovery key is written as the base32 of its 32 bytes and 3 bytes of checksum, which is 56 characters without spare
// bits: 14 groups of four. The alphabet is Crockford's, which has no I, L, O and U, so that what is easily misread on
// paper has one meaning only.
const (
	recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	recoveryChecksum = 3
	recoveryText     = 56
	recoveryGroup    = 4
)

var recoveryEncoding = base32.NewEncoding(recoveryAlphabet).WithPadding(base32.NoPadding)

// FormatRecoveryKey writes a recovery key for a person: 14 groups of four characters, joined by "-".
func FormatRecoveryKey(key Key) string {
	sum := recoverySum(key)
	text := recoveryEncoding.EncodeToString(append(key[:], sum[:]...))
	var b strings.Builder
	for i := 0; i < len(text); i += recoveryGroup {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(text[i : i+recoveryGroup])
	}
	return b.String()
}

// ParseRecoveryKey reads what a person typed: white space and dashes anywhere are skipped, small letters are taken as
// capitals, I and L as 1, O as 0. It refuses with RecoveryKeyCharacter, RecoveryKeyLength or RecoveryKeyChecksum, in
// this order.
func ParseRecoveryKey(text string) (Key, error) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune(" \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212", r):
			continue
		case 'a' <= r && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'I', 'L':
			r = '1'
		case 'O':
			r = '0'
		}
		if !strings.ContainsRune(recoveryAlphabet, r) {
			return Key{}, RecoveryKeyCharacter
		}
		b.WriteRune(r)
	}
	if b.Len() != recoveryText {
		return Key{}, RecoveryKeyLength
	}
	raw, err := recoveryEncoding.DecodeString(b.String())
	if err != nil {
		return Key{}, RecoveryKeyCharacter
	}
	key := Key(raw[:KeySize])
	if recoverySum(key) != [recoveryChecksum]byte(raw[KeySize:]) {
		return Key{}, RecoveryKeyChecksum
	}
	return key, nil
}

// recoverySum is the first 3 bytes of SHA-256("thorpe/1/recovery key" || key): it lets one slip in 2^24 pass.
func recoverySum(key Key) [recoveryChecksum]byte {
	sum := sha256.Sum256(append([]byte("thorpe/1/recovery key"), key[:]...))
	return [recoveryChecksum]byte(sum[:recoveryChecksum])
}
