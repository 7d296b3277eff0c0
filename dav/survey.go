package dav

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// There is no index of a drive's files: they also change from outside, and a list of them that is not true would be worse than none. What has to know all of them walks,
// within these bounds; where it meets one, its answer says that it is not complete.
const (
	maxSeen    = 2_000_000 // entries
	maxLeft    = 100_000   // folders that are waited for
	surveyTime = 20 * time.Second
)

// survey is one walk over a folder of a drive and all that lies below. It follows no links, and passes over what WebDAV does not show.
type survey struct {
	seen     int  // entries
	complete bool // no bound was met

	ctx   context.Context
	until time.Time
	most  int // entries
	at    string
	left  []string
}

// errEnough ends a walk.
var errEnough = errors.New("enough was seen")

// walk calls read for each folder, at its path, with what it returns through: every entry that it reads goes to count, every folder to enter.
func (h *Handler) walk(ctx context.Context, d Drive, in string, read func(s *survey, dir *folder) error) (*survey, error) {
	name, err := splitFolder(in)
	if err != nil {
		return nil, err
	}
	t, err := h.openTree(d)
	if err != nil {
		return nil, err
	}
	defer t.close()
	_, at, err := t.folder(name)
	if err != nil {
		return nil, err
	}
	s := &survey{ctx: ctx, until: time.Now().Add(surveyTime), most: h.maxSeen, complete: true, left: []string{at}}
	w := walker{root: t.root}
	defer w.close()
	for len(s.left) > 0 {
		s.at = s.left[len(s.left)-1]
		s.left = s.left[:len(s.left)-1]
		dir, err := w.folder(s.at)
		if notHere(err) || errors.Is(err, fs.ErrPermission) {
			continue // gone since, or closed to us from outside
		}
		if err == nil {
			err = read(s, dir)
		}
		if errors.Is(err, errEnough) {
			s.complete = false
			break
		}
		if err != nil {
			return nil, fmt.Errorf("walking over a drive: %w", err)
		}
	}
	return s, nil
}

// count counts an entry, and says when to end.
func (s *survey) count() error {
	if s.seen++; s.seen > s.most {
		return errEnough
	}
	if s.seen%256 == 0 {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(s.until) {
			return errEnough
		}
	}
	return nil
}

// path is that of an entry of the folder that is read.
func (s *survey) path(name string) string { return joinPath(s.at, name) }

// enter has a folder read later.
func (s *survey) enter(name string) {
	if len(s.left) == maxLeft || len(s.at)+1+len(name) > maxPath {
		s.complete = false
		return
	}
	s.left = append(s.left, s.path(name))
}

// Sizes is what lies below a folder.
type Sizes struct {
	Bytes          int64 // of its files
	Files, Folders int   // without itself
	Complete       bool  // nothing was left out for lack of time
}

// SizeOf adds up what lies below a folder, whose decoded path is in, "" for the drive itself. [ErrNoParent] if it is not there, [ErrInvalidName].
func (h *Handler) SizeOf(ctx context.Context, d Drive, in string) (Sizes, error) {
	var sum Sizes
	s, err := h.walk(ctx, d, in, func(s *survey, dir *folder) error {
		return dir.each(func(e *stat) error {
			if err := s.count(); err != nil {
				return err
			}
			switch {
			case e.mode.IsRegular():
				sum.Files++
				sum.Bytes += e.size
			case e.mode.IsDir():
				sum.Folders++
				s.enter(e.name)
			}
			return nil
		})
	})
	if err != nil {
		return Sizes{}, err
	}
	sum.Complete = s.complete
	return sum, nil
}
