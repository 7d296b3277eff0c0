package dav

import (
	"net/http"
	"strings"
	"time"
)

// Condition is what must hold for [Handler.Place]: ETag lists as in the headers If-Match and If-None-Match (RFC 9110, 13.1), or empty.
type Condition struct {
	IfMatch     string
	IfNoneMatch string
}

// holds judges the conditions against what stands at s. For a folder only "*" can match.
func (c Condition) holds(s *spot) bool {
	current := ""
	if s.isFile() {
		current = etag(s.info)
	}
	if c.IfMatch != "" && !matches(c.IfMatch, s.exists(), current, true) {
		return false
	}
	return c.IfNoneMatch == "" || !matches(c.IfNoneMatch, s.exists(), current, false)
}

// matches says whether a list of entity tags names the current one. Ours are strong; strong comparison does not take a weak one for it.
func matches(list string, exists bool, current string, strong bool) bool {
	if strings.TrimSpace(list) == "*" {
		return exists
	}
	if current == "" {
		return false
	}
	for list != "" {
		list = strings.TrimLeft(list, " \t,")
		tag, weak := strings.CutPrefix(list, "W/")
		if !strings.HasPrefix(tag, `"`) {
			return false
		}
		end := strings.IndexByte(tag[1:], '"')
		if end < 0 {
			return false
		}
		if tag[:end+2] == current && !(weak && strong) {
			return true
		}
		list = tag[end+2:]
	}
	return false
}

// judge judges all that a request which changes s makes a condition: its preconditions, and then its If header. It answers the lock tokens that the client submits.
func (x *exchange) judge(s *spot) (submitted map[string]bool, err error) {
	if err := x.checkConditions(s); err != nil {
		return nil, err
	}
	submitted = map[string]bool{}
	return submitted, x.checkIf(s, submitted)
}

// checkConditions judges the request's own preconditions (RFC 9110, 13.2.2) for a method that changes s: 412 if one fails.
func (x *exchange) checkConditions(s *spot) error {
	head := x.r.Header
	c := Condition{strings.Join(head.Values("If-Match"), ","), strings.Join(head.Values("If-None-Match"), ",")}
	if !c.holds(s) {
		return told(http.StatusPreconditionFailed, sayChanged)
	}
	if since := head.Get("If-Unmodified-Since"); since != "" && c.IfMatch == "" && s.exists() {
		t, err := http.ParseTime(since)
		if err == nil && s.info.ModTime().Truncate(time.Second).After(t) {
			return told(http.StatusPreconditionFailed, sayChanged)
		}
	}
	return nil
}
