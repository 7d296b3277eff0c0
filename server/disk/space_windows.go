package disk

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// Space is how many bytes the file system has that path is on, and how many it has left for us.
func Space(path string) (size, free uint64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, 0, err
	}
	err = windows.GetDiskFreeSpaceEx(name, &free, &size, nil)
	return size, free, err
}

// FileSystem is the name of the file system that path is on, as the system has it, such as "NTFS"; "" where it does not say.
func FileSystem(path string) string {
	whole, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	name, err := windows.UTF16PtrFromString(filepath.VolumeName(whole) + `\`)
	if err != nil {
		return ""
	}
	var found [64]uint16
	if err := windows.GetVolumeInformation(name, nil, 0, nil, nil, nil, &found[0], uint32(len(found))); err != nil {
		return ""
	}
	return windows.UTF16ToString(found[:])
}
