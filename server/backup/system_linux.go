package backup

import (
	"os"

	"golang.org/x/sys/unix"
)

// clone makes one file of another by sharing its blocks, where the file system can: each gets its own when one of them is written to.
func clone(to, from *os.File) error { return unix.IoctlFileClone(int(to.Fd()), int(from.Fd())) }

// forget has what is read next come from the disk. What is not written yet stays in memory, so it follows a sync.
func forget(f *os.File) { unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }

// syncAll has the file system write everything, and answers true: that is quicker than file by file.
func syncAll(root *os.Root) (bool, error) {
	f, err := root.Open(".")
	if err != nil {
		return false, err
	}
	defer f.Close()
	return true, unix.Syncfs(int(f.Fd()))
}

// syncFile is left to syncAll.
func syncFile(*os.File) error { return nil }
