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

// linkCreate publishes a link: a form with the part link, in JSON, and behind it the part manifest, which goes to the
// disk as it comes.
func (s *Server) linkCreate(c echo.Context) error {
	r := c.Request()
	body := newMovingBody(c.Response().Writer, r.Body)
	defer body.rest()
	r.Body = http.MaxBytesReader(c.Response().Writer, body, shares.MaxManifest+2*maxJSON)
	form, err := r.MultipartReader()
	if err != nil {
		return errBadRequest.because(err)
	}
	part, err := nextPart(form, "link")
	if err != nil {
		return err
	}
	link, err := parseLink(part)
	if err != nil {
		return err
	}
	if part, err = nextPart(form, "manifest"); err != nil {
		return err
	}
	made, err := s.Shares.Publish(r.Context(), shareOwner(c), link, &lastPart{form, part})
	if err != nil {
		return shareFault(err)
	}
	return c.JSON(http.StatusCreated, map[string]string{"id": made.ID.String(), "created": stamp(made.Created)})
}

// parseLink reads the part link.
func parseLink(part io.Reader) (link shares.NewLink, err error) {
	var sent struct {
		ID        key16      `json:"id"`
		TokenHash key32      `json:"token_hash"`
		Upload    key16      `json:"upload"`
		Note      string     `json:"note"`
		Expires   *time.Time `json:"expires"`
		MaxVisits *int64     `json:"max_visits"`
	}
	text, err := io.ReadAll(io.LimitReader(part, maxJSON+1))
	if err != nil {
		return link, brokenForm(err)
	} else if len(text) > maxJSON {
		return link, errTooLarge
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil {
		return link, errBadRequest.because(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return link, errBadRequest
	}
	if err := required(sent.ID, sent.TokenHash, sent.Upload); err != nil {
		return link, err
	}
	link = shares.NewLink{ID: shares.ID(sent.ID), TokenHash: sent.TokenHash, Upload: shares.ID(sent.Upload)}
	if link.Note, err = shares.ParseBytes(sent.Note, base64.RawURLEncoding.DecodedLen(len(sent.Note))); err != nil {
		return link, errBadRequest.because(err)
	}
	if sent.Expires != nil {
		if link.Expires = sent.Expires.UTC(); link.Expires.IsZero() { // which would mean never
			return link, errBadRequest
		}
	}
	if sent.MaxVisits != nil {
		if link.MaxVisits = *sent.MaxVisits; link.MaxVisits < 1 { // 0 would mean no limit
			return link, errBadRequest
		}
	}
	return link, nil
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
