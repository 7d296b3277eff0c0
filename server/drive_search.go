package server

import (
	"github.com/labstack/echo/v4"

	"thorpe/dav"
)

// foundAnswer is a file or folder in an answer.
type foundAnswer struct {
	Path     string `json:"path"`
	Folder   bool   `json:"folder"`
	Size     int64  `json:"size"`
	Modified string `json:"modified"`
	Changed  string `json:"changed"`
	ETag     string `json:"etag"`
}

func answerFound(f dav.Found) foundAnswer {
	return foundAnswer{f.Path, f.Folder, f.Size, stamp(f.Modified), stamp(f.Changed), f.ETag}
}

// driveSearch finds files and folders by their names, and tells them one a line as it finds them. The last line says that it is the end: without it, the search broke off.
func (s *Server) driveSearch(c echo.Context) error {
	err := answerLines(c, func(tell func(line any) error) (any, error) {
		search, err := s.Drive.Find(c.Request().Context(), driveHere(c), c.QueryParam("in"), c.QueryParam("name"), func(f dav.Found) error {
			return tell(answerFound(f))
		})
		return struct {
			End      bool `json:"end"`
			Complete bool `json:"complete"`
			Seen     int  `json:"seen"`
		}{true, search.Complete, search.Seen}, err
	})
	return walkFault(err)
}
