package server_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// rootProps are the properties of each collection in an answer to PROPFIND on "/", as "href status name=value".
func rootProps(t *testing.T, got *http.Response) (list []string) {
	t.Helper()
	body, err := io.ReadAll(got.Body)
	must(t, err)
	var answer struct {
		XMLName   xml.Name `xml:"DAV: multistatus"`
		Responses []struct {
			Href      string `xml:"DAV: href"`
			Propstats []struct {
				Status string `xml:"DAV: status"`
				Prop   struct {
					All []struct {
						XMLName xml.Name
						Inner   string `xml:",innerxml"`
					} `xml:",any"`
				} `xml:"DAV: prop"`
			} `xml:"DAV: propstat"`
		} `xml:"DAV: response"`
	}
	if err := xml.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%d: %v\n%s", got.StatusCode, err, body)
	}
	for _, r := range answer.Responses {
		for _, p := range r.Propstats {
			for _, prop := range p.Prop.All {
				list = append(list, r.Href+" "+strings.Fields(p.Status)[1]+" "+prop.XMLName.Space+prop.XMLName.Local+"="+prop.Inner)
			}
		}
	}
	return list
}

// Explorer asks at the top of a server before it asks for the folder: there lies the one collection "dav".
func TestTheTopOfTheServerIsACollection(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	id, secret := ann.appPassword("laptop")
	propfind := func(depth, body string) *http.Response {
		return r.newBrowser().request("PROPFIND", "/", strings.NewReader(body), func(request *http.Request) {
			request.SetBasicAuth("ann", secret)
			if depth != "" {
				request.Header.Set("Depth", depth)
			}
		})
	}
	const collection = "<D:collection/>"
	for _, c := range []struct {
		what, depth, body string
		want              []string
	}{
		{"no body", "0", "", []string{"/ 200 DAV:resourcetype=" + collection, "/ 200 DAV:displayname="}},
		{"no body", "1", "", []string{"/ 200 DAV:resourcetype=" + collection, "/ 200 DAV:displayname=", "/dav/ 200 DAV:resourcetype=" + collection, "/dav/ 200 DAV:displayname=dav"}},
		{"prop", "1", `<propfind xmlns="DAV:"><prop><getetag/><resourcetype/><x xmlns="urn:x"/></prop></propfind>`, []string{
			"/ 200 DAV:resourcetype=" + collection, "/ 404 DAV:getetag=", "/ 404 urn:xx=", "/dav/ 200 DAV:resourcetype=" + collection, "/dav/ 404 DAV:getetag=", "/dav/ 404 urn:xx="}},
		{"only what is not there", "0", `<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>`, []string{"/ 404 DAV:getetag="}},
		{"propname", "0", `<propfind xmlns="DAV:"><propname/></propfind>`, []string{"/ 200 DAV:resourcetype=", "/ 200 DAV:displayname="}},
		{"allprop with more", "0", `<propfind xmlns="DAV:"><allprop/><include><displayname/><getetag/></include></propfind>`, []string{"/ 200 DAV:resourcetype=" + collection, "/ 200 DAV:displayname=", "/ 404 DAV:getetag="}},
	} {
		got := propfind(c.depth, c.body)
		wantStatus(t, c.what, got, 207)
		if list := rootProps(t, got); !slices.Equal(list, c.want) {
			t.Errorf("%s, Depth %s: %q\nwant %q", c.what, c.depth, list, c.want)
		}
	}
	for _, depth := range []string{"", "infinity"} {
		got := propfind(depth, "")
		wantStatus(t, "Depth: "+depth, got, 403)
		if body, _ := io.ReadAll(got.Body); !strings.Contains(string(body), "propfind-finite-depth") {
			t.Errorf("Depth: %q: %s", depth, body)
		}
	}
	wantStatus(t, "Depth: 2", propfind("2", ""), 400)
	wantStatus(t, "no XML", propfind("0", "<a"), 400)
	wantStatus(t, "another body", propfind("0", `<x xmlns="DAV:"/>`), 400)
	wantStatus(t, "a document type", propfind("0", `<!DOCTYPE x><propfind xmlns="DAV:"><allprop/></propfind>`), 400)
	wantStatus(t, "too long", propfind("0", strings.Repeat(" ", 65<<10)), 413)

	for what, change := range map[string]func(*http.Request){
		"nobody":             func(*http.Request) {},
		"a wrong password":   func(r *http.Request) { r.SetBasicAuth("ann", "wrong") },
		"another's name":     func(r *http.Request) { r.SetBasicAuth("bob", secret) },
		"the session cookie": func(r *http.Request) { r.AddCookie(ann.cookies[0]) },
	} {
		got := r.newBrowser().request("PROPFIND", "/", nil, func(r *http.Request) {
			r.Header.Set("Depth", "0")
			change(r)
		})
		wantStatus(t, what, got, 401)
		if asked := got.Header.Get("WWW-Authenticate"); !strings.HasPrefix(asked, "Basic ") {
			t.Errorf("%s: WWW-Authenticate: %q", what, asked)
		}
	}
	ann.call(204, "DELETE", fmt.Sprintf("/api/app-passwords/%d", id), nil, nil)
	wantStatus(t, "a revoked app password", propfind("0", ""), 401)
	wantStatus(t, "the page", ann.request("GET", "/", nil, nil), 200)
	wantStatus(t, "another method", ann.request("PROPPATCH", "/", nil, nil), 405)
}

// A mount that was given the server's address without /dav/, or another page's, is told where the drive is; a browser gets a page.
func TestAMountAtTheWrongAddressIsToldWhereTheDriveIs(t *testing.T) {
	r := newServer(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"PROPFIND", "/nowhere", 404}, {"PROPFIND", "/nowhere/", 404}, {"PROPFIND", "/webdav/ann", 404}, {"PROPFIND", "/davs/", 404}, {"PROPFIND", "/settings", 405},
		{"PUT", "/a.txt", 404}, {"MKCOL", "/d", 404}, {"LOCK", "/a.txt", 404}, {"PROPPATCH", "/", 405}, {"DELETE", "/drive/a", 405}, {"POST", "/", 405},
	} {
		got := r.newBrowser().request(c.method, c.path, nil, nil)
		wantStatus(t, c.method+" "+c.path, got, c.status)
		body, err := io.ReadAll(got.Body)
		must(t, err)
		if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || !strings.HasSuffix(string(body), " The drive to mount is at "+r.URL+"/dav/\n") || strings.Count(string(body), "\n") != 1 {
			t.Errorf("%s %s: %s %s", c.method, c.path, kind, body)
		}
	}
	for _, method := range []string{"GET", "HEAD"} {
		got := r.newBrowser().request(method, "/nowhere", nil, nil)
		wantStatus(t, method, got, 404)
		if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s: %s", method, kind)
		}
	}
	got := r.newBrowser().request("PROPFIND", "/nowhere", nil, func(r *http.Request) { r.Host = "evil.example" })
	wantStatus(t, "a wrong host", got, 421)
	if body, _ := io.ReadAll(got.Body); strings.Contains(string(body), r.URL) || strings.Contains(string(body), "<") {
		t.Errorf("under another's name: %s", body)
	}
}

// RFC 4918, 10.1: the redirectors of Windows and macOS ask for OPTIONS before they sign in, and not only at the folder.
func TestOptionsNeedNoSignIn(t *testing.T) {
	r := newServer(t)
	for _, path := range []string{"/", "/dav", "/dav/", "/dav/none/a%20b", "/files/", "/s/", "/nowhere", "/nowhere/below", "/static/x"} {
		got := r.newBrowser().request("OPTIONS", path, nil, nil)
		wantStatus(t, "OPTIONS "+path, got, 200)
		if got.Header.Get("DAV") != "1, 2, 3" || got.Header.Get("MS-Author-Via") != "DAV" || !strings.Contains(got.Header.Get("Allow"), "PROPFIND") || got.ContentLength != 0 {
			t.Errorf("OPTIONS %s: %v", path, got.Header)
		}
	}
	wantStatus(t, "OPTIONS of uploads", r.newBrowser().request("OPTIONS", "/api/uploads/", nil, nil), 204)
	wantStatus(t, "GET of nothing", r.newBrowser().request("GET", "/nowhere", nil, nil), 404)
	got := r.newBrowser().request("OPTIONS", "/", nil, func(r *http.Request) { r.Host = "evil.example" })
	wantStatus(t, "OPTIONS of another host", got, 421)
}
