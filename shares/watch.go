package shares

import (
	"context"
	"errors"
	"time"
)

// watchInterval is how often running downloads are looked after: so long they may go on after a command took their link down.
const watchInterval = 2 * time.Second

// watchDownloads cuts the downloads of links that a program beside the server has taken down. It asks nothing while nobody downloads.
func (s *Store) watchDownloads(ctx context.Context) {
	s.every(ctx, watchInterval, "looking after downloads", s.cutStopped)
}

// cutStopped cuts what may not go on, whether or not a ticket holds.
func (s *Store) cutStopped(ctx context.Context) error {
	for _, id := range s.downloads.links() {
		l, err := findFetchable(ctx, s.db, id)
		gone, isGone := errors.AsType[*GoneError](err)
		switch {
		case isGone:
			s.downloads.cut(id, gone)
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return err
		default:
			if gone := l.gone(s.now()); gone != nil && (gone.Reason == StateRemoved || gone.Reason == StatePaused) {
				s.downloads.cut(id, gone)
			}
		}
	}
	return nil
}

// links are those that are being downloaded.
func (d *downloads) links() []ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	ids := make([]ID, 0, len(d.running))
	for id := range d.running {
		ids = append(ids, id)
	}
	return ids
}
