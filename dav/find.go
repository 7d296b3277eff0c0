package dav

import (
	"container/heap"
	"context"
	"io/fs"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Found is a file or folder that a search has found.
type Found struct {
	Path     string
	Folder   bool
	Size     int64 // bytes; 0 of a folder
	Modified time.Time
	Changed  time.Time // when it was added to the drive or changed last: a move, a new name and a restoration are neither. See changedAt
	ETag     string
}

func (s *survey) found(dir *folder, e *stat) Found {
	f := Found{Path: s.path(e.name), Folder: e.mode.IsDir(), Modified: e.modified, Changed: changedAt(dir, e), ETag: etag(e)}
	if !f.Folder {
		f.Size = e.size
	}
	return f
}

// changedAt is when a file came to be, or was written last, whichever is later: an old photo that was uploaded today is of today, though its own time says that it is old.
// Where the system does not know when a file came to be, it is when anything of it changed, its name too. A time of its own in the future counts for nothing.
func changedAt(dir *folder, e *stat) time.Time {
	if e.changed == 0 {
		return e.modified
	}
	last := touchedAt(e)
	born, known := dir.born(e.name)
	switch {
	case !known || born.After(last):
		return last
	case e.modified.After(last), born.After(e.modified):
		return born
	}
	return e.modified
}

// touchedAt is when anything of a file changed, its name too: it is never before changedAt.
func touchedAt(e *stat) time.Time {
	if e.changed == 0 {
		return e.modified
	}
	return time.Unix(0, e.changed)
}

// Bounds of a search.
const (
	maxQuery = 256 // bytes
	maxWords = 8
	// MaxFound is how much a search finds at most.
	MaxFound = 500
)

// Search says how a search ended.
type Search struct {
	Seen     int  // files and folders
	Complete bool // all were looked at, and nothing was left out
}

// Find calls see with each file and folder below a folder, in no order, whose name has every word of text in it, whatever its case and however its letters are composed.
// in is the folder's decoded path, "" for the drive itself. What [IsHidden] is left out. see must not wait: its error ends the search and is answered.
//
// [ErrNoParent] if the folder is not there. [ErrInvalidName] if it is no path, or if text has no word, more than 8, or more than 256 bytes.
func (h *Handler) Find(ctx context.Context, d Drive, in, text string, see func(Found) error) (Search, error) {
	words := strings.Fields(foldName(text))
	if len(text) > maxQuery || len(words) == 0 || len(words) > maxWords {
		return Search{}, ErrInvalidName
	}
	found := 0
	s, err := h.walk(ctx, d, in, func(s *survey, dir *folder) error {
		return dir.kinds(func(name string, kind fs.FileMode) error {
			if err := s.count(); err != nil {
				return err
			}
			folder := kind.IsDir()
			if !folder && !kind.IsRegular() || IsHidden(name, folder) || !validPart(name) {
				return nil
			}
			if folder {
				s.enter(name)
			}
			folded := foldName(name)
			if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(folded, word) }) {
				return nil
			}
			e, err := dir.lstat(name)
			if err != nil {
				return unlessGone(err)
			}
			if !e.isResource() {
				return nil // it took another's place this moment
			}
			if found == MaxFound {
				return errEnough
			}
			found++
			return see(s.found(dir, e))
		})
	})
	if err != nil {
		return Search{}, err
	}
	return Search{s.seen, s.complete}, nil
}

// foldName makes names comparable: whatever their case, also of letters that have more than two forms (σ and ς, ß and SS), and however their accents are written.
func foldName(name string) string {
	if isASCII(name) {
		return strings.ToLower(name)
	}
	return strings.ReplaceAll(strings.ToLower(strings.ToUpper(norm.NFC.String(name))), "ß", "ss")
}

// MaxRecent is how many files [Handler.Recent] answers at most.
const MaxRecent = 100

// Recent answers the files of a drive that were added or changed last, newest first, and whether all were looked at. An old photo that was uploaded today is among them,
// though it says that it is old; what was only moved, renamed or restored is not, nor what [IsHidden].
func (h *Handler) Recent(ctx context.Context, d Drive) ([]Found, bool, error) {
	var newest latest
	s, err := h.walk(ctx, d, "", func(s *survey, dir *folder) error {
		return dir.each(func(e *stat) error {
			if err := s.count(); err != nil {
				return err
			}
			switch {
			case !validPart(e.name):
			case e.mode.IsDir():
				s.enter(e.name)
			case e.mode.IsRegular() && !IsHidden(e.name, false):
				newest.see(s, dir, e)
			}
			return nil
		})
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortFunc(newest, func(a, b Found) int { return b.Changed.Compare(a.Changed) })
	return newest, s.complete, nil
}

// latest is a heap of the files that were added or changed last, with the oldest of them on top.
type latest []Found

func (l latest) Len() int           { return len(l) }
func (l latest) Less(i, j int) bool { return l[i].Changed.Before(l[j].Changed) }
func (l latest) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *latest) Push(f any)        { *l = append(*l, f.(Found)) }
func (l *latest) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

func (l *latest) see(s *survey, dir *folder, e *stat) {
	full := len(*l) == MaxRecent
	if full && !touchedAt(e).After((*l)[0].Changed) {
		return
	}
	f := s.found(dir, e)
	if full {
		if !f.Changed.After((*l)[0].Changed) {
			return
		}
		heap.Pop(l)
	}
	heap.Push(l, f)
}
