package dav

import (
	"encoding/xml"
	"net/http"
)

// query is what a PROPFIND asks for (RFC 4918, 14.20).
type query struct {
	names     []xml.Name // prop, or the include of allprop
	all       bool       // allprop
	onlyNames bool       // propname
}

// maxNames bounds the properties that one request names: each entry of a folder answers for each of them.
const maxNames = 256

// readQuery reads what the request asks for.
func (x *exchange) readQuery() (*query, error) {
	body, err := x.readXML()
	if err != nil {
		return nil, err
	}
	return parseQuery(body)
}

// parseQuery reads a propfind element; an absent body asks for all (9.1).
func parseQuery(e *element) (*query, error) {
	if e == nil {
		return &query{all: true}, nil
	}
	if !e.is("propfind") {
		return nil, status(http.StatusBadRequest)
	}
	q, forms := new(query), 0
	for _, c := range e.elements() {
		switch {
		case c.is("prop"):
			forms++
			q.names = propertyNames(c)
		case c.is("allprop"):
			forms++
			q.all = true
		case c.is("propname"):
			forms++
			q.onlyNames = true
		}
	}
	if forms != 1 {
		return nil, status(http.StatusBadRequest)
	}
	if include := e.child("include"); include != nil {
		if !q.all {
			return nil, status(http.StatusBadRequest)
		}
		q.names = propertyNames(include)
	}
	if len(q.names) > maxNames {
		return nil, status(http.StatusRequestEntityTooLarge)
	}
	return q, nil
}

// propertyNames are the names in a prop element, each once.
func propertyNames(e *element) []xml.Name {
	var names []xml.Name
	seen := map[xml.Name]bool{}
	for _, c := range e.elements() {
		if !seen[c.name] {
			seen[c.name] = true
			names = append(names, c.name)
		}
	}
	return names
}

// wants says whether a live property may be in the answer.
func (q *query) wants(name xml.Name) bool {
	for _, n := range q.names {
		if n == name {
			return true
		}
	}
	return false
}

// wantsDead says whether dead properties can be in the answer.
func (q *query) wantsDead() bool {
	if q.all || q.onlyNames {
		return true
	}
	for _, n := range q.names {
		if findLive(n) == nil {
			return true
		}
	}
	return false
}

// plan is a query made ready for many resources: the live properties to compute, and the names that can only be dead.
type plan struct {
	query *query
	live  []*live
	dead  []xml.Name // asked for by name
}

func newPlan(q *query) *plan {
	p := &plan{query: q}
	for i := range liveProperties {
		if l := &liveProperties[i]; (q.all || q.onlyNames) && l.all {
			p.live = append(p.live, l)
		}
	}
	for _, n := range q.names {
		l := findLive(n)
		switch {
		case l == nil:
			p.dead = append(p.dead, n)
		case !(q.all && l.all):
			p.live = append(p.live, l)
		}
	}
	return p
}

// appendProps appends the propstat elements for one resource: what it has with 200, what was asked for by name and it does not have with 404.
func (p *plan) appendProps(b []byte, r *resource) []byte {
	var missing []xml.Name
	start := len(b)
	b = append(b, `<D:propstat><D:prop>`...)
	empty := len(b)
	for _, l := range p.live {
		switch {
		case l.has != nil && !l.has(r):
			if !p.query.onlyNames && !(p.query.all && l.all) {
				missing = append(missing, l.name)
			}
		case p.query.onlyNames:
			b = appendEmpty(b, l.name)
		default:
			b = appendLive(b, l, r)
		}
	}
	if p.query.all || p.query.onlyNames {
		windows := false
		for _, d := range r.dead {
			windows = windows || d.name.Space == microsoft
			if p.query.onlyNames {
				b = appendEmpty(b, d.name)
			} else {
				b = append(b, d.xml...)
			}
		}
		// Explorer asks for allprop and takes the times that it set from its own properties: what it has touched shows all of them.
		if windows && !p.query.wants(win32Modified) {
			b = p.appendModified(b, r)
		}
	}
	for _, n := range p.dead {
		found := false
		for _, d := range r.dead {
			if found = d.name == n; found {
				if !p.query.all {
					b = append(b, d.xml...)
				}
				break
			}
		}
		if !found {
			missing = append(missing, n)
		}
	}
	if len(b) == empty && len(missing) > 0 {
		b = b[:start]
	} else {
		b = append(b, `</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>`...)
	}
	return appendMissing(b, missing)
}

// appendMissing appends the propstat element of what was asked for by name and is not there, if there is any.
func appendMissing(b []byte, missing []xml.Name) []byte {
	if len(missing) == 0 {
		return b
	}
	b = append(b, `<D:propstat><D:prop>`...)
	for _, n := range missing {
		b = appendEmpty(b, n)
	}
	return append(b, `</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>`...)
}

func (p *plan) appendModified(b []byte, r *resource) []byte {
	if p.query.onlyNames {
		return appendEmpty(b, win32Modified)
	}
	return appendLive(b, findLive(win32Modified), r)
}
