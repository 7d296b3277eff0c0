package dav

import (
	"encoding/xml"
	"strconv"
)

// microsoft is the namespace of the properties that the redirector of Windows sets after each write. Of these, the time of the last modification is the
// file's own; the others are kept as dead properties.
const microsoft = "urn:schemas-microsoft-com:"

var win32Modified = xml.Name{Space: microsoft, Local: "Win32LastModifiedTime"}

// resource is one entry of a PROPFIND's answer.
type resource struct {
	spot  *spot
	root  bool // the drive's own: it has no name
	dead  []dead
	locks lockSet // those that cover it
	x     *exchange
	space *Space // what the account holds, read once a request; nil if it was not asked for
}

// live is a property that the server computes (RFC 4918, 15; RFC 4331).
type live struct {
	name  xml.Name
	all   bool // in the answer to allprop and propname
	value func(b []byte, r *resource) []byte
	has   func(r *resource) bool // nil: always

	open, close, empty string // its tags
}

func init() {
	for i := range liveProperties {
		p := &liveProperties[i]
		prefix, declare := "D:", ""
		if p.name.Space != davSpace {
			prefix, declare = "n:", ` xmlns:n="`+p.name.Space+`"`
		}
		start := prefix + p.name.Local
		p.open, p.close, p.empty = "<"+start+declare+">", "</"+start+">", "<"+start+declare+"/>"
	}
}

func isFile(r *resource) bool { return !r.spot.info.mode.IsDir() }

var liveProperties = []live{
	{name: dav("resourcetype"), all: true, value: func(b []byte, r *resource) []byte {
		if r.spot.info.mode.IsDir() {
			b = append(b, `<D:collection/>`...)
		}
		return b
	}},
	{name: dav("displayname"), all: true, value: func(b []byte, r *resource) []byte {
		if r.root {
			return b
		}
		return appendText(b, r.spot.name)
	}},
	{name: dav("getcontentlength"), all: true, has: isFile, value: func(b []byte, r *resource) []byte {
		return appendInt(b, r.spot.info.size)
	}},
	{name: dav("getcontenttype"), all: true, has: isFile, value: func(b []byte, r *resource) []byte {
		return append(b, contentType(r.spot.name)...)
	}},
	{name: dav("getetag"), all: true, has: isFile, value: func(b []byte, r *resource) []byte {
		return appendETag(b, r.spot.info)
	}},
	{name: dav("getlastmodified"), all: true, value: func(b []byte, r *resource) []byte {
		return appendHTTPTime(b, r.spot.info.modified)
	}},
	// Most file systems do not say when a file was created; the last modification is the best that is known.
	{name: dav("creationdate"), all: true, value: func(b []byte, r *resource) []byte {
		return appendISOTime(b, r.spot.info.modified)
	}},
	{name: dav("supportedlock"), all: true, value: func(b []byte, _ *resource) []byte {
		return append(b, `<D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>`+
			`<D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>`...)
	}},
	{name: dav("lockdiscovery"), all: true, value: func(b []byte, r *resource) []byte {
		for i := range r.locks {
			l := &r.locks[i]
			b = r.x.appendActive(b, l, l.path != r.spot.path || r.spot.isFolder())
		}
		return b
	}},
	{name: win32Modified, value: func(b []byte, r *resource) []byte {
		return appendHTTPTime(b, r.spot.info.modified)
	}},
	// RFC 4331, 3 leaves these out of allprop.
	{name: dav("quota-available-bytes"), has: hasSpace, value: func(b []byte, r *resource) []byte {
		return appendInt(b, r.space.Available)
	}},
	{name: dav("quota-used-bytes"), has: hasSpace, value: func(b []byte, r *resource) []byte {
		return appendInt(b, r.space.Used)
	}},
}

func hasSpace(r *resource) bool { return r.spot.info.mode.IsDir() && r.space != nil }

func dav(local string) xml.Name { return xml.Name{Space: davSpace, Local: local} }

// findLive answers the live property of that name, or nil.
func findLive(name xml.Name) *live {
	for i := range liveProperties {
		if liveProperties[i].name == name {
			return &liveProperties[i]
		}
	}
	return nil
}

// appendLive appends the whole element.
func appendLive(b []byte, p *live, r *resource) []byte {
	start := len(b)
	b = append(b, p.open...)
	inside := len(b)
	if b = p.value(b, r); len(b) == inside {
		return append(b[:start], p.empty...)
	}
	return append(b, p.close...)
}

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }
