package dav

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on names. A part is what file systems take; a path is PATH_MAX of Linux, so that what is stored can also be opened from outside.
const (
	maxPart = 255  // bytes
	maxPath = 4096 // bytes, decoded
)

// requestName decodes a URL's path below prefix into its parts: once, part by part, so that an encoded slash can never become a separator.
// One trailing slash is allowed. The answer is empty for the drive's root.
func requestName(u *url.URL, prefix string) ([]string, error) {
	rest, ok := strings.CutPrefix(u.EscapedPath(), prefix)
	if !ok || rest != "" && rest[0] != '/' {
		return nil, status(http.StatusNotFound)
	}
	rest = strings.TrimSuffix(strings.TrimPrefix(rest, "/"), "/")
	if rest == "" {
		// The prefix, or the prefix and one slash: two slashes are an empty part.
		if strings.HasSuffix(u.EscapedPath(), "//") {
			return nil, told(http.StatusBadRequest, sayBadName)
		}
		return nil, nil
	}
	escaped := strings.Split(rest, "/")
	name := make([]string, len(escaped))
	for i, e := range escaped {
		part, err := url.PathUnescape(e)
		if err != nil || !validPart(part) {
			return nil, told(http.StatusBadRequest, sayBadName)
		}
		name[i] = part
	}
	if len(strings.Join(name, "/")) > maxPath {
		return nil, status(http.StatusRequestURITooLong)
	}
	return name, nil
}

// hasQuery says whether a URL has a question mark in it, with or without something behind it.
func hasQuery(u *url.URL) bool { return u.RawQuery != "" || u.ForceQuery }

// validPart says whether a request may name this. A file of another name, made from outside, is not listed.
func validPart(p string) bool {
	if p == "" || p == "." || p == ".." || len(p) > maxPart || !utf8.ValidString(p) {
		return false
	}
	for _, r := range p {
		// U+FFFE and U+FFFF cannot stand in XML.
		if r == '/' || r == '\\' || unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			return false
		}
	}
	return true
}

// splitName is for names that come decoded, from [Handler.Place].
func splitName(name string) ([]string, error) {
	name = strings.TrimPrefix(name, "/")
	if name == "" || len(name) > maxPath {
		return nil, ErrInvalidName
	}
	parts := strings.Split(name, "/")
	for _, p := range parts {
		if !validPart(p) {
			return nil, ErrInvalidName
		}
	}
	return parts, nil
}

// splitFolder is splitName for folders, of which the drive itself is "".
func splitFolder(name string) ([]string, error) {
	if name == "" {
		return nil, nil
	}
	return splitName(name)
}

// destination decodes the Destination header (RFC 4918, 10.3) into a name in the same drive. It is an absolute URI with this server's host, or an
// absolute path; it must lie below the request's own door. Otherwise: 400 malformed, 502 elsewhere. A name and password in front of the host say
// nothing: KDE sends them along (RFC 9110, 4.2.4 lets a recipient treat them as an error; that would leave Dolphin without a way to rename).
func (x *exchange) destination() ([]string, error) {
	values := x.r.Header.Values("Destination")
	if len(values) != 1 || values[0] == "" {
		return nil, status(http.StatusBadRequest)
	}
	u, err := url.Parse(values[0])
	if err == nil && hasQuery(u) {
		return nil, told(http.StatusBadRequest, sayQuery)
	}
	if err != nil || u.Opaque != "" || strings.Contains(values[0], "#") || !strings.HasPrefix(u.Path, "/") {
		return nil, status(http.StatusBadRequest)
	}
	if !x.ours(u) {
		return nil, status(http.StatusBadGateway)
	}
	name, err := requestName(u, x.prefix)
	if err != nil && asFailure(err).status == http.StatusNotFound {
		return nil, status(http.StatusBadGateway) // another door, or no door
	}
	return name, err
}

// ours says whether a URI from a header is on this server: without a host (then without a scheme too), or with one of its names.
func (x *exchange) ours(u *url.URL) bool {
	if u.Host == "" {
		return u.Scheme == ""
	}
	if u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := canonicalHost(u.Host)
	return host == canonicalHost(x.r.Host) || slices.ContainsFunc(x.h.hosts, func(h string) bool { return canonicalHost(h) == host })
}

// canonicalHost makes hosts comparable: case and the default ports say nothing, and neither does the scheme, which a proxy changes.
func canonicalHost(h string) string {
	h = strings.ToLower(h)
	h = strings.TrimSuffix(strings.TrimSuffix(h, ":443"), ":80")
	return strings.TrimSuffix(h, ".")
}

// href is the escaped path of a name behind a prefix. Only unreserved characters stand as they are, so it can stand in XML and in headers too.
func href(prefix string, name []string, collection bool) string {
	var b strings.Builder
	b.WriteString(prefix)
	for _, p := range name {
		b.WriteByte('/')
		b.Write(appendEscaped(nil, p))
	}
	if collection {
		b.WriteByte('/')
	}
	return b.String()
}

// appendEscaped appends one part of a path, percent-encoded (RFC 3986, 2.1).
func appendEscaped(b []byte, part string) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(part); i++ {
		c := part[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b = append(b, c)
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return b
}
