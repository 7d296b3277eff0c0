package dav

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Whatever is taken for a body of PROPFIND, PROPPATCH or LOCK is answered by XML that reads again, with each property named in it once, and an owner as it came.
func FuzzBodies(f *testing.F) {
	for _, s := range []string{
		`<propfind xmlns="DAV:"><prop><getetag/><x xmlns="urn:x"/><x xmlns=""/></prop></propfind>`, `<propfind xmlns="DAV:"><allprop/><include><quota-used-bytes/></include></propfind>`,
		`<D:propfind xmlns:D="DAV:"><D:propname/></D:propfind>`, `<propfind xmlns="DAV:"><prop xmlns:a="a&amp;&lt;&quot;'"><a:b/><a:c/><a:b/></prop></propfind>`,
		`<D:propertyupdate xmlns:D="DAV:" xml:lang="de"><D:set><D:prop><x xmlns="urn:x" a="1">1<y/>]]&gt;</x><D:getetag/></D:prop></D:set><D:remove><D:prop><z/></D:prop></D:remove></D:propertyupdate>`,
		`<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getlastmodified>2026-01-01T00:00:00Z</D:getlastmodified></D:prop></D:set></D:propertyupdate>`,
		`<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner a="b"><x:me xmlns:x="urn:x">&amp;</x:me></D:owner></D:lockinfo>`,
	} {
		f.Add(s)
	}
	h, tr, _, dir := newInside(f)
	h.now = func() time.Time { return time.Unix(0, 0) }
	var spots [2]*spot
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600); err != nil {
		f.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		f.Fatal(err)
	}
	for i, name := range []string{"file", "folder"} {
		var err error
		if spots[i], err = tr.find([]string{name}); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseXML([]byte(s))
		if err != nil || levels(e) > maxXMLDepth-8 || deepestInForce(e) > maxInForce-256 { // in an answer, it stands inside more
			return
		}
		x := &exchange{h: h, prefix: "/dav"}
		r := &resource{spot: spots[len(s)%2], x: x}
		var patches []patch
		if patches, err = readPatches(e); err == nil {
			_, result := judgePatches(patches)
			want := map[xml.Name]bool{}
			for _, p := range patches {
				want[p.name] = true
				if !p.remove {
					r.dead = append(r.dead, dead{p.name, p.whole})
				}
			}
			answered(t, s, result.append(nil, patches), want, nil)
			for _, p := range patches { // what is kept is what came
				if p.remove {
					continue
				}
				kept, err := parseXML([]byte(p.whole))
				if err != nil || kept.name != p.name || kept.content() != p.value {
					t.Fatalf("%q: kept as %q: %v", s, p.whole, err)
				}
			}
		}
		if q, err := parseQuery(e); err == nil {
			want := map[xml.Name]bool{}
			for _, n := range q.names {
				want[n] = true
			}
			answered(t, s, newPlan(q).appendProps(nil, r), want, q)
		} else {
			answered(t, s, newPlan(&query{all: true}).appendProps(nil, &resource{spot: r.spot, x: x, dead: once(r.dead)}), nil, &query{all: true})
		}
		if l, err := readLockInfo(e); err == nil {
			l.token, l.path = "opaquelocktoken:x", "d/f"
			again := reads(t, s, x.appendActive(nil, l, true)).elements()[0]
			scope, owner, was := again.child("lockscope"), again.child("owner"), e.child("owner")
			if scope == nil || (scope.child("shared") != nil) != l.shared || (owner == nil) != (was == nil) || len(l.owner) > maxOwner {
				t.Fatalf("%q: %+v", s, l)
			}
			if was != nil && (owner.content() != was.content() || len(owner.elements()) != len(was.elements()) || owner.lang != was.lang) {
				t.Fatalf("%q: the owner became %q", s, l.owner)
			}
		}
	})
}

// answered fails the test unless propstats name each wanted property once, and, where not all were asked for, no other.
func answered(t *testing.T, body string, propstats []byte, want map[xml.Name]bool, q *query) {
	t.Helper()
	got := map[xml.Name]int{}
	for _, propstat := range reads(t, body, propstats).elements() {
		prop, status := propstat.child("prop"), propstat.child("status")
		var code int
		if !propstat.is("propstat") || prop == nil || status == nil {
			t.Fatalf("%q was answered %s", body, propstats)
		}
		if n, _ := fmt.Sscanf(status.content(), "HTTP/1.1 %d ", &code); n != 1 || http.StatusText(code) == "" {
			t.Fatalf("%q was answered %s", body, propstats)
		}
		for _, p := range prop.elements() {
			got[p.name]++
		}
	}
	for name := range want {
		if got[name] != 1 {
			t.Fatalf("%q: %v stands %d times in %s", body, name, got[name], propstats)
		}
	}
	for name, n := range got {
		if n != 1 || !want[name] && (q == nil || !q.all && !q.onlyNames) {
			t.Fatalf("%q: %v stands %d times in %s", body, name, n, propstats)
		}
	}
}

// reads parses what would stand in an answer.
func reads(t *testing.T, body string, part []byte) *element {
	t.Helper()
	e, err := parseXML([]byte(`<D:response xmlns:D="DAV:">` + string(part) + `</D:response>`))
	if err != nil {
		t.Fatalf("%q was answered %s: %v", body, part, err)
	}
	return e
}

// once leaves out all but the first property of each name, as the store would.
func once(list []dead) (some []dead) {
	seen := map[xml.Name]bool{}
	for _, d := range list {
		if !seen[d.name] && findLive(d.name) == nil {
			seen[d.name] = true
			some = append(some, d)
		}
	}
	return some
}

func levels(e *element) (n int) {
	for _, c := range e.elements() {
		n = max(n, levels(c))
	}
	return n + 1
}

func deepestInForce(e *element) int {
	n := e.inForce
	for _, c := range e.elements() {
		n = max(n, deepestInForce(c))
	}
	return n
}
