package dav

import "golang.org/x/sys/windows"

// freeSpace answers the bytes that the folder's disk has left for us.
func freeSpace(d *folder) (available uint64, err error) {
	path, err := windows.UTF16PtrFromString(d.root.Name())
	if err != nil {
		return 0, err
	}
	err = windows.GetDiskFreeSpaceEx(path, &available, nil, nil)
	return available, err
}
