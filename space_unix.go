//go:build unix

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// space returns how many bytes are free, to us, on the disk of the data folder.
func (d *dataFolder) space() (int64, error) {
	folder, err := d.root.Open(".")
	if err != nil {
		return 0, err
	}
	defer folder.Close()
	var stat unix.Statfs_t
	if err := unix.Fstatfs(int(folder.Fd()), &stat); err != nil {
		return 0, fmt.Errorf("asking for free space: %w", err)
	}
	return int64(stat.Bavail) * int64(stat.Bsize), nil
}
