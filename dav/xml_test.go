package dav_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
)

// xmlMethods are the requests that have an XML body, each with one that is right.
var xmlMethods = map[string]string{
	"PROPFIND":  `<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>`,
	"PROPPATCH": patchBody,
	"LOCK":      lockBody,
}

// H1: a body is bounded before it is parsed, in length and in depth; the process lives.
func TestH1DeepAndLongXML(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	for method := range xmlMethods {
		deep := `<propfind xmlns="DAV:"><z>` + strings.Repeat("<a>", 20_000)
		if a := s.do(method, "/f", deep[:60_000], "Depth: 0"); a.status != 400 {
			t.Errorf("%s, 20,000 deep: %d, want 400", method, a.status)
		}
		closed := `<propfind xmlns="DAV:">` + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + `<allprop/></propfind>`
		if a := s.do(method, "/f", closed, "Depth: 0"); a.status != 400 {
			t.Errorf("%s, 100 deep: %d, want 400", method, a.status)
		}
		// 120 MB, streamed: the answer comes before the body is through.
		body := io.MultiReader(strings.NewReader(`<propfind xmlns="DAV:"><z>`), io.LimitReader(&repeat{text: "<a>"}, 120<<20))
		a := s.send(method, "/f", io.NopCloser(body), "Depth: 0")
		if a.status != 413 {
			t.Errorf("%s, 120 MB: %d, want 413", method, a.status)
		}
	}
	s.want(207, "PROPFIND", "/f", "", "Depth: 0")
}

// H1: namespaces and languages hold for all inside: many of them, or long ones, over many elements are refused before they are copied for each.
func TestH1NamespacesAreBounded(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	var many, few strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&many, ` xmlns:a%d="u"`, i)
	}
	for i := range 20 {
		fmt.Fprintf(&few, ` xmlns:a%d="https://namespaces.example/%d"`, i, i)
	}
	members := strings.Repeat(`<b xmlns="u"/>`, 2000)
	for method, right := range xmlMethods {
		right = strings.TrimPrefix(right, `<?xml version="1.0"?>`)
		for name, declared := range map[string]string{"many": many.String(), "long": ` xmlns:a="` + strings.Repeat("u", 30_000) + `"`, "a long language": ` xml:lang="` + strings.Repeat("u", 30_000) + `"`} {
			body := strings.Replace(right, "><", "><x"+declared+">"+members+"</x><", 1)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a := s.do(method, "/f", body, "Depth: 0")
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; a.status != 400 || used > 10<<20 {
				t.Errorf("%s, %s: %d with %d bytes allocated, want 400", method, name, a.status, used)
			}
		}
		s.db.Exec("DELETE FROM locks")
		if a := s.do(method, "/f", strings.Replace(right, "><", "><x"+few.String()+">"+members[:1400]+"</x><", 1), "Depth: 0"); a.status >= 300 {
			t.Errorf("%s, 20 prefixes: %d", method, a.status)
		}
		s.db.Exec("DELETE FROM locks")
	}
}

type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.text[r.at%len(r.text)]
		r.at++
	}
	return len(p), nil
}

// H2, and what is not namespace-well-formed XML 1.0 in UTF-8.
func TestH2HostileXML(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	for method, right := range xmlMethods {
		s.want(map[string]int{"PROPFIND": 207, "PROPPATCH": 207, "LOCK": 200}[method], method, "/f", "\ufeff"+`<?xml version="1.0" encoding="utf-8"?><!-- a comment -->`+strings.TrimPrefix(right, `<?xml version="1.0"?>`)+"<!-- -->\n", "Depth: 0")
		s.db.Exec("DELETE FROM locks")
		right = strings.TrimPrefix(right, `<?xml version="1.0"?>`)
		for name, body := range map[string]string{
			"external entity":         `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + strings.Replace(right, "><", ">&e;<", 1),
			"document type":           `<!DOCTYPE x>` + right,
			"billion laughs":          `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>` + strings.Replace(right, "><", ">&b;<", 1),
			"undefined entity":        strings.Replace(right, "><", ">&nbsp;<", 1),
			"UTF-16":                  toUTF16(right),
			"UTF-16, says the head":   `<?xml version="1.0" encoding="utf-16"?>` + right,
			"Latin 1":                 `<?xml version="1.0" encoding="iso-8859-1"?>` + right,
			"invalid UTF-8":           strings.Replace(right, "><", ">\xff<", 1),
			"a control character":     strings.Replace(right, "><", ">\x01<", 1),
			"a reference to one":      strings.Replace(right, "><", ">&#1;<", 1),
			"two roots":               right + right,
			"text after the root":     right + "x",
			"cut":                     right[:len(right)-5],
			"undeclared prefix":       strings.Replace(right, "><", "><e:x/><", 1),
			"undeclared attribute":    strings.Replace(right, "><", "><x e:a='1'/><", 1),
			"attribute twice":         strings.Replace(right, "><", "><x a='1' a='2'/><", 1),
			"attribute twice by name": strings.Replace(right, "><", "><x xmlns:p='u' xmlns:q='u' p:a='1' q:a='2'/><", 1),
			"empty prefix":            strings.Replace(right, "><", "><x xmlns:p=''/><", 1),
			"xmlns bound":             strings.Replace(right, "><", "><x xmlns:xmlns='u'/><", 1),
			"tags crossed":            strings.Replace(right, "><", "><x><y></x></y><", 1),
			"an end of another tag":   strings.Replace(right, "><", "><e:x xmlns:e='u'></D:x><", 1),
			"a second declaration":    strings.Replace(right, "><", "><?xml version='1.0'?><", 1),
			"a name with two colons":  strings.Replace(right, "><", "><D:x:y/><", 1),
			"a name with a digit":     strings.Replace(right, "><", "><D:1x/><", 1),
			"an attribute unquoted":   strings.Replace(right, "><", "><x a=1/><", 1),
		} {
			if a := s.do(method, "/f", body, "Depth: 0"); a.status != 400 {
				t.Errorf("%s with %s: %d, want 400", method, name, a.status)
			}
		}
		if a := s.do(method, "/f", strings.Replace(right, "><", "><x a='"+strings.Repeat("a", 64<<10)+"'/><", 1), "Depth: 0"); a.status != 413 {
			t.Errorf("%s with a huge attribute: %d, want 413", method, a.status)
		}
		// RFC 4918, 17: what is not known is ignored.
		if a := s.do(method, "/f", strings.Replace(right, "><", "><x xmlns='urn:y'/><", 1), "Depth: 0"); a.status >= 300 {
			t.Errorf("%s with an unknown element: %d", method, a.status)
		}
		s.db.Exec("DELETE FROM locks")
	}
}

func toUTF16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// H1: the body is not even read before the path, the Depth and the method are found good.
func TestXMLComesAfterTheRest(t *testing.T) {
	s := newServer(t)
	for _, head := range []string{"PROPFIND /dav/none", "PROPFIND /dav/../x", "PROPFIND /dav/"} {
		a := s.raw(fmt.Sprintf("%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 50\r\n\r\n", head, s.Listener.Addr()))
		if a.status != 404 && a.status != 400 && a.status != 403 {
			t.Errorf("%s: %d %s", head, a.status, a.body)
		}
	}
}
