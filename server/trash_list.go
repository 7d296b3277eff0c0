package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
)

// maxTrash is how many things one answer lists.
const maxTrash = 500

// trashList lists what was deleted from the account's drive, newest first.
func (s *Server) trashList(c echo.Context) error {
	list, err := s.Drive.Trash(c.Request().Context(), driveHere(c), c.QueryParam("after"), maxTrash)
	if err != nil {
		return driveFault(err)
	}
	answer := trashAnswer{Items: make([]keptAnswer, 0, len(list.Items)), Next: textOrNull(list.Next), Newest: textOrNull(list.Newest), Size: list.Size}
	for i := range list.Items {
		answer.Items = append(answer.Items, answerKept(&list.Items[i]))
	}
	return c.JSON(http.StatusOK, answer)
}

type trashAnswer struct {
	Items  []keptAnswer `json:"items"`
	Next   *string      `json:"next"`
	Newest *string      `json:"newest"`
	Size   int64        `json:"size"`
}

// keptAnswer is something in the trash.
type keptAnswer struct {
	ID     string `json:"id"`
	Path   string `json:"path"`
	At     string `json:"at"`
	Until  string `json:"until"`
	Door   string `json:"door"`
	Device string `json:"device"`
	Folder bool   `json:"folder"`
	Size   *int64 `json:"size"`
}

func answerKept(k *dav.Kept) keptAnswer {
	a := keptAnswer{ID: k.ID, Path: k.Path, At: stamp(k.At), Until: stamp(k.Until), Door: strings.TrimPrefix(k.Door, "/"), Device: k.Device, Folder: k.Folder, Size: &k.Size}
	if k.Folder && k.Size == 0 {
		a.Size = nil // not measured yet, or nothing in it
	}
	return a
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
