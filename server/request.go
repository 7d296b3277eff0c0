package server

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

const maxJSON = 64 << 10 // bytes of a request

// parse reads a request's JSON into v. A body that is too large, of another type, not one value, or that has unknown
// members is refused; so is one that has not come whole, to its end, by the clock of windClocks. What is done with it then may take longer: net/http forgets that clock
// once a body has ended.
func parse(c echo.Context, v any) error {
	r := c.Request()
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return errBadRequest // a form of another site cannot send this type
	}
	decoder := json.NewDecoder(http.MaxBytesReader(c.Response().Writer, r.Body, maxJSON))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return errTooLarge
		}
		return errBadRequest.because(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errBadRequest
	}
	return nil
}

// decodeBinary decodes base64url of exactly len(to) bytes. Only the canonical text is taken.
func decodeBinary(to []byte, text string) error {
	if len(text) != base64.RawURLEncoding.EncodedLen(len(to)) {
		return errBadRequest
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != len(to) {
		return errBadRequest
	}
	copy(to, b)
	return nil
}

// Binary values of fixed lengths, as requests have them. Absent or null ones stay zero, which required refuses.
type (
	key16 [16]byte
	key32 [32]byte
	box60 [60]byte
)

func decodeText(to []byte, text []byte) error { return decodeBinary(to, string(text)) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *key16) UnmarshalText(text []byte) error { return decodeText(k[:], text) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *key32) UnmarshalText(text []byte) error { return decodeText(k[:], text) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *box60) UnmarshalText(text []byte) error { return decodeText(b[:], text) }

// required refuses values that are all zero: random ones never are, absent ones are.
func required(values ...any) error {
	for _, v := range values {
		switch v {
		case key16{}, key32{}, box60{}:
			return errBadRequest
		}
	}
	return nil
}

// idParam is the number in the route's :id.
func idParam(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, errNotFound
	}
	return id, nil
}

// stamp is a time in an answer: RFC 3339, UTC, whole seconds.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func stampOrNull(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := stamp(*t)
	return &text
}

// accountAnswer is an account in an answer.
type accountAnswer struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Operator bool   `json:"operator"`
}

func answerAccount(a *accounts.Account) accountAnswer {
	return accountAnswer{a.ID.String(), a.Name, a.Operator}
}

func binary(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
