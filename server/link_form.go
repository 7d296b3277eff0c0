package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// readLinkForm reads the first part of a form, link, in JSON into v, and returns the second, manifest, which goes to the disk as it comes. Call done when
// nobody reads it any more, also after an error.
func readLinkForm(c echo.Context, v any) (manifest io.Reader, done func(), err error) {
	r := c.Request()
	body := newMovingBody(c.Response().Writer, r.Body)
	r.Body = http.MaxBytesReader(c.Response().Writer, body, shares.MaxManifest+2*maxJSON)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, body.rest, errBadRequest.because(err)
	}
	part, err := nextPart(form, "link")
	if err != nil {
		return nil, body.rest, err
	}
	if err := parsePart(part, v); err != nil {
		return nil, body.rest, err
	}
	if part, err = nextPart(form, "manifest"); err != nil {
		return nil, body.rest, err
	}
	return &lastPart{form, part}, body.rest, nil
}

// parsePart reads a part's JSON into v, as parse does a body's.
func parsePart(part io.Reader, v any) error {
	text, err := io.ReadAll(io.LimitReader(part, maxJSON+1))
	if err != nil {
		return brokenForm(err)
	} else if len(text) > maxJSON {
		return errTooLarge
	}
	return parseWhole(text, v)
}

// parseWhole reads JSON, behind which nothing stands, into v.
func parseWhole(text []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return errBadRequest.because(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errBadRequest
	}
	return nil
}

// nextPart returns the form's next part, which must have this name.
func nextPart(form *multipart.Reader, name string) (*multipart.Part, error) {
	part, err := form.NextPart()
	if err != nil {
		return nil, brokenForm(err)
	}
	if part.FormName() != name {
		return nil, errBadRequest
	}
	return part, nil
}

// lastPart is a part that must be the form's last: it ends well only if the form does.
type lastPart struct {
	form *multipart.Reader
	part *multipart.Part
}

func (l *lastPart) Read(p []byte) (int, error) {
	n, err := l.part.Read(p)
	if err == io.EOF {
		if _, after := l.form.NextPart(); after != io.EOF {
			return n, errors.Join(io.ErrUnexpectedEOF, after)
		}
	}
	return n, err
}

// brokenForm is the answer to a form that can't be read on.
func brokenForm(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errTooLarge.because(err)
	}
	return errBadRequest.because(err)
}

// parseNote reads a note's box.
func parseNote(text string) ([]byte, error) {
	note, err := shares.ParseBytes(text, base64.RawURLEncoding.DecodedLen(len(text)))
	if err != nil {
		return nil, errBadRequest.because(err)
	}
	return note, nil
}

// parseExpires reads a time that may be null, for never. The zero time would mean never, and is refused.
func parseExpires(sent *time.Time) (time.Time, error) {
	if sent == nil {
		return time.Time{}, nil
	}
	if expires := sent.UTC(); !expires.IsZero() {
		return expires, nil
	}
	return time.Time{}, errBadRequest
}

// parseMaxVisits reads a limit that may be null, for none. 0 would mean none, and is refused.
func parseMaxVisits(sent *int64) (int64, error) {
	switch {
	case sent == nil:
		return 0, nil
	case *sent < 1:
		return 0, errBadRequest
	}
	return *sent, nil
}
