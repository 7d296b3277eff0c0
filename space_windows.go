package main

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// space returns how many bytes are free, to us, on the disk of the data folder.
func (d *dataFolder) space() (int64, error) {
	path, err := windows.UTF16PtrFromString(d.root.Name())
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(path, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("asking for free space: %w", err)
	}
	return int64(free), nil
}
