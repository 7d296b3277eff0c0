package server

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// uploadCreateSealed makes an upload that becomes the content of a link. It takes no metadata: the server is not to know
// more of it than its length.
func (s *Server) uploadCreateSealed(c echo.Context) error {
	return s.createUpload(c, shares.ForLink, func(metadata string) (shares.DriveFile, error) {
		return shares.DriveFile{Metadata: metadata}, nil // which the store refuses if it is not empty
	})
}

// uploadCreateDrive makes an upload that becomes a file in the drive.
func (s *Server) uploadCreateDrive(c echo.Context) error {
	return s.createUpload(c, shares.ForDrive, parseMetadata)
}

func (s *Server) createUpload(c echo.Context, use shares.Use, parse func(metadata string) (shares.DriveFile, error)) error {
	if err := speakTus(c); err != nil {
		return err
	}
	r := c.Request()
	length, err := newLength(r)
	if err != nil {
		return err
	}
	file, err := parse(strings.Join(r.Header.Values("Upload-Metadata"), ","))
	if err != nil {
		return shareFault(err)
	}
	u, err := s.Shares.CreateUpload(r.Context(), shareOwner(c), use, length, file)
	if err != nil {
		return shareFault(err)
	}
	showUpload(c, u)
	c.Response().Header().Set("Location", s.at("/api/uploads/"+u.ID.String()))
	return c.NoContent(http.StatusCreated)
}

// newLength is the length that a creation names, or -1 if it is to be told later.
func newLength(r *http.Request) (int64, error) {
	length, given, err := headerNumber(r, "Upload-Length")
	if err != nil {
		return 0, err
	}
	deferred := r.Header.Values("Upload-Defer-Length")
	switch {
	case given && len(deferred) == 0:
		return length, nil
	case !given && len(deferred) == 1 && deferred[0] == "1":
		return -1, nil
	}
	return 0, errBadRequest
}

// parseMetadata reads Upload-Metadata: names and base64 values, a space between them and commas around. Names that are
// not ours are passed over, as tus has it.
func parseMetadata(metadata string) (shares.DriveFile, error) {
	file := shares.DriveFile{Metadata: metadata}
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(metadata, ",") {
		name, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if err != nil || seen[name] {
			return file, shares.ErrBadMetadata
		}
		seen[name] = true
		switch name {
		case "path":
			file.Path = string(value)
		case "if-match":
			file.IfMatch = string(value)
		case "if-none-match":
			file.IfNoneMatch = string(value)
		case "modified":
			if file.Modified, err = time.Parse(time.RFC3339, string(value)); err != nil {
				return file, shares.ErrBadMetadata
			}
		}
	}
	return file, nil
}
