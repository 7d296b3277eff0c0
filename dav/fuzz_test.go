package dav

import (
	"encoding/xml"
	"io"
	"net/url"
	"strings"
	"testing"
)

// Whatever parseXML takes can be written as well-formed XML, anywhere, and reads as the same again.
func FuzzXML(f *testing.F) {
	for _, s := range []string{
		`<a/>`, `<D:a xmlns:D="DAV:" D:b="1">x<D:c/>&lt;</D:a>`, `<a xmlns="u" xml:lang="de"><b xmlns=""><![CDATA[]]]]><![CDATA[>]]></b><?p i?><!-- c --></a>`,
		`<a b="&#10;&quot;'&gt;"/>`, "\ufeff<?xml version='1.0'?><a>\r\n\t</a>", `<p:a xmlns:p="&lt;&amp;"/>`, `<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>`,
		`<a b='1'c='2'/>`, `<é/>`, `<a:b:c xmlns:a="u"/>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		root, err := parseXML([]byte(s))
		if err != nil || levels(root) == maxXMLDepth || deepestInForce(root) > maxInForce-256 { // it will stand inside one more, that declares D
			return
		}
		whole := appendWhole(nil, root)
		doc := `<?xml version="1.0"?><D:x xmlns:D="DAV:">` + string(whole) + `</D:x>`
		again, err := parseXML([]byte(doc))
		if err != nil {
			t.Fatalf("%q became %q: %v", s, doc, err)
		}
		d := xml.NewDecoder(strings.NewReader(doc))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%q became %q: %v", s, doc, err)
			}
		}
		if twice := again.elements()[0]; twice.name != root.name || twice.content() != root.content() || twice.lang != root.lang || len(twice.elements()) != len(root.elements()) {
			t.Fatalf("%q became %q", s, doc)
		}
	})
}

// A path that is taken has no part that could lead elsewhere, and its href leads back to it.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"/dav/", "/dav", "/dav/a/b", "/dav/%2e%2e", "/dav/a%2fb", "/dav//", "/dav/%e9", "/dav/%C3%A9/", "/dav/a;b=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.ParseRequestURI(s)
		if err != nil {
			return
		}
		name, err := requestName(u, "/dav")
		if err != nil {
			return
		}
		for _, p := range name {
			if p == "" || p == "." || p == ".." || strings.ContainsAny(p, "/\\\x00\n") {
				t.Fatalf("%q has part %q", s, p)
			}
		}
		back, err := url.ParseRequestURI(href("/dav", name, false))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := requestName(back, "/dav"); err != nil || strings.Join(again, "/") != strings.Join(name, "/") {
			t.Fatalf("%q is %q, whose href is of %q (%v)", s, name, again, err)
		}
	})
}

// An If header that is taken has at least one list, and each list a condition that is one thing.
func FuzzIf(f *testing.F) {
	for _, s := range []string{`(<a>)`, `<t> (Not <a> ["b"]) (["c"])`, `(Not)`, `((`, `<a> <b> (<c>)`, `(<a>)(<b>)`, `(notnot<a>)`, `([""])`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lists, ok := parseIf(s)
		if !ok {
			return
		}
		if len(lists) == 0 || len(lists) > maxIfLists {
			t.Fatalf("%q: %d lists", s, len(lists))
		}
		for _, l := range lists {
			if len(l.conditions) == 0 || (l.tag == "") != (lists[0].tag == "") {
				t.Fatalf("%q: %+v", s, lists)
			}
			for _, c := range l.conditions {
				if (c.token == "") == (c.etag == "") {
					t.Fatalf("%q: %+v", s, c)
				}
			}
		}
	})
}
