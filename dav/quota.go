package dav

import (
	"context"
	"fmt"
)

// Space is what a drive's account holds, and what it may still take, in bytes (RFC 4331).
type Space struct {
	Used      int64 // the drive's files, and what Config.Elsewhere counts
	Available int64 // what is left of the quota, and never more than the disk has free
}

// Space answers for drive d; d.Quota is in force.
func (h *Handler) Space(ctx context.Context, d Drive) (Space, error) {
	root, err := h.data.Open(".")
	if err != nil {
		return Space{}, fmt.Errorf("asking for space: %w", err)
	}
	defer root.Close()
	available, used, err := freeSpace(root)
	if err != nil {
		return Space{}, fmt.Errorf("asking for space: %w", err)
	}
	return Space{Used: int64(used), Available: int64(available)}, nil
}
