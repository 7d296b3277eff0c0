//go:build !linux

package dav

import (
	"errors"
	"os"
)

func freeSpace(*os.File) (available, used uint64, err error) { return 0, 0, errors.ErrUnsupported }
