package accountkeys

// Error is why a box or a recovery key was refused. Its string is a stable name, the same in static/accountkeys.js and
// in the vectors. Bad passwords are refused with the errors of package sealed.
type Error string

const (
	// BadBox: a box that was not sealed with this key for this purpose, account and item, or that holds something else
	// than it should.
	BadBox Error = "bad_box"
	// RecoveryKeyCharacter: a recovery key with a character that none has.
	RecoveryKeyCharacter Error = "recovery_key_character"
	// RecoveryKeyLength: a recovery key with more or fewer than 56 characters.
	RecoveryKeyLength Error = "recovery_key_length"
	// RecoveryKeyChecksum: a recovery key with a slip in it.
	RecoveryKeyChecksum Error = "recovery_key_checksum"
)

var sentences = map[Error]string{
	BadBox:               "what the server keeps for this account does not open",
	RecoveryKeyCharacter: "the recovery key holds a character that no recovery key has",
	RecoveryKeyLength:    "a recovery key has 56 characters, in 14 groups of four",
	RecoveryKeyChecksum:  "there is a slip in the recovery key",
}

// Code is the stable name.
func (e Error) Code() string { return string(e) }

// Error is one plain sentence in English.
func (e Error) Error() string {
	if s, ok := sentences[e]; ok {
		return s
	}
	return string(e)
}
