// Package release is the list of what a release of this program gives its visitors, and the check of a server against it.
//
// Start from [Make], which visits a handler and lists its answers, and [Check], which visits a server and compares. Both visit alike and look at an answer by the same
// eyes, so that a list says exactly what its release does. A list holds the hash of each answer to a visitor who has not signed in, in each language and theme, and the
// headers that a browser acts upon. Only four things may differ from one server to the next, each in its place: the address, the path below which the server stands, where
// its operator takes reports, and the hash of the list itself.
//
// What a check cannot show: that the server gives others, at other times, the same. A server can tell this program from a browser.
package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Where a server shows these, below the path that it stands at.
const (
	ListPath   = "/about/hashes.json"
	OpenerPath = "/about/opener.html"
)

// format is the number of the form that lists have, and of the way in which answers are made comparable.
const format = 2

// maxList bounds a list that is read, in bytes.
const maxList = 4 << 20

// List is what a release gives its visitors.
type List struct {
	Version string
	Headers []map[string]string // sets of headers, each by its canonical name
	Answers []Answer
}

// Answer is what a visit gets.
type Answer struct {
	Visit
	Status  int    `json:"status"`
	Headers int    `json:"headers"` // which of the list's sets
	SHA256  string `json:"sha256"`  // of the content, made comparable: 64 hexadecimal digits
}

// Visit is what a browser asks for.
type Visit struct {
	Path     string `json:"path"` // below the path that the server stands at; begins with a slash, and may end with a query
	Language string `json:"language,omitempty"`
	Theme    string `json:"theme,omitempty"`
}

// file is a list as JSON; answers stand a line each, so that two lists can be compared by eye.
type file struct {
	Format  int                 `json:"thorpe_hashes"`
	Version string              `json:"version"`
	Headers []map[string]string `json:"headers"`
	Answers []json.RawMessage   `json:"answers"`
}

// Bytes is the list as it is published, the same for the same list.
func (l *List) Bytes() ([]byte, error) {
	var out bytes.Buffer
	version, err := json.Marshal(l.Version)
	if err != nil {
		return nil, fmt.Errorf("writing the list: %w", err)
	}
	fmt.Fprintf(&out, "{\n\"thorpe_hashes\": %d,\n\"version\": %s", format, version)
	if err := lines(&out, "headers", l.Headers); err != nil {
		return nil, err
	}
	if err := lines(&out, "answers", l.Answers); err != nil {
		return nil, err
	}
	out.WriteString("\n}\n")
	return out.Bytes(), nil
}

func lines[T any](out *bytes.Buffer, name string, all []T) error {
	fmt.Fprintf(out, ",\n%q: [", name)
	for i, one := range all {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		line, err := json.Marshal(one)
		if err != nil {
			return fmt.Errorf("writing the list: %w", err)
		}
		out.Write(line)
	}
	out.WriteString("\n]")
	return nil
}

// errNoList is what text that is no list gives.
var errNoList = errors.New("this is no list of a Thorpe release, or one of a later form")

// Parse reads a list.
func Parse(text []byte) (*List, error) {
	var read file
	if len(text) > maxList || json.Unmarshal(text, &read) != nil || read.Format != format || len(read.Answers) == 0 {
		return nil, errNoList
	}
	list := &List{Version: read.Version, Headers: read.Headers}
	for _, line := range read.Answers {
		var a Answer
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, errNoList
		}
		if sum, err := hex.DecodeString(a.SHA256); err != nil || len(sum) != sha256.Size || !strings.HasPrefix(a.Path, "/") || a.Headers < 0 || a.Headers >= len(list.Headers) {
			return nil, errNoList
		}
		list.Answers = append(list.Answers, a)
	}
	return list, nil
}

// Sum is the SHA-256 of a list as it is published, in hexadecimal digits.
func Sum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
