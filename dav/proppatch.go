package dav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/webdav"
)

// patch is one instruction of a PROPPATCH.
type patch struct {
	name   xml.Name
	remove bool
	whole  string // the element, for a property that is set
	value  string // its text
}

// proppatch answers PROPPATCH (RFC 4918, 9.2): all instructions, in their order, or none.
//
// Any property that is not live can be set. Of the live ones, the time of the last modification can, as getlastmodified and as Win32LastModifiedTime; the others are
// protected: 403, and 424 for everything beside them.
func (x *exchange) proppatch() error {
	body, err := x.readXML()
	if err != nil {
		return err
	}
	patches, err := readPatches(body)
	if err != nil {
		return err
	}
	s, result, err := x.patch(patches)
	if err != nil {
		return err
	}
	b := []byte(multistatus + `<D:response><D:href>`)
	b = append(b, href(x.prefix, x.name, s.isFolder())...)
	b = append(result.append(append(b, `</D:href>`...), patches), `</D:response></D:multistatus>`...)
	x.answerXML(http.StatusMultiStatus, b)
	return nil
}

// readPatches reads a propertyupdate element (14.19).
func readPatches(e *element) ([]patch, error) {
	if e == nil || !e.is("propertyupdate") {
		return nil, status(http.StatusBadRequest)
	}
	var patches []patch
	for _, op := range e.elements() {
		if !op.is("set") && !op.is("remove") {
			continue // 17: unknown elements are ignored
		}
		props := op.child("prop")
		if props == nil {
			return nil, status(http.StatusBadRequest)
		}
		for _, p := range props.elements() {
			patch := patch{name: p.name, remove: op.is("remove"), value: p.content()}
			if !patch.remove {
				patch.whole = string(appendWhole(nil, p))
			}
			if patches = append(patches, patch); len(patches) > maxNames {
				return nil, status(http.StatusRequestEntityTooLarge)
			}
		}
	}
	if len(patches) == 0 {
		return nil, status(http.StatusBadRequest)
	}
	return patches, nil
}

// patchResult says which properties were refused and why; all others failed with them. If there are none, all were changed.
type patchResult struct {
	refused map[xml.Name]int // a status
}

func (r *patchResult) append(b []byte, patches []patch) []byte {
	by := map[int][]xml.Name{}
	seen := map[xml.Name]bool{}
	for _, p := range patches {
		if seen[p.name] {
			continue
		}
		seen[p.name] = true
		code := http.StatusOK
		if len(r.refused) > 0 {
			if code = r.refused[p.name]; code == 0 {
				code = http.StatusFailedDependency
			}
		}
		by[code] = append(by[code], p.name)
	}
	for _, code := range []int{http.StatusOK, http.StatusForbidden, http.StatusConflict, http.StatusInsufficientStorage, http.StatusFailedDependency} {
		if len(by[code]) == 0 {
			continue
		}
		b = append(b, `<D:propstat><D:prop>`...)
		for _, n := range by[code] {
			b = appendEmpty(b, n)
		}
		b = append(b, fmt.Sprintf(`</D:prop><D:status>HTTP/1.1 %d %s</D:status>`, code, webdav.StatusText(code))...)
		if code == http.StatusForbidden {
			b = append(b, `<D:error><D:cannot-modify-protected-property/></D:error>`...)
		}
		b = append(b, `</D:propstat>`...)
	}
	return b
}

// patch carries out the instructions.
func (x *exchange) patch(patches []patch) (*spot, *patchResult, error) {
	defer x.h.lockDrive(x.drive)()
	s, err := x.tree.resource(x.name)
	if err != nil {
		return nil, nil, err
	}
	submitted, err := x.judge(s)
	if err != nil {
		return nil, nil, err
	}
	if err := x.checkLocks(submitted, need{path: s.path}); err != nil {
		return nil, nil, err
	}
	modified, result := judgePatches(patches)
	if len(result.refused) > 0 {
		return s, result, nil
	}
	c := x.newChange()
	defer c.close()
	err = c.end(c.applyPatches(s, patches, modified))
	if errors.Is(err, errTooManyProperties) {
		for _, p := range patches {
			result.refused[p.name] = http.StatusInsufficientStorage
		}
		return s, result, nil
	}
	return s, result, err
}

var errTooManyProperties error = &failure{status: http.StatusInsufficientStorage, sentence: sayTooMuch, cause: errors.New("the drive has as many properties as it may have")}

// judgePatches finds what must be refused, and the time that the resource gets, if any.
func judgePatches(patches []patch) (modified time.Time, result *patchResult) {
	result = &patchResult{refused: map[xml.Name]int{}}
	for _, p := range patches {
		switch {
		case p.name == win32Modified || p.name == dav("getlastmodified"):
			if p.remove {
				result.refused[p.name] = http.StatusForbidden
				continue
			}
			t, err := parseTime(p.value)
			if err != nil {
				result.refused[p.name] = http.StatusConflict
				continue
			}
			modified = t
		case findLive(p.name) != nil:
			result.refused[p.name] = http.StatusForbidden
		}
	}
	return modified, result
}

func parseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, err := http.ParseTime(s); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, s)
}

func (c *change) applyPatches(s *spot, patches []patch, modified time.Time) error {
	var had int64
	for _, p := range patches {
		if findLive(p.name) != nil {
			continue
		}
		first := c.tx == nil
		tx, err := c.rows()
		if err == nil && first {
			had, err = propertiesSize(c.ctx, tx, c.drive, s.path)
		}
		if err != nil {
			return err
		}
		if p.remove {
			err = removeProperty(c.ctx, tx, c.drive, s.path, p.name)
		} else {
			err = c.setProperty(tx, s.path, dead{p.name, p.whole})
		}
		if err != nil {
			return err
		}
	}
	if c.tx != nil {
		size, err := propertiesSize(c.ctx, c.tx, c.drive, s.path)
		if err != nil {
			return err
		}
		if size > maxProperties {
			return errTooManyProperties
		}
		if err := c.growProperties(max(0, size-freeProperties) - max(0, had-freeProperties)); err != nil {
			return err
		}
	}
	if modified.IsZero() {
		return nil
	}
	if err := s.dir.chtimes(s.name, modified); err != nil {
		return fmt.Errorf("setting a time: %w", err)
	}
	before := s.info.ModTime()
	c.undo = append(c.undo, func() error { return s.dir.chtimes(s.name, before) })
	return nil
}
