package dav

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on XML bodies, checked before and while parsing.
const (
	maxXML      = 64 << 10 // bytes
	maxXMLDepth = 64       // elements inside each other
	maxInForce  = 4 << 10  // bytes of namespaces and language that hold for one element, with inForceEach for each prefix: what is kept of it repeats them
	inForceEach = 32
)

const (
	davSpace = "DAV:"
	xmlSpace = "http://www.w3.org/XML/1998/namespace"
)

// element is a parsed XML element. Comments and processing instructions are left out (RFC 4918, 4.3 and 17).
type element struct {
	name     xml.Name
	prefix   string
	attrs    []attribute
	scope    map[string]string // the prefixes declared here and above, "" is the default; shared between elements that declare none
	lang     string            // xml:lang in force here
	inForce  int               // what scope and lang count against maxInForce
	children []*element        // in order; text stands between them as elements without a name
	text     string
}

type attribute struct {
	prefix, local, value string
}

func (e *element) is(local string) bool { return e.name.Space == davSpace && e.name.Local == local }

// child answers the first child element of that name in DAV:, or nil.
func (e *element) child(local string) *element {
	for _, c := range e.children {
		if c.is(local) {
			return c
		}
	}
	return nil
}

// elements answers the children that are not text.
func (e *element) elements() []*element {
	var found []*element
	for _, c := range e.children {
		if c.name.Local != "" {
			found = append(found, c)
		}
	}
	return found
}

// content is the text right inside e.
func (e *element) content() string {
	var b strings.Builder
	for _, c := range e.children {
		b.WriteString(c.text)
	}
	return b.String()
}

var errXML = errors.New("not well-formed XML, or more than is taken")

// readXML reads a request's body whole and parses it. An empty body answers nil. Too long: 413; anything but namespace-well-formed XML in UTF-8 without a
// document type: 400.
func (x *exchange) readXML() (*element, error) {
	if x.r.ContentLength > maxXML {
		return nil, status(http.StatusRequestEntityTooLarge)
	}
	body, err := io.ReadAll(io.LimitReader(x.body(), maxXML+1))
	if err != nil {
		return nil, bodyError(err)
	}
	if len(body) > maxXML {
		return nil, status(http.StatusRequestEntityTooLarge)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	root, err := parseXML(body)
	if err != nil {
		return nil, because(http.StatusBadRequest, err)
	}
	return root, nil
}

// parseXML parses a document. Unlike encoding/xml alone it refuses prefixes that are not declared, attributes that stand twice and document types, and it
// bounds the depth and what is in force; so whatever it takes can be written again as well-formed XML.
func parseXML(body []byte) (*element, error) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !utf8.Valid(body) {
		return nil, errXML
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	var root *element
	var open []*element
	for first := true; ; first = false {
		token, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.Directive:
			return nil, errXML
		case xml.ProcInst:
			if strings.EqualFold(token.Target, "xml") && !first {
				return nil, errXML
			}
		case xml.StartElement:
			if root != nil && len(open) == 0 || len(open) == maxXMLDepth {
				return nil, errXML
			}
			var parent *element
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			e, err := newElement(token, parent)
			if err != nil {
				return nil, err
			}
			if parent == nil {
				root = e
			} else {
				parent.children = append(parent.children, e)
			}
			open = append(open, e)
		case xml.EndElement:
			if len(open) == 0 {
				return nil, errXML
			}
			e := open[len(open)-1]
			if token.Name.Space != e.prefix || token.Name.Local != e.name.Local {
				return nil, errXML
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				e := open[len(open)-1]
				e.children = append(e.children, &element{text: string(token)})
			} else if len(bytes.TrimSpace(token)) > 0 {
				return nil, errXML
			}
		}
	}
	if root == nil || len(open) > 0 {
		return nil, errXML
	}
	return root, nil
}

// newElement resolves a start tag's prefixes.
func newElement(token xml.StartElement, parent *element) (*element, error) {
	e := &element{prefix: token.Name.Space, scope: map[string]string{"xml": xmlSpace}}
	if parent != nil {
		e.scope, e.lang, e.inForce = parent.scope, parent.lang, parent.inForce
	}
	// Judged before a scope is copied: that of each of thousands of elements may hold thousands of prefixes.
	for _, a := range token.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			e.inForce += len(a.Name.Local) + len(a.Value) + inForceEach
		} else if a.Name.Space == "xml" && a.Name.Local == "lang" {
			e.inForce += len(a.Value)
		}
	}
	if e.inForce > maxInForce {
		return nil, errXML
	}
	owned := parent == nil
	for _, a := range token.Attr {
		prefix, declares := a.Name.Local, a.Name.Space == "xmlns"
		if a.Name.Space == "" && a.Name.Local == "xmlns" {
			prefix, declares = "", true
		}
		if !declares {
			continue
		}
		// A prefix cannot be undeclared (Namespaces in XML 1.0, 2.2), nor can the two fixed ones be bound anew.
		if prefix != "" && (a.Value == "" || !ncName(prefix)) || prefix == "xml" || prefix == "xmlns" || a.Value == xmlSpace || a.Value == "http://www.w3.org/2000/xmlns/" {
			return nil, errXML
		}
		if !owned {
			scope := make(map[string]string, len(e.scope)+1)
			for k, v := range e.scope {
				scope[k] = v
			}
			e.scope, owned = scope, true
		}
		e.scope[prefix] = a.Value
	}
	space, declared := e.scope[e.prefix]
	if !declared && e.prefix != "" || !ncName(token.Name.Local) {
		return nil, errXML
	}
	e.name = xml.Name{Space: space, Local: token.Name.Local}

	seen := make(map[xml.Name]bool, len(token.Attr))
	for _, a := range token.Attr {
		name := xml.Name{Space: a.Name.Space, Local: a.Name.Local}
		switch {
		case a.Name.Space == "xmlns":
		case a.Name.Space != "":
			space, declared := e.scope[a.Name.Space]
			if !declared {
				return nil, errXML
			}
			name.Space = space
		}
		if seen[name] || !ncName(a.Name.Local) {
			return nil, errXML
		}
		seen[name] = true
		if name == (xml.Name{Space: xmlSpace, Local: "lang"}) {
			e.lang = a.Value
		}
		e.attrs = append(e.attrs, attribute{a.Name.Space, a.Name.Local, a.Value})
	}
	return e, nil
}

// ncName: a name without a colon. encoding/xml has checked the characters of the whole, but not that the part behind a prefix begins as a name must.
func ncName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return !strings.Contains(s, ":") && (r == '_' || unicode.IsLetter(r))
}
