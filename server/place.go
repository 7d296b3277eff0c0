package server

import (
	"context"
	"errors"
	"fmt"
	"math"

	"thorpe/dav"
	"thorpe/shares"
)

// OpenStores opens drives and links, in one data folder, and tells each of them what it has to know of the other: shares and dav know nothing of each
// other. It sets Elsewhere, Place and Room. Close the links.
func OpenStores(drives dav.Config, links shares.Config) (*dav.Handler, *shares.Store, error) {
	var store *shares.Store
	drives.Elsewhere = func(ctx context.Context, d dav.Drive) (int64, error) { return store.Taken(ctx, d.ID) }
	drive, err := dav.New(drives)
	if err != nil {
		return nil, nil, err
	}
	links.Place, links.Room = placer(drive), room(drive)
	if store, err = shares.Open(links); err != nil {
		return nil, nil, err
	}
	return drive, store, nil
}

// room returns the function that says how much an account may still send.
func room(drive *dav.Handler) func(context.Context, shares.Owner) (shares.Room, error) {
	return func(ctx context.Context, o shares.Owner) (shares.Room, error) {
		if o.Quota == 0 {
			return shares.Room{Quota: math.MaxInt64, Disk: math.MaxInt64}, nil // a full disk says so by itself
		}
		space, err := drive.Space(ctx, driveOfOwner(o))
		return shares.Room{Quota: max(0, o.Quota-space.Used), Disk: space.Free}, err
	}
}

func driveOfOwner(o shares.Owner) dav.Drive {
	return dav.Drive{ID: o.ID, Name: o.Name, Quota: o.Quota, Device: o.Device}
}

// placer returns the function by which finished uploads reach drives.
func placer(drive *dav.Handler) func(context.Context, shares.Placement) error {
	return func(ctx context.Context, p shares.Placement) error {
		_, err := drive.Place(ctx, driveOfOwner(p.Owner), p.Path, p.From, p.File,
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
