package dav

import (
	"strconv"
	"strings"
)

// maxRanges bounds the parts of one answer.
const maxRanges = 32

// understoodRange says whether a Range header may go to [http.ServeContent]. A server ignores the others (RFC 9110, 14.2): other units, malformed ones, too many ranges, and an
// empty suffix, for which net/http would answer a range that ends before it begins.
func understoodRange(header string) bool {
	list, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Count(list, ",") >= maxRanges {
		return false
	}
	for r := range strings.SplitSeq(list, ",") {
		first, last, ok := strings.Cut(strings.Trim(r, " \t"), "-")
		if !ok || first == "" && strings.Trim(last, "0") == "" || !digits(first) || !digits(last) {
			return false
		}
		if first != "" && last != "" && number(first) > number(last) {
			return false
		}
	}
	return true
}

// number of at most 18 digits.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) <= 18
}
