package dav

import (
	"net/http"
	"strings"
)

// depth is how far a request reaches (RFC 4918, 10.2).
type depth int

const (
	depthZero     depth = iota // the resource itself
	depthOne                   // and its members
	depthInfinity              // and all below
)

// readDepth reads the Depth header; absent is what none means, which each method says for itself. Anything but the three values, or more than one: 400.
func readDepth(head http.Header, absent depth) (depth, error) {
	values := head.Values("Depth")
	if len(values) == 0 {
		return absent, nil
	}
	if len(values) == 1 {
		switch strings.ToLower(values[0]) {
		case "0":
			return depthZero, nil
		case "1":
			return depthOne, nil
		case "infinity":
			return depthInfinity, nil
		}
	}
	return 0, status(http.StatusBadRequest)
}
