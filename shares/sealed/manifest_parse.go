package sealed

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"
)

// ParseManifest reads the plaintext of a manifest, the same everywhere: strict UTF-8; names match exactly, and where
// one stands twice the last holds whole (encoding/json alone folds case and merges); numbers are IEEE 754 doubles.
// Paths come out in NFC. It refuses with ManifestTooLong, BadUTF8, BadJSON, UnknownFormat, BadMember, BadNumber,
// LoneSurrogate, BadKey, TextTooLong, BadPath, PathTwice or PathConflict.
func ParseManifest(plaintext []byte) (*Manifest, error) {
	if len(plaintext) > MaxManifest {
		return nil, ManifestTooLong
	}
	if !utf8.Valid(plaintext) {
		return nil, BadUTF8
	}
	var top members
	if err := json.Unmarshal(plaintext, &top); err != nil || top == nil {
		return nil, BadJSON
	}
	if version, err := top.number("format"); err != nil {
		return nil, err
	} else if version != format {
		return nil, UnknownFormat
	}
	m := &Manifest{Revision: 1}
	if err := top.key(&m.Key); err != nil {
		return nil, err
	}
	if err := firstError(
		top.optional("revision", func() (err error) { m.Revision, err = top.number("revision"); return }),
		top.optional("padding", func() (err error) { m.Padding, err = top.number("padding"); return }),
		top.optional("title", func() (err error) { m.Title, err = top.limited("title", MaxTitle); return }),
		top.optional("note", func() (err error) { m.Note, err = top.limited("note", MaxNote); return }),
		top.optional("folders", func() (err error) { m.Folders, err = top.paths("folders"); return }),
	); err != nil {
		return nil, err
	}
	if err := top.files(m); err != nil {
		return nil, err
	}
	return m, checkTree(m)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// members are those of a JSON object, not yet looked into.
type members map[string]json.RawMessage

func (o members) optional(name string, read func() error) error {
	if _, ok := o[name]; !ok {
		return nil
	}
	return read()
}

// number is a member that must be an integer from 0 to MaxSize.
func (o members) number(name string) (int64, error) {
	raw := o[name]
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, fmt.Errorf("member %q: %w", name, BadMember)
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || n < 0 || n > MaxSize || n != math.Trunc(n) {
		return 0, fmt.Errorf("member %q: %w", name, BadNumber)
	}
	return int64(n), nil
}

// text is a member that must be a string of whole characters.
func (o members) text(name string) (string, error) {
	s, err := text(o[name])
	if err != nil {
		return "", fmt.Errorf("member %q: %w", name, err)
	}
	return s, nil
}

func text(raw json.RawMessage) (string, error) {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", BadMember
	}
	if hasLoneSurrogate(raw) {
		return "", LoneSurrogate
	}
	return s, nil
}

func (o members) limited(name string, limit int) (string, error) {
	s, err := o.text(name)
	if err == nil && utf8.RuneCountInString(s) > limit {
		err = fmt.Errorf("member %q: %w", name, TextTooLong)
	}
	return s, err
}

func (o members) key(into *ContentKey) error {
	s, err := o.text("key")
	if errors.Is(err, LoneSurrogate) {
		return BadKey
	}
	if err != nil {
		return err
	}
	b, ok := decodeBase64URL(s)
	if !ok || len(b) != KeySize {
		return BadKey
	}
	*into = ContentKey(b)
	return nil
}

func (o members) list(name string) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if raw := o[name]; len(raw) == 0 || raw[0] != '[' || json.Unmarshal(raw, &list) != nil {
		return nil, fmt.Errorf("member %q: %w", name, BadMember)
	}
	return list, nil
}

func (o members) paths(name string) ([]string, error) {
	list, err := o.list(name)
	if err != nil {
		return nil, err
	}
	paths := make([]string, len(list))
	for i, raw := range list {
		s, err := text(raw)
		if err == nil {
			paths[i], err = CheckPath(s)
		}
		if err != nil {
			return nil, fmt.Errorf("folder %d: %w", i, err)
		}
	}
	return paths, nil
}

// files reads the files, and checks the sum of sizes and padding.
func (o members) files(m *Manifest) error {
	list, err := o.list("files")
	if err != nil {
		return err
	}
	m.Files = make([]File, len(list))
	sum := m.Padding
	for i, raw := range list {
		var file members
		if raw[0] != '{' || json.Unmarshal(raw, &file) != nil {
			return fmt.Errorf("file %d: %w", i, BadMember)
		}
		if m.Files[i], err = file.file(); err != nil {
			return fmt.Errorf("file %d: %w", i, err)
		}
		if sum += m.Files[i].Size; sum > MaxSize {
			return fmt.Errorf("sum of sizes: %w", BadNumber)
		}
	}
	return nil
}

func (o members) file() (File, error) {
	path, err := o.text("path")
	if err != nil {
		return File{}, err
	}
	if path, err = CheckPath(path); err != nil {
		return File{}, err
	}
	size, err := o.number("size")
	if err != nil {
		return File{}, err
	}
	f := File{Path: path, Size: size}
	if s, err := text(o["type"]); err == nil && mediaType.MatchString(s) {
		f.Type = s
	}
	if s, err := text(o["modified"]); err == nil {
		f.Modified = parseTime(s)
	}
	return f, nil
}

// mediaType is type and subtype as RFC 6838, section 4.2, names them.
var mediaType = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$`)

var dateTime = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$`)

// parseTime reads a date-time of RFC 3339 in UTC; what it does not understand is the zero time.
func parseTime(s string) time.Time {
	if !dateTime.MatchString(s) {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1 {
		return time.Time{}
	}
	return t
}

// hasLoneSurrogate looks into a JSON string for an escaped half of a surrogate pair, which encoding/json quietly
// replaces. Since the text is valid UTF-8, it can only be written as an escape.
func hasLoneSurrogate(raw []byte) bool {
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			i++
			continue
		}
		unit, ok := escapedUnit(raw[i:])
		switch {
		case !ok:
			i += 2
		case unit < 0xD800 || unit > 0xDFFF:
			i += 6
		default:
			next, ok := escapedUnit(raw[i+6:])
			if unit > 0xDBFF || !ok || next < 0xDC00 || next > 0xDFFF {
				return true
			}
			i += 12
		}
	}
	return false
}

// escapedUnit reads \uXXXX at the start of raw.
func escapedUnit(raw []byte) (uint64, bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	return unit, err == nil
}
