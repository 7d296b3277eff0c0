package server

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"sync"

	"github.com/labstack/echo/v4"
)

// sourcePath is where every page's "Source" leads.
const sourcePath = "/source.tar.gz"

// packed returns a function that gives files as an archive, in one folder. It packs at the first call, and the same files always to
// the same bytes.
func packed(files fs.FS) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) { return pack(files) })
}

func pack(files fs.FS) ([]byte, error) {
	var archive bytes.Buffer
	compressed := gzip.NewWriter(&archive)
	writer := tar.NewWriter(compressed)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: path.Join("thorpe", name), Size: int64(len(content)), Mode: 0o644, Format: tar.FormatPAX}
		if bytes.HasPrefix(content, []byte("#!")) {
			header.Mode = 0o755
		}
		if err := writer.WriteHeader(header); err != nil {
			return err
		}
		_, err = writer.Write(content)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("packing the source: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("packing the source: %w", err)
	}
	if err := compressed.Close(); err != nil {
		return nil, fmt.Errorf("packing the source: %w", err)
	}
	return archive.Bytes(), nil
}

// sourceShow answers with the source of this program.
func (s *Server) sourceShow(c echo.Context) error {
	archive, err := s.source()
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="thorpe-source.tar.gz"`)
	return c.Blob(http.StatusOK, "application/gzip", archive)
}
