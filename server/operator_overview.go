package server

import (
	"net/http"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/server/disk"
	"thorpe/server/history"
)

// Certificate is what the server shows by TLS.
type Certificate struct {
	By    string    // who sees to it: "files", "acme" or "local-ca"
	Until time.Time // zero: there is none yet. Of a local authority it is the authority's end: its certificates are made anew by themselves
}

// operatorOverview tells what runs here, on what, and when it was last looked after.
func (s *Server) operatorOverview(c echo.Context) error {
	backups, err := s.History.Backups(c.Request().Context())
	if err != nil {
		return err
	}
	fileSystem := disk.FileSystem(s.Data)
	answer := map[string]any{
		"version": s.Version, "go": runtime.Version(), "system": runtime.GOOS + "/" + runtime.GOARCH, "source": s.at(sourcePath), "started": stamp(s.started),
		"file_system": fileSystem, "file_system_kind": disk.KindOf(fileSystem),
		"certificate": s.answerCertificate(), "backup": answerBackup(backups.Made), "backup_check": answerCheck(backups.Check), "backup_failed": stampUnlessZero(backups.Failed),
	}
	sweeps, counted := s.Shares.Sweeps(), s.Drive.Counted()
	answer["sweeps"] = map[string]any{"last": stampUnlessZero(sweeps.Last), "done": sweeps.Done, "failed": sweeps.Failed}
	answer["counted"] = map[string]any{"last": stampUnlessZero(counted.Last), "drives": counted.Drives}
	return c.JSON(http.StatusOK, answer)
}

func (s *Server) answerCertificate() any {
	if s.Certificate == nil {
		return nil
	}
	shown := s.Certificate()
	return map[string]any{"by": shown.By, "until": stampUnlessZero(shown.Until)}
}

func answerBackup(b *history.Backup) any {
	if b == nil {
		return nil
	}
	return map[string]any{"at": stamp(b.At), "name": b.Name, "files": b.Files, "bytes": b.Bytes, "unread": b.Unread, "lost": b.Lost}
}

func answerCheck(c *history.Check) any {
	if c == nil {
		return nil
	}
	return map[string]any{"at": stamp(c.At), "name": c.Name, "damaged": c.Damaged}
}
