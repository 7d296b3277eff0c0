//go:build unix

package accounts

import "golang.org/x/sys/unix"

// mapWALIndex answers the first page of the file as shared memory, or nil.
//
// Its descriptor is never closed: that would end the locks that SQLite has on the same file in this process (fcntl(2), "advisory record locks").
func mapWALIndex(path string) []byte {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Size < int64(unix.Getpagesize()) {
		return nil
	}
	index, err := unix.Mmap(fd, 0, unix.Getpagesize(), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	return index
}
