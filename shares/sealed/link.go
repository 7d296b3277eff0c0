package sealed

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// Layout of a link's fragment.
const (
	format       = 0x01
	flagPassword = 0x01

	fragmentBytes = 2 + KeySize
	// FragmentSize is the length of a fragment in characters.
	FragmentSize = 46
)

// base64url is what the format means by it, except that it skips line breaks: decodeBase64URL does not.
var base64url = base64.RawURLEncoding.Strict()

// decodeBase64URL decodes canonical base64url: no padding, no line breaks, spare bits zero.
func decodeBase64URL(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	b, err := base64url.DecodeString(s)
	return b, err == nil
}

// Link is what a link's fragment says. It opens what it names: neither it nor its text belongs into a log, an error or
// a request.
type Link struct {
	Secret [KeySize]byte
	// Password: the link needs a password besides.
	Password bool
}

// NewLink makes a link with a new secret.
func NewLink(password bool) Link {
	l := Link{Password: password}
	rand.Read(l.Secret[:]) // never fails
	return l
}

// String hides the secret from logs and errors; Fragment and URL show it.
func (l Link) String() string { return "(link)" }

// GoString hides the secret too.
func (l Link) GoString() string { return "(link)" }

// Fragment is the 46 characters after the "#".
func (l Link) Fragment() string {
	b := make([]byte, 2, fragmentBytes)
	b[0] = format
	if l.Password {
		b[1] = flagPassword
	}
	return base64url.EncodeToString(append(b, l.Secret[:]...))
}

// URL is the whole link on the server at this address, such as "https://example.org" or "https://example.org/cloud".
func (l Link) URL(server string) string {
	return strings.TrimSuffix(server, "/") + "/s/#" + l.Fragment()
}

// ParseFragment reads the text after the "#". Checked in this order: the characters (LinkNotBase64URL), the format
// (UnknownFormat; a newer one may have another length), the length (LinkCutOff, LinkTooLong), the spare bits
// (LinkNotBase64URL), the flags (UnknownFlags).
func ParseFragment(fragment string) (Link, error) {
	for _, c := range []byte(fragment) {
		if !isBase64URL(c) {
			return Link{}, LinkNotBase64URL
		}
	}
	if len(fragment) >= 2 {
		// Two characters hold the first byte whole. Four can be decoded without regard to spare bits.
		if first, err := base64url.DecodeString(fragment[:2] + "AA"); err != nil || first[0] != format {
			return Link{}, UnknownFormat
		}
	}
	if len(fragment) < FragmentSize {
		return Link{}, LinkCutOff
	}
	if len(fragment) > FragmentSize {
		return Link{}, LinkTooLong
	}
	b, ok := decodeBase64URL(fragment)
	if !ok {
		return Link{}, LinkNotBase64URL
	}
	if b[1]&^flagPassword != 0 {
		return Link{}, UnknownFlags
	}
	return Link{Secret: [KeySize]byte(b[2:]), Password: b[1]&flagPassword != 0}, nil
}

func isBase64URL(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// ErrNoLink is what ParseURL says of text that is no link of any server.
var ErrNoLink = errors.New("this is not a link: it should look like https://example.org/s/# and 46 characters")

// basePath is what may stand between a server's host and its paths. Nothing in it can be written in two ways: it stands in addresses, pages, XML and the names of cookies.
var basePath = regexp.MustCompile(`^(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)

// IsBasePath says whether a server may live below path on its host: "" for none, or steps such as "/cloud", of letters, digits, dots, dashes and underscores, each begun by
// a letter or digit. There is no slash at its end.
func IsBasePath(path string) bool { return basePath.MatchString(path) }

// ParseURL reads a whole link, and gives the address of its server besides ("https://example.org", "https://example.org/cloud").
// It refuses with ErrNoLink what is no http or https URL with the path "/s/", behind a base path or none, and otherwise as
// ParseFragment does. Its errors hold nothing of the link.
func ParseURL(link string) (server string, l Link, err error) {
	address, fragment, found := strings.Cut(link, "#")
	// Some mail gateways write the "#" as "%23", and what they wrote may be escaped once more.
	for _, escaped := range []string{"%23", "%2523"} {
		if !found {
			address, fragment, found = strings.Cut(link, escaped)
		}
	}
	u, err := url.Parse(address)
	if err != nil || !found || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return "", Link{}, ErrNoLink
	}
	base, ends := strings.CutSuffix(strings.TrimSuffix(u.EscapedPath(), "/"), "/s")
	if !ends || !IsBasePath(base) {
		return "", Link{}, ErrNoLink
	}
	l, err = ParseFragment(fragment)
	if err != nil {
		return "", Link{}, err
	}
	return u.Scheme + "://" + u.Host + base, l, nil
}
