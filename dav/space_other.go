//go:build !linux

package dav

import "errors"

func freeSpace(*folder) (available uint64, err error) { return 0, errors.ErrUnsupported }
