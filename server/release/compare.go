package release

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Place is what may differ from one server to the next.
type Place struct {
	Origin string // scheme and host, without a slash at the end
	Base   string // the path below which the server stands, without a slash at its end: empty, or such as "/cloud"
	List   string // the hash of the list that it shows
}

// What stands in a list in place of what differs. An answer that holds one of these itself is not as any release's.
const (
	originMark = "{origin}"
	baseMark   = "{base}"
	listMark   = "{list}"
)

var errMark = errors.New("it holds a mark that stands in lists alone")

// contact is where the operator takes reports: an attribute of the page that opens links, which shows it as text.
var contact = regexp.MustCompile(`<body data-page="link" data-contact="[^"<>]+">`)

// maxContact is what that attribute takes with 200 characters in it, the most there may be, if all of them are escaped.
const maxContact = 1200

// content makes the content of an answer comparable. But for those places, two contents become the same only if they are.
func (p Place) content(header http.Header, content []byte) ([]byte, error) {
	if !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		return content, nil
	}
	for _, mark := range []string{originMark, baseMark, listMark} {
		if bytes.Contains(content, []byte(mark)) {
			return nil, errMark
		}
	}
	// Every address begins with the base: one that does not leads elsewhere, and stays what it is.
	for _, address := range [][2]string{{`="`, `/`}, {`>`, `/source.tar.gz<`}} {
		content = bytes.ReplaceAll(content, []byte(address[0]+p.Base+address[1]), []byte(address[0]+baseMark+address[1]))
	}
	content = bytes.ReplaceAll(content, []byte(p.List), []byte(listMark))
	if at := contact.FindIndex(content); at != nil && at[1]-at[0] <= maxContact {
		content = slices.Concat(content[:at[0]], []byte(`<body data-page="link">`), content[at[1]:])
	}
	return content, nil
}

// passing are the headers that say nothing of what a browser does with an answer, and that a proxy may add or change.
var passing = map[string]bool{
	"Accept-Ranges": true, "Age": true, "Connection": true, "Content-Encoding": true, "Content-Length": true, "Date": true, "Etag": true, "Keep-Alive": true,
	"Last-Modified": true, "Server": true, "Strict-Transport-Security": true, "Transfer-Encoding": true, "Vary": true, "Via": true, "X-Request-Id": true,
}

// sameHost is an Alt-Svc that leads to no other host, as proxies with HTTP/3 send it.
var sameHost = regexp.MustCompile(`^h3(-\d+)?=":\d+"(; ma=\d+)?(, h3(-\d+)?=":\d+"(; ma=\d+)?)*$`)

// headers are those of an answer that count, each by its lines.
func (p Place) headers(header http.Header, allowed map[string]bool) (map[string]string, error) {
	counting := map[string]string{}
	for name, values := range header {
		value := strings.Join(values, "\n")
		if passing[name] || allowed[name] || name == "Alt-Svc" && sameHost.MatchString(value) {
			continue
		}
		if strings.Contains(value, originMark) || strings.Contains(value, baseMark) {
			return nil, fmt.Errorf("header %s: %w", name, errMark)
		}
		if to := strings.TrimPrefix(value, p.Origin); name == "Location" && strings.HasPrefix(to, p.Base+"/") {
			value = baseMark + to[len(p.Base):]
		}
		counting[name] = strings.ReplaceAll(value, p.Origin, originMark)
	}
	return counting, nil
}
