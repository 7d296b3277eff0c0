package dav

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// KeptFor is how long what was deleted or overwritten can come back, unless its space is needed.
const KeptFor = 30 * 24 * time.Hour

// What is kept lies in kept/NAME, each thing as one entry: its id, the door through which the request came that destroyed it, with a + if something else took its place, and
// the path where it was, with %2F for a slash, all joined by dashes. So the entry says what its row says (table kept), but for the device, and a row that is missing can be
// made again.
const (
	idTime   = "20060102T150405Z"
	idLength = len(idTime + "-0123456789abcdef")
)

// newID makes a name that nobody can guess and that sorts by time.
func (h *Handler) newID() string {
	var b [8]byte
	rand.Read(b[:])
	id := make([]byte, 0, idLength)
	id = append(h.now().UTC().AppendFormat(id, idTime), '-')
	return string(hex.AppendEncode(id, b[:]))
}

var keptEscapes = strings.NewReplacer("%", "%25", "/", "%2F")

// entry is the name of a kept thing's entry. A path that does not fit loses its folders, and if that is not enough, its end.
func (r *keptRow) entry() string {
	escape := keptEscapes.Replace
	prefix := r.id + "-"
	if r.door != "" {
		prefix += strings.TrimPrefix(r.door, "/")
		if r.replaced {
			prefix += "+"
		}
		prefix += "-"
	}
	name := escape(r.path)
	if len(prefix)+len(name) > maxPart {
		name = escape(path.Base(r.path))
	}
	for len(prefix)+len(name) > maxPart {
		base, _ := url.PathUnescape(name)
		_, last := utf8.DecodeLastRuneInString(base)
		name = escape(base[:len(base)-last])
	}
	return prefix + name
}

var keptName = regexp.MustCompile(`^([0-9]{8}T[0-9]{6}Z-[0-9a-f]{16})-(?:(dav|files|api)(\+?)-)?(.+)$`)

// parseKept reads the name of an entry: id, door, path and whether it was replaced. It answers false for what is not ours. The door is empty if the name does not say it.
func parseKept(entry string) (keptRow, bool) {
	m := keptName.FindStringSubmatch(entry)
	if m == nil {
		return keptRow{}, false
	}
	r := keptRow{id: m[1], replaced: m[3] != ""}
	if m[2] != "" {
		r.door = "/" + m[2]
	}
	var err error
	r.path, err = url.PathUnescape(m[4])
	return r, err == nil
}

// keeping is a place in kept/NAME that is about to take in what a request destroys, and the row that it will have.
type keeping struct {
	dir   *folder // kept/NAME
	entry string
	row   keptRow
}

// keptOf opens kept/NAME, making it on first use. It must not be closed.
func (h *Handler) keptOf(d Drive) (*folder, error) {
	dir, err := h.state(d).kept.open(h.keptFolder, d.Name)
	if err != nil {
		return nil, fmt.Errorf("opening what is kept: %w", err)
	}
	return dir, nil
}

// setAside finds the place in kept/ that s will be renamed to. replaced: something else takes its place.
func (c *change) setAside(s *spot, replaced bool) error {
	dir, err := c.h.keptOf(c.drive)
	if err != nil {
		return err
	}
	if err := c.h.unwritten.wait(c.h); err != nil {
		return err
	}
	row := keptRow{drive: c.drive.ID, id: c.h.newID(), path: s.path, at: c.h.now().Unix(), door: c.door, device: c.drive.Device, folder: s.isFolder(), replaced: replaced}
	if s.isFile() {
		row.size = s.info.size
	}
	c.kept = &keeping{dir, row.entry(), row}
	c.counted.used -= row.size
	c.counted.kept += row.size
	if row.folder {
		c.counted.aside = c.kept.entry
	}
	return nil
}

// tidyKept makes the rows of what is kept agree with the entries.
func (h *Handler) tidyKept(d Drive) error {
	ctx := context.Background()
	known, err := queryStrings(ctx, h.db, `SELECT id FROM kept WHERE drive = ?`, d.ID[:])
	if err != nil {
		return err
	}
	dir, err := h.keptOf(d)
	if err != nil {
		return err
	}
	present, err := entriesByID(dir)
	if err != nil {
		return err
	}
	var gone []string
	for _, id := range known {
		if present[id] == "" {
			gone = append(gone, id)
		}
		delete(present, id)
	}
	if err := h.forgetKept(ctx, d.ID[:], gone...); err != nil {
		return fmt.Errorf("forgetting what is not kept: %w", err)
	}
	for _, entry := range present {
		if err := h.adoptKept(ctx, d, dir, entry); err != nil {
			return err
		}
	}
	return nil
}

// adoptKept writes the row of a kept thing that has none.
func (h *Handler) adoptKept(ctx context.Context, d Drive, dir *folder, entry string) error {
	row, _ := parseKept(entry)
	info, err := dir.lstat(entry)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what is kept: %w", err)
	}
	if row.drive, row.folder = d.ID, info.IsDir(); !row.folder {
		row.size = info.size
	}
	at := h.now()
	if t, err := time.Parse(idTime, row.id[:len(idTime)]); err == nil && t.Before(at) {
		at = t
	}
	row.at = at.Unix()
	if _, err := h.insertKept.ExecContext(ctx, row.args()...); err != nil {
		return fmt.Errorf("adopting what is kept: %w", err)
	}
	return nil
}
