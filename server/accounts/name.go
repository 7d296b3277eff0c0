package accounts

import "strings"

// isDevice tells what Windows keeps for devices, with any extension.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	switch {
	case base == "con", base == "prn", base == "aux", base == "nul":
		return true
	case len(base) == 4 && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt")):
		return '0' <= base[3] && base[3] <= '9'
	}
	return false
}

// isName keeps names to what looks the same to everybody and is a plain folder name on every system, because a
// drive's folder is called like its account.
func isName(name string) bool {
	if name == "" || len(name) > 32 || strings.IndexByte("._-", name[0]) >= 0 || strings.HasSuffix(name, ".") {
		return false
	}
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// ParseName returns the canonical form of a name that somebody typed: small letters a to z, digits, dot, dash and
// underscore, 1 to 32 of them, beginning with a letter or digit and not ending with a dot. Capital letters A to Z become small
// ones. Anything else is ErrBadName, so two names that could be taken for each other are one name or no name.
func ParseName(typed string) (string, error) {
	name := typed
	if strings.IndexFunc(typed, func(r rune) bool { return r > 0x7e }) < 0 { // strings.ToLower would fold U+212A to k
		name = strings.ToLower(typed)
	}
	if !isName(name) || isDevice(name) {
		return "", ErrBadName
	}
	return name, nil
}
