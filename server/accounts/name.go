package accounts

import (
	"regexp"
	"strings"
)

// namePattern keeps names to what looks the same to everybody and is a plain folder name on every system, because a
// drive's folder is called like its account.
var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

// devicePattern is what Windows keeps for devices, with any extension.
var devicePattern = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// ParseName returns the canonical form of a name that somebody typed: small letters a to z, digits, dot, dash and
// underscore, 1 to 32 of them, beginning with a letter or digit and not ending with a dot. Capital letters A to Z become small
// ones. Anything else is ErrBadName, so two names that could be taken for each other are one name or no name.
func ParseName(typed string) (string, error) {
	name := typed
	if strings.IndexFunc(typed, func(r rune) bool { return r > 0x7e }) < 0 { // strings.ToLower would fold U+212A to k
		name = strings.ToLower(typed)
	}
	if !namePattern.MatchString(name) || strings.HasSuffix(name, ".") || devicePattern.MatchString(name) {
		return "", ErrBadName
	}
	return name, nil
}
