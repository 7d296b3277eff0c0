//go:build unix

package disk

import "golang.org/x/sys/unix"

// Space is how many bytes the file system has that path is on, and how many it has left for us.
func Space(path string) (size, free uint64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return 0, 0, err
	}
	return uint64(st.Blocks) * uint64(st.Bsize), uint64(st.Bavail) * uint64(st.Bsize), nil
}
