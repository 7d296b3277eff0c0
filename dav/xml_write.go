package dav

import (
	"bytes"
	"encoding/xml"
	"sort"
)

// multistatus begins the answer of that name (RFC 4918, 13). DAV: has the prefix D in all that we write.
const multistatus = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<D:multistatus xmlns:D="DAV:">`

// appendText appends s as XML text or attribute value. s must be of characters that XML can hold; others become U+FFFD.
func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c < ' ' || c >= 0x7f:
			buf := bytes.NewBuffer(b)
			xml.EscapeText(buf, []byte(s))
			return buf.Bytes()
		}
	}
	return append(b, s...)
}

// appendWhole appends e as an element that means the same anywhere: with the namespaces and the language that were in force around it.
func appendWhole(b []byte, e *element) []byte {
	b = appendStart(b, e)
	own := make(map[string]bool, len(e.attrs))
	lang := false
	for _, a := range e.attrs {
		switch {
		case a.prefix == "xmlns":
			own[a.local] = true
		case a.prefix == "" && a.local == "xmlns":
			own[""] = true
		case a.prefix == "xml" && a.local == "lang":
			lang = true
		}
	}
	prefixes := make([]string, 0, len(e.scope))
	for p := range e.scope {
		prefixes = append(prefixes, p)
	}
	sort.Strings(prefixes)
	for _, p := range prefixes {
		switch {
		case own[p] || p == "xml":
			continue
		case p == "":
			b = append(b, ` xmlns="`...)
		default:
			b = append(append(append(b, ` xmlns:`...), p...), `="`...)
		}
		b = append(appendText(b, e.scope[p]), '"')
	}
	if e.lang != "" && !lang {
		b = append(appendText(append(b, ` xml:lang="`...), e.lang), '"')
	}
	return appendRest(b, e)
}

// appendStart appends the tag's name and its own attributes.
func appendStart(b []byte, e *element) []byte {
	b = appendQName(append(b, '<'), e.prefix, e.name.Local)
	for _, a := range e.attrs {
		b = appendQName(append(b, ' '), a.prefix, a.local)
		b = append(b, `="`...)
		b = append(appendText(b, a.value), '"')
	}
	return b
}

// appendRest closes the start tag and appends what is inside.
func appendRest(b []byte, e *element) []byte {
	if len(e.children) == 0 {
		return append(b, '/', '>')
	}
	b = appendInner(append(b, '>'), e)
	b = appendQName(append(b, '<', '/'), e.prefix, e.name.Local)
	return append(b, '>')
}

func appendInner(b []byte, e *element) []byte {
	for _, c := range e.children {
		if c.name.Local == "" {
			b = appendText(b, c.text)
		} else {
			b = appendRest(appendStart(b, c), c)
		}
	}
	return b
}

func appendQName(b []byte, prefix, local string) []byte {
	if prefix != "" {
		b = append(append(b, prefix...), ':')
	}
	return append(b, local...)
}

// appendEmpty appends an empty element of any name. DAV: has the prefix D in everything that we write.
func appendEmpty(b []byte, name xml.Name) []byte {
	switch name.Space {
	case davSpace:
		b = append(append(b, `<D:`...), name.Local...)
	case "":
		b = append(append(b, '<'), name.Local...)
	default:
		b = append(append(b, `<n:`...), name.Local...)
		b = append(appendText(append(b, ` xmlns:n="`...), name.Space), '"')
	}
	return append(b, '/', '>')
}
