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
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// KeptFor is how long what was deleted or overwritten can come back, unless its space is needed.
const KeptFor = 30 * 24 * time.Hour

// What is kept lies in kept/NAME, each thing as one entry: its id, a dash, and the path where it was, with %2F for a slash. So the folder alone says what
// came from where and when, whatever becomes of the database; the row (table kept) also knows the door.
const idLength = len("20060102T150405Z-0123456789abcdef")

// newID makes a name that nobody can guess and that sorts by time.
func (h *Handler) newID() string {
	var b [8]byte
	rand.Read(b[:])
	id := make([]byte, 0, idLength)
	id = append(h.now().UTC().AppendFormat(id, "20060102T150405Z"), '-')
	return string(hex.AppendEncode(id, b[:]))
}

// keptEntry is the name of a kept thing's entry. A path that does not fit loses its folders, and if that is not enough, its end.
func keptEntry(id, p string) string {
	escape := strings.NewReplacer("%", "%25", "/", "%2F").Replace
	name := escape(p)
	if len(id)+1+len(name) > maxPart {
		name = escape(path.Base(p))
	}
	for len(id)+1+len(name) > maxPart {
		base, _ := url.PathUnescape(name)
		_, last := utf8.DecodeLastRuneInString(base)
		name = escape(base[:len(base)-last])
	}
	return id + "-" + name
}

var keptName = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}-.`)

// parseKept reads the name of an entry. It answers false for what is not ours.
func parseKept(entry string) (id, p string, ok bool) {
	if !keptName.MatchString(entry) {
		return "", "", false
	}
	p, err := url.PathUnescape(entry[idLength+1:])
	return entry[:idLength], p, err == nil
}

// keeping is a place in kept/NAME that is about to take in what a request destroys.
type keeping struct {
	dir   *folder // kept/NAME
	entry string
}

// keptOf opens kept/NAME, making it on first use. It must not be closed.
func (h *Handler) keptOf(d Drive) (*folder, error) {
	dir, err := h.state(d).kept.open(h.keptFolder, d.Name)
	if err != nil {
		return nil, fmt.Errorf("opening what is kept: %w", err)
	}
	return dir, nil
}

const insertKept = `INSERT INTO kept (drive, id, path, at, door, folder, size) VALUES (?, ?, ?, ?, ?, ?, ?)`

// keptRow is a row of the table.
type keptRow struct {
	drive  [16]byte
	id     string
	path   string
	at     int64 // seconds since 1970
	door   string
	folder bool
	size   int64 // of a folder 0, until it is measured
}

func (r *keptRow) args() []any {
	return []any{r.drive[:], r.id, r.path, r.at, r.door, r.folder, r.size}
}

func (c *change) newKeptRow(s *spot) keptRow {
	row := keptRow{drive: c.drive.ID, id: c.h.newID(), path: s.path, at: c.h.now().Unix(), door: c.door, folder: s.isFolder()}
	c.h.mu.Lock()
	c.h.moving[row.id] = true
	c.h.mu.Unlock()
	c.moving = append(c.moving, row.id)
	if s.isFile() {
		row.size = s.info.size
	}
	return row
}

// isOf says whether the row tells of s as it is.
func (r *keptRow) isOf(s *spot) bool {
	return r != nil && r.path == s.path && r.folder == s.isFolder() && (r.folder || r.size == s.info.size)
}

// expectAside writes the row for s before the drive is held, so that others need not wait for it. If s is another by then, setAside writes its own.
//
// A row by itself may be lost with the power, and is then made again from the entry.
func (c *change) expectAside(s *spot) error {
	row := c.newKeptRow(s)
	if err := c.insertKept(row); err != nil {
		return err
	}
	c.expected = &row
	return nil
}

// expectReplaced does so for a file that another will replace, if it holds anything.
func (c *change) expectReplaced(s *spot) error {
	if s == nil || !s.isFile() || s.info.size == 0 {
		return nil
	}
	return c.expectAside(s)
}

// forgetExpected removes a row that setAside did not take.
func (c *change) forgetExpected() {
	if c.expected == nil {
		return
	}
	if err := c.h.forgetKept(c.ctx, c.drive.ID[:], c.expected.id); err != nil {
		c.h.log.Warn("forgetting what is not kept", "cause", ForLog(err))
	}
	c.expected = nil
}

func (c *change) insertKept(row keptRow) error {
	if err := c.h.rows.do(row); err != nil {
		return fmt.Errorf("keeping what is replaced: %w", err)
	}
	return nil
}

// insertRows writes the rows of all who came at the same time in one transaction.
func (h *Handler) insertRows(rows []keptRow) []error {
	err := h.insertRowsAtOnce(rows)
	if err == nil {
		return nil
	}
	return slices.Repeat([]error{err}, len(rows))
}

func (h *Handler) insertRowsAtOnce(rows []keptRow) error {
	ctx := context.Background()
	if len(rows) == 1 {
		_, err := h.insertKept.ExecContext(ctx, rows[0].args()...)
		return err
	}
	tx, err := h.relaxed.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert := tx.StmtContext(ctx, h.insertKept)
	for i := range rows {
		if _, err := insert.ExecContext(ctx, rows[i].args()...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// asideRow answers the row for s: the expected one, or a new one, written in the transaction if there is one.
func (c *change) asideRow(s *spot) (keptRow, error) {
	if e := c.expected; e.isOf(s) {
		c.expected = nil
		return *e, nil
	}
	row := c.newKeptRow(s)
	if c.tx == nil {
		return row, c.insertKept(row)
	}
	if _, err := c.tx.ExecContext(c.ctx, insertKept, row.args()...); err != nil {
		return row, fmt.Errorf("keeping what is replaced: %w", err)
	}
	return row, nil
}

// setAside finds the place in kept/ that s will be renamed to, and writes its row if expectAside has not.
func (c *change) setAside(s *spot) error {
	dir, err := c.h.keptOf(c.drive)
	if err != nil {
		return err
	}
	row, err := c.asideRow(s)
	if err != nil {
		return err
	}
	c.undo = append(c.undo, func() error { return c.h.forgetKept(c.ctx, c.drive.ID[:], row.id) }) // nothing to forget where the transaction took it back
	c.kept = &keeping{dir, keptEntry(row.id, s.path)}
	c.counted.used -= row.size
	c.counted.kept += row.size
	if row.folder {
		c.counted.aside = c.kept.entry
	}
	return nil
}

// forgetKept removes the row of a thing that is not kept, or no more.
func (h *Handler) forgetKept(ctx context.Context, drive []byte, id string) error {
	_, err := h.relaxed.ExecContext(ctx, `DELETE FROM kept WHERE drive = ? AND id = ?`, drive, id)
	return err
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
	entries, err := dir.all()
	if err != nil {
		return fmt.Errorf("reading what is kept: %w", err)
	}
	present := map[string]string{} // the entry of each id
	for _, entry := range entries {
		if id, _, ok := parseKept(entry); ok {
			present[id] = entry
		}
	}
	for _, id := range known {
		if present[id] == "" {
			if err := h.forgetKept(ctx, d.ID[:], id); err != nil {
				return fmt.Errorf("forgetting what is not kept: %w", err)
			}
		}
		delete(present, id)
	}
	for _, entry := range present {
		if err := h.adoptKept(ctx, d, dir, entry); err != nil {
			return err
		}
	}
	return nil
}

// adoptKept writes the row of a kept thing that has none. Only the door is not known any more.
func (h *Handler) adoptKept(ctx context.Context, d Drive, dir *folder, entry string) error {
	id, p, _ := parseKept(entry)
	info, err := dir.lstat(entry)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what is kept: %w", err)
	}
	row := keptRow{drive: d.ID, id: id, path: p, folder: info.IsDir()}
	if !row.folder {
		row.size = info.size
	}
	at := h.now()
	if t, err := time.Parse("20060102T150405Z", id[:len("20060102T150405Z")]); err == nil && t.Before(at) {
		at = t
	}
	row.at = at.Unix()
	if _, err := h.insertKept.ExecContext(ctx, row.args()...); err != nil {
		return fmt.Errorf("adopting what is kept: %w", err)
	}
	return nil
}
