package shares

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// made are the objects that running requests make, which no row may name yet.
type made struct {
	mu    sync.Mutex
	names map[objectName]bool
}

func (m *made) add(name objectName) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.names[name] = true
}

func (m *made) remove(names []objectName) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		delete(m.names, name)
	}
}

func (m *made) has(name objectName) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.names[name]
}

// sweepOrphans removes objects that no row names and no request is making. What is on the disk is gone through one by one, so
// that many objects take no memory.
func (s *Store) sweepOrphans(ctx context.Context) error {
	isNamed, err := s.db.PrepareContext(ctx, namedObject)
	if err != nil {
		return fmt.Errorf("looking for orphaned objects: %w", err)
	}
	defer isNamed.Close()
	for _, use := range []Use{ForLink, ForDrive} {
		for name, err := range s.objectsOf(use).all(ctx) {
			if err != nil {
				return err
			}
			// In this order: what a request makes has its row, or is gone, before it ceases to be in made.
			if s.made.has(name) {
				continue
			}
			var named bool
			if err := isNamed.QueryRowContext(ctx, sql.Named("name", name[:])).Scan(&named); err != nil {
				return fmt.Errorf("looking for orphaned objects: %w", err)
			}
			if !named {
				s.log.Info("swept an object that nothing names", "use", use, "object", name.String())
				s.discard(use, name)
			}
		}
	}
	return nil
}

// namedObject says whether a row names an object.
const namedObject = `
	SELECT EXISTS (SELECT 1 FROM links WHERE manifest = :name AND coalesce(stopped, '') <> 'removed')
		OR EXISTS (SELECT 1 FROM links WHERE content = :name AND coalesce(stopped, '') <> 'removed')
		OR EXISTS (SELECT 1 FROM uploads WHERE object = :name AND placed = 0)`
