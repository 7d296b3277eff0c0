package sealed

// Error is why a link, a password, a sealed stream or a manifest was refused. Its string is a stable name, the same in
// every implementation of the format: the vectors and static/sealed/errors.js use these names. Compare with errors.Is;
// add detail by wrapping.
type Error string

// The link.
const (
	// LinkNotBase64URL: a character outside the base64url alphabet (padding included), or spare bits that are not zero.
	LinkNotBase64URL Error = "link_not_base64url"
	// LinkCutOff: fewer than 46 characters.
	LinkCutOff Error = "link_cut_off"
	// LinkTooLong: more than 46 characters.
	LinkTooLong Error = "link_too_long"
	// UnknownFormat: the link's first byte, or the manifest's "format", is not 1: a newer version made it.
	UnknownFormat Error = "unknown_format"
	// UnknownFlags: a flag other than "a password is needed" is set.
	UnknownFlags Error = "unknown_flags"
)

// The password.
const (
	// PasswordNeeded: the link's flag asks for a password and none was given.
	PasswordNeeded Error = "password_needed"
	// PasswordEmpty: a password of no characters.
	PasswordEmpty Error = "password_empty"
	// PasswordTooLong: more than 1,024 bytes after NFKC.
	PasswordTooLong Error = "password_too_long"
	// PasswordLoneSurrogate: text that is no Unicode (in Go: invalid UTF-8).
	PasswordLoneSurrogate Error = "password_lone_surrogate"
	// PasswordControl: a character of U+0000-001F or U+007F.
	PasswordControl Error = "password_control"
	// WrongToken: the server holds another access token than the one derived, so that the password is wrong.
	WrongToken Error = "wrong_token"
)

// The sealed stream, of a manifest or of the content.
const (
	// BadTag: a chunk does not open under this key at this place, as last or not last: it was changed, moved, repeated
	// or comes from elsewhere.
	BadTag Error = "bad_tag"
	// CutOff: the content ends before its last byte.
	CutOff Error = "cut_off"
	// TooLong: the content goes on after its last byte.
	TooLong Error = "too_long"
	// BadLength: a sealed length that no plaintext has.
	BadLength Error = "bad_length"
)

// The manifest.
const (
	// ManifestTooLong: more than 67,108,864 bytes of plaintext.
	ManifestTooLong Error = "manifest_too_long"
	// BadUTF8: not UTF-8.
	BadUTF8 Error = "bad_utf8"
	// BadJSON: not one JSON object; a byte order mark before it counts as that.
	BadJSON Error = "bad_json"
	// BadMember: a member that must be there is absent or null, or one that the format names has another type.
	BadMember Error = "bad_member"
	// BadNumber: a number, or the sum of sizes and padding, that is no integer from 0 to 2^50.
	BadNumber Error = "bad_number"
	// LoneSurrogate: a title, note or path with half a surrogate pair.
	LoneSurrogate Error = "lone_surrogate"
	// BadKey: a content key that is not the base64url of 32 bytes.
	BadKey Error = "bad_key"
	// TextTooLong: a title over 200 or a note over 4,000 code points.
	TextTooLong Error = "text_too_long"
	// BadPath: a path that breaks one of the rules for a single path.
	BadPath Error = "bad_path"
	// PathTwice: a path that stands in the manifest twice, after NFC.
	PathTwice Error = "path_twice"
	// PathConflict: one file's path is the folder of another path.
	PathConflict Error = "path_conflict"
)

// sentences are for people; they hold nothing of the link.
var sentences = map[Error]string{
	LinkNotBase64URL:      "this is not a link of ours: it holds characters that no link has",
	LinkCutOff:            "this link is cut off: its end is missing",
	LinkTooLong:           "this link is too long: something was added to it",
	UnknownFormat:         "this link was made by a newer version",
	UnknownFlags:          "this link was made by a newer version and needs something this one does not know",
	PasswordNeeded:        "this link needs a password",
	PasswordEmpty:         "the password is empty",
	PasswordTooLong:       "the password is longer than 1,024 bytes",
	PasswordLoneSurrogate: "the password holds half a character",
	PasswordControl:       "the password holds a control character",
	WrongToken:            "the password is wrong",
	BadTag:                "what the server holds was changed or damaged",
	CutOff:                "what the server holds is cut off",
	TooLong:               "what the server holds is longer than what was sealed",
	BadLength:             "what the server holds has a length that nothing sealed has",
	ManifestTooLong:       "the list of files is too long",
	BadUTF8:               "the list of files is not text",
	BadJSON:               "the list of files cannot be read",
	BadMember:             "the list of files lacks something or holds it in a wrong form",
	BadNumber:             "the list of files holds a number that cannot be",
	LoneSurrogate:         "the list of files holds half a character",
	BadKey:                "the list of files holds no usable key",
	TextTooLong:           "the title or the note is too long",
	BadPath:               "the list of files holds a name that is not allowed",
	PathTwice:             "the list of files holds a name twice",
	PathConflict:          "the list of files holds a name that is both a file and a folder",
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
