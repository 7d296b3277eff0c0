package dav_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const findNames = `<?xml version="1.0"?><propfind xmlns="DAV:"><prop>%s</prop></propfind>`

// RFC 4918, 9.1, H3.
func TestH3PropfindDepth(t *testing.T) {
	s := newServer(t)
	s.write("d/a", "a")
	s.write("d/sub/b", "b")
	for _, test := range []struct {
		path, depth string
		status      int
		hrefs       string
	}{
		{"/d", "0", 207, "/dav/d/"},
		{"/d/", "0", 207, "/dav/d/"},
		{"/d", "1", 207, "/dav/d/ /dav/d/a /dav/d/sub/"},
		{"/d/", "1", 207, "/dav/d/ /dav/d/a /dav/d/sub/"},
		{"/d/a", "0", 207, "/dav/d/a"},
		{"/d/a", "1", 207, "/dav/d/a"},
		{"/d/a", "infinity", 207, "/dav/d/a"},
		{"/d/a", "", 207, "/dav/d/a"},
		{"/", "0", 207, "/dav/"},
		{"", "1", 207, "/dav/ /dav/d/"},
		{"/d", "infinity", 403, ""},
		{"/d", "Infinity", 403, ""},
		{"/d", "", 403, ""},
		{"/d", "every", 400, ""},
		{"/d", "2", 400, ""},
		{"/d", "-1", 400, ""},
		{"/none", "1", 404, ""},
		{"/none", "", 404, ""},
	} {
		head := []string{}
		if test.depth != "" {
			head = append(head, "Depth: "+test.depth)
		}
		a := s.want(test.status, "PROPFIND", test.path, "", head...)
		if test.status == 207 {
			hrefs := listed(t, a.body)
			slices.Sort(hrefs)
			if got := strings.Join(hrefs, " "); got != test.hrefs {
				t.Errorf("PROPFIND %s Depth %q lists %s, want %s", test.path, test.depth, got, test.hrefs)
			}
		}
		if test.status == 403 && !strings.Contains(a.body, `<D:error xmlns:D="DAV:"><D:propfind-finite-depth/>`) {
			t.Errorf("PROPFIND %s Depth %q: %s", test.path, test.depth, a.body)
		}
	}
}

// RFC 4918, 15: the live properties.
func TestLiveProperties(t *testing.T) {
	s := newServer(t)
	s.write("d/a b.txt", "12345")
	modified := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, name := range []string{"d/a b.txt", "d"} {
		if err := os.Chtimes(s.file(name), modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	tag := s.want(200, "HEAD", "/d/a%20b.txt", "").head.Get("ETag")
	for _, body := range []string{"", `<propfind xmlns="DAV:"><allprop/></propfind>`, fmt.Sprintf(findNames, "<displayname/><getcontentlength/><getcontenttype/><getetag/><getlastmodified/><creationdate/><resourcetype/><supportedlock/><lockdiscovery/>")} {
		for path, want := range map[string]map[string]string{
			"/d/a%20b.txt": {"displayname": "a b.txt", "getcontentlength": "5", "getcontenttype": "text/plain; charset=utf-8", "getetag": tag, "getlastmodified": "Thu, 02 Jan 2020 03:04:05 GMT", "creationdate": "2020-01-02T03:04:05Z", "resourcetype": "", "lockdiscovery": ""},
			"/d":           {"displayname": "d", "getlastmodified": "Thu, 02 Jan 2020 03:04:05 GMT", "resourcetype": "", "lockdiscovery": ""},
		} {
			m := parse(t, s.want(207, "PROPFIND", path, body, "Depth: 0").body)
			for name, value := range want {
				if p, ok := m.Responses[0].property("DAV:", name); !ok || p.Text != value {
					t.Errorf("%s of %s: %q %v, want %q", name, path, p.Text, ok, value)
				}
			}
			if p, _ := m.Responses[0].property("DAV:", "resourcetype"); strings.Contains(p.Inner, "collection") != (path == "/d") {
				t.Errorf("resourcetype of %s: %s", path, p.Inner)
			}
			if p, _ := m.Responses[0].property("DAV:", "supportedlock"); !strings.Contains(p.Inner, "exclusive") || !strings.Contains(p.Inner, "shared") {
				t.Errorf("supportedlock of %s: %s", path, p.Inner)
			}
			if path == "/d" {
				for _, name := range []string{"getcontentlength", "getcontenttype", "getetag"} {
					if _, ok := m.Responses[0].property("DAV:", name); ok {
						t.Errorf("a folder has %s", name)
					}
				}
			}
			// RFC 4331: not unless asked for.
			if _, ok := m.Responses[0].property("DAV:", "quota-available-bytes"); ok {
				t.Error("the quota is in allprop")
			}
		}
	}
	m := parse(t, s.want(207, "PROPFIND", "/d", fmt.Sprintf(findNames, "<quota-available-bytes/><quota-used-bytes/>"), "Depth: 0").body)
	for _, name := range []string{"quota-available-bytes", "quota-used-bytes"} {
		if p, ok := m.Responses[0].property("DAV:", name); !ok || p.Text == "" || p.Text == "0" {
			t.Errorf("%s: %q %v", name, p.Text, ok)
		}
	}
}

// RFC 4918, 9.1: the three forms, and what is not there.
func TestPropfindForms(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.want(207, "PROPPATCH", "/f", `<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:x">1</a><b xmlns="urn:x">2</b></prop></set></propertyupdate>`)
	states := func(body string) map[string]string {
		all := map[string]string{}
		for _, p := range parse(t, s.want(207, "PROPFIND", "/f", body, "Depth: 0").body).Responses[0].Propstats {
			for _, q := range p.Prop.All {
				if _, twice := all[q.XMLName.Local]; twice {
					t.Errorf("%s stands twice", q.XMLName.Local)
				}
				all[q.XMLName.Local] = strings.Fields(p.Status)[1] + q.Text
			}
		}
		return all
	}
	got := states(fmt.Sprintf(findNames, `<getcontentlength/><a xmlns="urn:x"/><none xmlns="urn:x"/><c xmlns=""/><a xmlns="urn:x"/><getcontentlength/>`))
	for name, want := range map[string]string{"getcontentlength": "2001", "a": "2001", "none": "404", "c": "404"} {
		if got[name] != want {
			t.Errorf("prop: %s is %q, want %q", name, got[name], want)
		}
	}
	if len(got) != 4 {
		t.Errorf("prop: %v", got)
	}
	got = states(`<propfind xmlns="DAV:"><propname/></propfind>`)
	if got["a"] != "200" || got["b"] != "200" || got["getetag"] != "200" || got["resourcetype"] != "200" {
		t.Errorf("propname: %v", got)
	}
	got = states(`<propfind xmlns="DAV:"><allprop/></propfind>`)
	if got["a"] != "2001" || got["getcontentlength"] != "2001" || got["Win32LastModifiedTime"] != "" {
		t.Errorf("allprop: %v", got)
	}
	got = states(`<propfind xmlns="DAV:"><allprop/><include><getetag/><a xmlns="urn:x"/><none/><Win32LastModifiedTime xmlns="urn:schemas-microsoft-com:"/></include></propfind>`)
	if got["a"] != "2001" || got["none"] != "404" || !strings.HasPrefix(got["Win32LastModifiedTime"], "200") {
		t.Errorf("allprop with include: %v", got)
	}
	for _, body := range []string{
		`<x xmlns="DAV:"/>`, `<propfind xmlns="urn:x"><prop/></propfind>`, `<propfind xmlns="DAV:"/>`, `<propfind xmlns="DAV:"><allprop/><propname/></propfind>`,
		`<propfind xmlns="DAV:"><prop><a/></prop><allprop/></propfind>`, `<propfind xmlns="DAV:"><prop><a/></prop><include><b/></include></propfind>`, `<propfind xmlns="DAV:"><include><b/></include></propfind>`,
	} {
		s.want(400, "PROPFIND", "/f", body, "Depth: 0")
	}
	s.want(207, "PROPFIND", "/f", `<propfind xmlns="DAV:"><prop/></propfind>`, "Depth: 0")
	var many strings.Builder // H3: each entry answers for each name
	for i := range 257 {
		fmt.Fprintf(&many, "<p%d/>", i)
	}
	s.want(413, "PROPFIND", "/f", fmt.Sprintf(findNames, many.String()), "Depth: 0")
}

// F6: whatever a name or a property holds, the listing is well-formed.
func TestF6ListingIsWellFormed(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"]]>", "&", "<!--", `"'`, "<D:response>"} {
		s.want(201, "PUT", "/"+percent(name), "x")
		s.want(207, "PROPPATCH", "/"+percent(name), `<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:&lt;&amp;&quot;]]&gt;">]]&gt; &lt;/a&gt; &amp;amp;</a></prop></set></propertyupdate>`)
	}
	m := parse(t, s.want(207, "PROPFIND", "/", "", "Depth: 1").body)
	if len(m.Responses) != 6 {
		t.Errorf("%d responses, want 6", len(m.Responses))
	}
	for _, r := range m.Responses[1:] {
		if p, ok := r.property(`urn:<&"]]>`, "a"); !ok || p.Text != "]]> </a> &amp;" {
			t.Errorf("%s: %q %v", r.Href, p.Text, ok)
		}
	}
	m = parse(t, s.want(207, "PROPFIND", "/", fmt.Sprintf(findNames, `<a xmlns="urn:&lt;&quot;'"/>`), "Depth: 1").body)
	if got := m.Responses[0].Propstats[0].Prop.All[0].XMLName.Space; got != `urn:<"'` {
		t.Errorf("a name that is not there came back as %q", got)
	}
}

// A listing is whole, however many entries; what comes and goes meanwhile does not break it.
func TestLargeListing(t *testing.T) {
	s := newServer(t)
	s.write("d/x", "x")
	for i := range 3000 {
		if err := os.WriteFile(s.file(fmt.Sprintf("d/%d", i)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				name := s.file(fmt.Sprintf("d/come and go %d", i%100))
				os.WriteFile(name, nil, 0o644)
				os.Remove(name)
			}
		}
	}()
	for range 5 {
		seen := map[string]bool{}
		for _, h := range listed(t, s.want(207, "PROPFIND", "/d", "", "Depth: 1").body) {
			if !strings.Contains(h, "come") {
				seen[h] = true
			}
		}
		if len(seen) != 3002 {
			t.Errorf("%d entries, want 3002", len(seen))
		}
	}
	close(stop)
	<-done
}

// A client that has gone while a listing was on its way does not bring anything down.
func TestListingToAClientThatLeft(t *testing.T) {
	s := newServer(t)
	for i := range 2000 {
		s.write(fmt.Sprintf("d/%d", i), "")
	}
	r, _ := http.NewRequest("PROPFIND", s.URL+"/dav/d", nil)
	r.Header.Set("Depth", "1")
	for range 5 {
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	s.want(207, "PROPFIND", "/d", "", "Depth: 1")
}
