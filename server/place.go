package server

import (
	"context"
	"errors"
	"fmt"

	"thorpe/dav"
	"thorpe/shares"
)

// Placer returns the function by which finished uploads reach drives: shares and dav know nothing of each other.
func Placer(drive *dav.Handler) func(context.Context, shares.Placement) error {
	return func(ctx context.Context, p shares.Placement) error {
		_, err := drive.Place(ctx, dav.Drive{ID: p.Owner.ID, Name: p.Owner.Name}, p.Path, p.From, p.File,
			dav.Condition{IfMatch: p.IfMatch, IfNoneMatch: p.IfNoneMatch}, p.Modified)
		for _, known := range []struct{ is, becomes error }{
			{dav.ErrPrecondition, shares.ErrPrecondition},
			{dav.ErrNoParent, shares.ErrNoParent},
			{dav.ErrInvalidName, shares.ErrBadPath},
			{dav.ErrIsCollection, shares.ErrPrecondition},
			{dav.ErrLocked, shares.ErrLocked},
			{dav.ErrNoSpace, shares.ErrNoSpace},
		} {
			if errors.Is(err, known.is) {
				return fmt.Errorf("%w: %w", known.becomes, err)
			}
		}
		return err
	}
}
