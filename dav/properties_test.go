package dav_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func update(ops string) string {
	return `<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:x="urn:x" xmlns:z="urn:schemas-microsoft-com:">` + ops + `</D:propertyupdate>`
}

func set(props string) string    { return "<D:set><D:prop>" + props + "</D:prop></D:set>" }
func remove(props string) string { return "<D:remove><D:prop>" + props + "</D:prop></D:remove>" }

// wantProperty fails the test unless path has the property urn:x local with this text; "-" is none.
func (s *server) wantProperty(path, local, want string) {
	s.t.Helper()
	got := "-"
	if p, ok := property(s.t, s.want(207, "PROPFIND", path, "", "Depth: 0").body, "urn:x", local); ok {
		got = p.Text
	}
	if got != want {
		s.t.Errorf("%s of %s: %q, want %q", local, path, got, want)
	}
}

// RFC 4918, 9.2: in their order, and all or nothing.
func TestProppatch(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "x")
	for _, path := range []string{"/d/f", "/d", "/"} {
		s.want(207, "PROPPATCH", path, update(set("<x:a>1</x:a><x:b>1</x:b>")))
		s.want(207, "PROPPATCH", path, update(set("<x:a>2</x:a>")+remove("<x:b/><x:none/>")+set("<x:c>1</x:c>")+remove("<x:c/>")+remove("<x:e/>")+set("<x:e>1</x:e>")))
		s.wantProperty(path, "a", "2")
		s.wantProperty(path, "b", "-")
		s.wantProperty(path, "c", "-")
		s.wantProperty(path, "e", "1")

		a := s.want(207, "PROPPATCH", path, update(set("<x:a>3</x:a><D:getcontentlength>1</D:getcontentlength>")+remove("<x:e/><D:resourcetype/>")))
		states := map[string]string{}
		for _, p := range parse(t, a.body).Responses[0].Propstats {
			for _, q := range p.Prop.All {
				states[q.XMLName.Local] = p.Status
			}
		}
		for name, want := range map[string]string{"a": "HTTP/1.1 424 Failed Dependency", "e": "HTTP/1.1 424 Failed Dependency", "getcontentlength": "HTTP/1.1 403 Forbidden", "resourcetype": "HTTP/1.1 403 Forbidden"} {
			if states[name] != want {
				t.Errorf("%s: %s is %q, want %q", path, name, states[name], want)
			}
		}
		if !strings.Contains(a.body, "<D:cannot-modify-protected-property/>") {
			t.Errorf("no condition: %s", a.body)
		}
		s.wantProperty(path, "a", "2")
		s.wantProperty(path, "e", "1")
	}
	s.want(404, "PROPPATCH", "/none", patchBody)
	for _, body := range []string{"", "<x/>", `<D:propertyupdate xmlns:D="DAV:"/>`, update(set("")), update("<D:set/>")} {
		s.want(400, "PROPPATCH", "/d/f", body)
	}
	s.want(412, "PROPPATCH", "/d/f", update(set("<x:a>9</x:a>")), `If-Match: "x"`)
	s.restart()
	s.wantProperty("/d/f", "a", "2")
}

// 4.3: the value is kept, whatever XML it is, with its namespaces and its language.
func TestPropertyValuesAreKept(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.want(207, "PROPPATCH", "/f", `<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:p="urn:p" xmlns="urn:default" xml:lang="de">`+
		`<D:set><D:prop><p:v xmlns:q="urn:q" p:a="1" b="&lt;2&gt;&#10;"> text <q:in xmlns=""><bare/></q:in><inherits/><![CDATA[<cdata> & co]]><!-- gone -->&#x1F600;<D:href>x</D:href> </p:v></D:prop></D:set></D:propertyupdate>`)
	p, ok := property(t, s.want(207, "PROPFIND", "/f", "", "Depth: 0").body, "urn:p", "v")
	if !ok {
		t.Fatal("the property is not there")
	}
	attrs := map[string]string{}
	for _, a := range p.Attrs {
		attrs[a.Name.Space+" "+a.Name.Local] = a.Value
	}
	for name, want := range map[string]string{"urn:p a": "1", " b": "<2>\n", "xmlns p": "urn:p", "xmlns q": "urn:q", " xmlns": "urn:default", "http://www.w3.org/XML/1998/namespace lang": "de"} {
		if attrs[name] != want {
			t.Errorf("attribute %q is %q, want %q", name, attrs[name], want)
		}
	}
	const inner = ` text <q:in xmlns=""><bare/></q:in><inherits/>&lt;cdata&gt; &amp; co` + "\U0001F600" + `<D:href>x</D:href> `
	if p.Inner != inner {
		t.Errorf("the value is\n%s\nwant\n%s", p.Inner, inner)
	}
	// No namespace, and one language for the one below only.
	s.want(207, "PROPPATCH", "/f", `<propertyupdate xmlns="DAV:"><set><prop><n xmlns="" xml:lang="fr">1</n></prop></set></propertyupdate>`)
	if p, ok := property(t, s.want(207, "PROPFIND", "/f", `<propfind xmlns="DAV:"><prop><n xmlns=""/></prop></propfind>`, "Depth: 0").body, "", "n"); !ok || p.Text != "1" {
		t.Errorf("a property without a namespace: %v %v", p, ok)
	}
}

// Explorer's and others' ways to set a file's time.
func TestTimesThatCanBeSet(t *testing.T) {
	s := newServer(t)
	s.write("d/f", "x")
	for i, prop := range []string{
		"<z:Win32LastModifiedTime>Thu, 02 Jan 2020 03:04:%02d GMT</z:Win32LastModifiedTime>",
		"<D:getlastmodified>Thu, 02 Jan 2020 03:04:%02d GMT</D:getlastmodified>",
		"<D:getlastmodified>2020-01-02T03:04:%02dZ</D:getlastmodified>",
	} {
		for j, path := range []string{"d/f", "d"} {
			second := 10*i + j
			want := time.Date(2020, 1, 2, 3, 4, second, 0, time.UTC)
			tag := s.do("HEAD", "/d/f", "").head.Get("ETag")
			a := s.want(207, "PROPPATCH", "/"+path, update(set(fmt.Sprintf(prop, second)+"<z:Win32FileAttributes>00000020</z:Win32FileAttributes>")))
			if strings.Contains(a.body, "403") {
				t.Errorf("%s: %s", prop, a.body)
			}
			if info, err := os.Stat(s.file(path)); err != nil || !info.ModTime().Equal(want) {
				t.Errorf("%s: %v, want %v (%v)", path, info.ModTime(), want, err)
			}
			if path == "d/f" && s.do("HEAD", "/d/f", "").head.Get("ETag") == tag {
				t.Error("the time changed and the ETag did not")
			}
			body := s.want(207, "PROPFIND", "/"+path, `<propfind xmlns="DAV:" xmlns:z="urn:schemas-microsoft-com:"><prop><z:Win32LastModifiedTime/><z:Win32FileAttributes/></prop></propfind>`, "Depth: 0").body
			if p, _ := property(t, body, "urn:schemas-microsoft-com:", "Win32LastModifiedTime"); p.Text != want.Format("Mon, 02 Jan 2006 15:04:05 GMT") {
				t.Errorf("Win32LastModifiedTime: %q", p.Text)
			}
			if p, _ := property(t, body, "urn:schemas-microsoft-com:", "Win32FileAttributes"); p.Text != "00000020" {
				t.Errorf("Win32FileAttributes: %q", p.Text)
			}
		}
	}
	before, _ := os.Stat(s.file("d/f"))
	a := s.want(207, "PROPPATCH", "/d/f", update(set("<D:getlastmodified>soon</D:getlastmodified><x:a>1</x:a>")))
	if !strings.Contains(a.body, "409") || !strings.Contains(a.body, "424") {
		t.Errorf("a time that is none: %s", a.body)
	}
	s.want(207, "PROPPATCH", "/d/f", update(set("<D:getlastmodified>Thu, 02 Jan 2020 03:04:59 GMT</D:getlastmodified><D:getetag/>")))
	if after, _ := os.Stat(s.file("d/f")); !after.ModTime().Equal(before.ModTime()) {
		t.Error("the time changed although the PROPPATCH failed")
	}
	s.wantProperty("/d/f", "a", "-")
}

// I17: properties follow MOVE and COPY, end with DELETE, and never come to something new.
func TestI17PropertiesFollow(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"d/f", "d/sub/g", "dx/h"} {
		s.write(name, "x")
	}
	for _, path := range []string{"/d", "/d/f", "/d/sub", "/d/sub/g", "/dx", "/dx/h"} {
		s.want(207, "PROPPATCH", path, update(set("<x:a>"+path+"</x:a>")))
	}
	s.want(201, "MOVE", "/d", "", "Destination: /dav/e")
	for path, want := range map[string]string{"/e": "/d", "/e/f": "/d/f", "/e/sub": "/d/sub", "/e/sub/g": "/d/sub/g", "/dx": "/dx", "/dx/h": "/dx/h"} {
		s.wantProperty(path, "a", want)
	}
	// They are found as members, too.
	if n := strings.Count(s.want(207, "PROPFIND", "/e", "", "Depth: 1").body, "/d"); n < 3 {
		t.Errorf("members' properties are missing")
	}
	s.want(201, "COPY", "/e", "", "Destination: /dav/c")
	s.want(201, "COPY", "/e", "", "Destination: /dav/c0", "Depth: 0")
	for path, want := range map[string]string{"/c": "/d", "/c/f": "/d/f", "/c/sub/g": "/d/sub/g", "/e/sub/g": "/d/sub/g", "/c0": "/d"} {
		s.wantProperty(path, "a", want)
	}
	var n int
	if err := s.db.QueryRow("SELECT count(*) FROM properties WHERE path LIKE 'c0/%'").Scan(&n); err != nil || n != 0 {
		t.Errorf("COPY with Depth 0 copied %d properties of members (%v)", n, err)
	}

	// New things where old ones were.
	s.want(201, "MKCOL", "/d", "")
	s.want(201, "PUT", "/d/f", "x")
	s.wantProperty("/d", "a", "-")
	s.wantProperty("/d/f", "a", "-")
	s.want(204, "DELETE", "/e", "")
	s.want(201, "MKCOL", "/e", "")
	s.want(201, "PUT", "/e/f", "x")
	s.wantProperty("/e", "a", "-")
	s.wantProperty("/e/f", "a", "-")

	// Over something that had properties.
	s.want(207, "PROPPATCH", "/d/f", update(set("<x:b>old</x:b>")))
	s.want(204, "MOVE", "/c", "", "Destination: /dav/d")
	s.wantProperty("/d/f", "a", "/d/f")
	s.wantProperty("/d/f", "b", "-")
	s.want(204, "COPY", "/e/f", "", "Destination: /dav/d/f")
	s.wantProperty("/d/f", "a", "-")

	// A PUT keeps those of the file that it writes.
	s.want(204, "PUT", "/dx/h", "y")
	s.wantProperty("/dx/h", "a", "/dx/h")
	// What went from outside takes them along.
	os.Remove(s.file("dx/h"))
	s.want(201, "PUT", "/dx/h", "z")
	s.wantProperty("/dx/h", "a", "-")
	os.RemoveAll(s.file("dx"))
	s.want(201, "MKCOL", "/dx", "")
	s.wantProperty("/dx", "a", "-")

	// A MOVE that fails moves no properties.
	s.want(207, "PROPPATCH", "/dx", update(set("<x:a>stays</x:a>")))
	s.want(412, "MOVE", "/dx", "", "Destination: /dav/d", "Overwrite: F")
	s.wantProperty("/dx", "a", "stays")
}

// H14: properties are bounded.
func TestPropertiesAreBounded(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	value := strings.Repeat("v", 60_000)
	full := 0
	for i := range 30 {
		a := s.want(207, "PROPPATCH", "/f", update(set(fmt.Sprintf("<x:p%d>%s</x:p%d>", i, value, i))))
		if strings.Contains(a.body, "507 Insufficient Storage") {
			full++
			s.wantProperty("/f", fmt.Sprintf("p%d", i), "-")
		}
	}
	if full != 13 {
		t.Errorf("%d of 30 values of 60,000 bytes were refused, want 13", full)
	}
}

// H14: those of a whole drive are, too, copies included; what Windows sets on each file finds room.
func TestPropertiesOfADriveAreBounded(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.write("g", "x")
	for i := range 16 {
		s.want(207, "PROPPATCH", "/f", update(set(fmt.Sprintf("<x:p%d>%s</x:p%[1]d>", i, strings.Repeat("v", 65_000)))))
	}
	copies := 0
	for ; copies < 70 && s.do("COPY", "/f", "", fmt.Sprintf("Destination: /dav/c%d", copies)).status == 201; copies++ {
		if copies == 10 {
			s.restart()
		}
	}
	if copies != 63 {
		t.Errorf("%d copies of a MiB of properties, want 63", copies)
	}
	s.want(507, "COPY", "/f", "", "Destination: /dav/last")
	wide := update(set("<x:a>" + strings.Repeat("v", 65_000) + "</x:a>"))
	for range 16 { // what is replaced counts once
		s.want(207, "PROPPATCH", "/g", wide)
	}
	full := func(path, body string, want bool) {
		t.Helper()
		if a := s.want(207, "PROPPATCH", path, body); strings.Contains(a.body, "507 Insufficient Storage") != want {
			t.Errorf("%s is full: %v\n%s", path, !want, a.body)
		}
	}
	for i := range 16 {
		s.write(fmt.Sprint("h", i), "x")
		full(fmt.Sprint("/h", i), wide, i > 3)
		full(fmt.Sprint("/h", i), update(set("<z:Win32FileAttributes>00000020</z:Win32FileAttributes>")), false)
	}
	s.want(204, "DELETE", "/c5", "")
	full("/h9", wide, false)
}
