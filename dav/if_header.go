package dav

import (
	"net/http"
	"net/url"
	"strings"
)

// The If header (RFC 4918, 10.4). x/net/webdav has a parser too, but it skips lists tagged with a path alone, knows no "Not", and with a tag on one
// resource forgets the locks on another; so it never sees this header here.

// ifList is a list of conditions that must all hold, for one resource.
type ifList struct {
	tag        string // URI or path of the resource; empty for the one that the request is about
	conditions []ifCondition
}

// ifCondition is one state token or one entity tag.
type ifCondition struct {
	not         bool
	token, etag string // one of them is empty
}

// maxIfLists bounds the lists of one header: each may ask for another resource.
const maxIfLists = 64

// parseIf answers the header's lists, or false if it is malformed or too long.
func parseIf(s string) (lists []ifList, ok bool) {
	tag, untagged, fresh := "", false, false
	for {
		s = strings.TrimLeft(s, " \t")
		switch {
		case s == "":
			return lists, len(lists) > 0 && !fresh
		case s[0] == '<':
			if untagged || fresh { // the two forms cannot be mixed, and a tag needs a list
				return nil, false
			}
			if tag, s, ok = enclosed(s); !ok || tag == "" {
				return nil, false
			}
			fresh = true
		case s[0] == '(':
			untagged, fresh = tag == "", false
			if len(lists) == maxIfLists {
				return nil, false
			}
			list := ifList{tag: tag}
			if list.conditions, s, ok = parseIfList(s[1:]); !ok {
				return nil, false
			}
			lists = append(lists, list)
		default:
			return nil, false
		}
	}
}

// parseIfList parses what follows an opening parenthesis, up to and with the closing one.
func parseIfList(s string) (conditions []ifCondition, rest string, ok bool) {
	var c ifCondition
	for {
		s = strings.TrimLeft(s, " \t")
		switch {
		case s == "":
			return nil, "", false
		case s[0] == ')':
			return conditions, s[1:], len(conditions) > 0 && !c.not
		case !c.not && len(s) >= 3 && strings.EqualFold(s[:3], "not"):
			c.not, s = true, s[3:]
			continue
		case s[0] == '<':
			if c.token, s, ok = enclosed(s); !ok || c.token == "" {
				return nil, "", false
			}
		case s[0] == '[':
			if c.etag, s, ok = enclosedTag(s); !ok {
				return nil, "", false
			}
		default:
			return nil, "", false
		}
		conditions = append(conditions, c)
		c = ifCondition{}
	}
}

// enclosed cuts <...> off the front.
func enclosed(s string) (inside, rest string, ok bool) {
	return strings.Cut(s[1:], ">")
}

// enclosedTag cuts ["..."] or [W/"..."] off the front; a bracket may stand in an entity tag (RFC 9110, 8.8.3).
func enclosedTag(s string) (tag, rest string, ok bool) {
	quoted := strings.TrimPrefix(s[1:], "W/")
	if !strings.HasPrefix(quoted, `"`) {
		return "", "", false
	}
	end := strings.IndexByte(quoted[1:], '"')
	if end < 0 || !strings.HasPrefix(quoted[end+2:], "]") {
		return "", "", false
	}
	rest = quoted[end+3:]
	return s[1 : len(s)-len(rest)-1], rest, true
}

// checkIf judges the If header for a request about s. submitted, where not nil, collects the tokens that the client shows it knows: a token is submitted by
// standing in the header, in whichever list (10.4.1), but not by standing behind "Not". One in Lock-Token counts too: Word 2016 shows it there with PUT,
// and whoever holds it could as well put it into If.
func (x *exchange) checkIf(s *spot, submitted map[string]bool) error {
	if token, ok := lockToken(x.r); ok && submitted != nil {
		submitted[token] = true
	}
	values := x.r.Header.Values("If")
	if len(values) == 0 {
		return nil
	}
	lists, ok := parseIf(strings.Join(values, " "))
	if !ok {
		return status(http.StatusBadRequest)
	}
	locks, err := x.h.liveLocks(x.r.Context(), x.drive)
	if err != nil {
		return err
	}
	held := false
	for _, list := range lists {
		about, err := x.tagged(list.tag, s)
		if err != nil {
			return err
		}
		all := true
		for _, c := range list.conditions {
			if c.token != "" && !c.not && submitted != nil {
				submitted[c.token] = true
			}
			all = all && about.meets(c, locks) != c.not
		}
		held = held || all
	}
	if !held {
		return told(http.StatusPreconditionFailed, sayChanged)
	}
	return nil
}

// tagged finds the resource that a list is about. A URI that is not on this server, or not below this door, is a resource that has no state here.
func (x *exchange) tagged(tag string, s *spot) (*ifResource, error) {
	if tag == "" {
		return &ifResource{spot: s}, nil
	}
	u, err := url.Parse(tag)
	if err != nil || !strings.HasPrefix(u.Path, "/") {
		return nil, status(http.StatusBadRequest)
	}
	if !x.ours(u) {
		return &ifResource{}, nil
	}
	name, err := requestName(u, x.prefix)
	if err != nil {
		if asFailure(err).status == http.StatusNotFound {
			return &ifResource{}, nil
		}
		return nil, err
	}
	about, err := x.tree.find(name)
	if err != nil {
		return &ifResource{}, nil
	}
	return &ifResource{spot: about}, nil
}

// ifResource is what a list is about; without a spot it is nothing of ours, and meets nothing.
type ifResource struct{ spot *spot }

func (r *ifResource) meets(c ifCondition, locks lockSet) bool {
	if r.spot == nil {
		return false
	}
	if c.etag != "" {
		return r.spot.isFile() && c.etag == etag(r.spot.info)
	}
	for _, l := range locks {
		if l.token == c.token && l.covers(r.spot.path) {
			return true
		}
	}
	return false
}
