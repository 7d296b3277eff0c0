//go:build darwin || freebsd

package disk

import "golang.org/x/sys/unix"

// FileSystem is the name of the file system that path is on, as the system has it, such as "apfs"; "" where it does not say.
func FileSystem(path string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return ""
	}
	return unix.ByteSliceToString(st.Fstypename[:])
}
