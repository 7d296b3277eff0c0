package main

import "golang.org/x/sys/windows"

// diskSpace is how many bytes the file system has that path is on, and how many it has left for us.
func diskSpace(path string) (size, free uint64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, 0, err
	}
	err = windows.GetDiskFreeSpaceEx(name, &free, &size, nil)
	return size, free, err
}
