package server_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// atHost is a browser that asks for paths of the whole host, not only below the base path.
func (r *rig) atHost(base string) *browser {
	return &browser{rig: &rig{t: r.t, URL: strings.TrimSuffix(r.URL, base), Server: r.Server, outside: true}}
}

func bodyOf(t *testing.T, got *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(got.Body)
	must(t, err)
	return string(body)
}

// Every door is below the base path, and at no other place of the host.
func TestBelowABasePathAllDoorsAreThere(t *testing.T) {
	for _, base := range []string{"/cloud", "/our/files-1.x"} {
		r := newServerBelow(t, t.TempDir(), base)
		ann := r.member("ann", 1)
		_, secret := ann.appPassword("laptop")
		link := ann.request("GET", "/static/x/style.css", nil, nil)
		wantStatus(t, "a static file of another version", link, 404)
		page := bodyOf(t, ann.request("GET", "/", nil, nil))
		static := regexp.MustCompile(`"(` + base + `(/static/[0-9a-f]+)/)style.css"`).FindStringSubmatch(page)
		if static == nil {
			t.Fatalf("the page has no style sheet below %s:\n%s", base, page)
		}
		for _, c := range []struct {
			method, path string
			want         int
		}{
			{"GET", "/", 200}, {"HEAD", "/", 200}, {"GET", "/drive/a/b%2Fc", 200}, {"GET", "/search", 200}, {"GET", "/recent", 200}, {"GET", "/trash", 200}, {"GET", "/links", 200},
			{"GET", "/connect", 200}, {"GET", "/settings", 200}, {"GET", "/people", 200}, {"GET", "/operator", 200}, {"GET", "/setup", 200}, {"GET", "/invite", 200},
			{"GET", "/recover", 200}, {"GET", "/about", 200}, {"GET", "/notices", 200}, {"GET", "/s/", 200}, {"GET", "/s/%23abc", 200}, {"GET", "/s/worker.js", 200},
			{"GET", "/share/", 200}, {"GET", "/share/worker.js", 200}, {"GET", "/frames/pdf", 200}, {"GET", static[2] + "/style.css", 200}, {"GET", static[2] + "/base.js", 200},
			{"GET", "/source.tar.gz", 200}, {"GET", "/healthz", 200}, {"GET", "/readyz", 200}, {"GET", "/api/session", 200}, {"GET", "/api/links", 200},
			{"GET", "/api/uploads/", 200}, {"OPTIONS", "/api/uploads/", 204}, {"GET", "/api/links/AAAAAAAAAAAAAAAAAAAAAA/manifest", 404}, {"GET", "/files/", 405},
			{"PROPFIND", "/files/", 207}, {"PROPFIND", "/files", 207}, {"PROPFIND", "/dav/", 207}, {"PROPFIND", "/dav", 207}, {"OPTIONS", "/dav/", 200}, {"PROPFIND", "/", 207},
			{"GET", "/nothing", 404}, {"GET", base + "/", 404}, {"GET", "//", 404}, {"GET", "/dav%2F", 404},
		} {
			change := func(request *http.Request) {
				request.Header.Set("Depth", "0")
				if strings.HasPrefix(c.path, "/dav") || c.path == "/" && c.method == "PROPFIND" {
					request.SetBasicAuth("ann", secret)
				}
			}
			got := ann.request(c.method, c.path, nil, change)
			wantStatus(t, c.method+" "+base+c.path, got, c.want)
			outside := http.StatusNotFound
			switch {
			case c.method == "OPTIONS":
				outside = 200 // of a WebDAV server, for Windows and macOS
			case c.path == "/healthz" || c.path == "/readyz":
				outside = 200
			case c.path == base+"/" || c.method == "PROPFIND" && c.path == "/":
				continue
			}
			wantStatus(t, c.method+" "+c.path+" outside", r.atHost(base).request(c.method, c.path, nil, change), outside)
		}
	}
}

func TestOutsideTheBasePathIsNothing(t *testing.T) {
	const base = "/cloud"
	r := newServerBelow(t, t.TempDir(), base)
	ann := r.member("ann", 1)
	host := r.atHost(base)
	host.cookies = ann.cookies
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/", 404}, {"GET", "/cloudy/", 404}, {"GET", "/Cloud/", 404}, {"GET", "//cloud/", 404}, {"GET", "/cloud%2F", 404}, {"GET", "/cloud%2Fapi/session", 404},
		{"GET", "/%63loud/", 404}, {"GET", "/x/cloud/", 404}, {"GET", "//api/session", 404}, {"GET", "/%2Fapi/session", 404}, {"GET", "///api/session", 404},
		{"GET", "/./cloud/", 404}, {"GET", "/cloud/../api/session", 404}, {"PUT", "/dav/a", 404}, {"POST", "/cloud", 404}, {"GET", "/cloud", 308}, {"HEAD", "/cloud", 308},
		{"OPTIONS", "/", 200}, {"OPTIONS", "/cloud", 200}, {"OPTIONS", "/api/", 200}, {"GET", "/healthz/", 404}, {"GET", "/readyz", 200},
	} {
		got := host.request(c.method, c.path, nil, nil)
		wantStatus(t, c.method+" "+c.path, got, c.want)
		if c.want == 308 && got.Header.Get("Location") != "/cloud/" {
			t.Errorf("%s %s leads to %q", c.method, c.path, got.Header.Get("Location"))
		}
		if c.want == 404 && c.method == "GET" && !strings.Contains(bodyOf(t, got), `href="/cloud/"`) {
			t.Errorf("the page at %s does not lead to /cloud/", c.path)
		}
	}
	if text := bodyOf(t, host.request("MKCOL", "/dav/a", nil, nil)); !strings.Contains(text, r.URL+"/dav/") {
		t.Errorf("a client that mounts another place is told %q", text)
	}
}

// Where a page leads and loads from, and what else gives addresses away.
func TestAddressesHaveTheBasePath(t *testing.T) {
	const base = "/cloud"
	r := newServerBelow(t, t.TempDir(), base)
	ann := r.member("ann", 1)
	address := regexp.MustCompile(`(?:src|href)="([^"#][^"]*)"`)
	for _, path := range []string{"/", "/about", "/notices", "/setup", "/invite", "/recover", "/s/", "/frames/pdf", "/nothing"} {
		for _, b := range []*browser{ann, r.newBrowser()} {
			for _, found := range address.FindAllStringSubmatch(bodyOf(t, b.request("GET", path, nil, nil)), -1) {
				if !strings.HasPrefix(found[1], "/cloud/") && !strings.HasPrefix(found[1], "https://") {
					t.Errorf("%s refers to %s", path, found[1])
				}
			}
		}
	}
	page := bodyOf(t, ann.request("GET", "/", nil, nil))
	if !strings.Contains(page, `data-dav="`+r.URL+`/dav/"`) {
		t.Errorf("the page does not say that the drive is at %s/dav/", r.URL)
	}
	if to := ann.request("GET", "/s", nil, nil).Header.Get("Location"); to != "/cloud/s/" {
		t.Errorf("/s leads to %q, want /cloud/s/", to)
	}
	if got := ann.request("POST", "/share/", nil, nil); got.StatusCode != 303 || got.Header.Get("Location") != "/cloud/share/?lost" {
		t.Errorf("what is shared too early leads to %d %q", got.StatusCode, got.Header.Get("Location"))
	}
	content := random(1000)
	at := ann.newUpload("sealed", "Upload-Length", strconv.Itoa(len(content)))
	if !strings.HasPrefix(at, "/cloud/api/uploads/") {
		t.Errorf("an upload is at %q", at)
	}
	wantStatus(t, "an upload at its address", ann.tus("PATCH", strings.TrimPrefix(at, base), bytes.NewReader(content), "Upload-Offset", "0"), 204)
	var invite struct{ Link string }
	ann.call(201, "POST", "/api/invites", map[string]string{"name": ""}, &invite)
	if !strings.HasPrefix(invite.Link, r.URL+"/invite#") {
		t.Errorf("an invitation is at %q", invite.Link)
	}
	if name := ann.cookies[0].Name; name != "thorpe~cloud" || ann.cookies[0].Path != "/" {
		t.Errorf("the cookie is %s at %s", name, ann.cookies[0].Path)
	}
	for path := range strings.SplitSeq(r.Log(), "\n") {
		if strings.Contains(path, "route=/cloud") || strings.Contains(path, `route=""`) && !strings.Contains(path, "status=404") {
			t.Errorf("the log has a route that is none: %s", path)
		}
	}
}

// WebDAV speaks in addresses: in answers, and in the headers of requests.
func TestWebDAVBelowABasePath(t *testing.T) {
	const base = "/cloud"
	r := newServerBelow(t, t.TempDir(), base)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("laptop")
	dav := func(method, path, body string, headers ...string) *http.Response {
		return r.newBrowser().request(method, path, strings.NewReader(body), func(request *http.Request) {
			request.SetBasicAuth("ann", secret)
			for i := 0; i < len(headers); i += 2 {
				request.Header.Set(headers[i], headers[i+1])
			}
		})
	}
	wantStatus(t, "PUT", dav("PUT", "/dav/a%20%23b", "x"), 201)
	wantStatus(t, "MKCOL", dav("MKCOL", "/dav/cloud", ""), 201)
	href := regexp.MustCompile(`<D:href>([^<]*)</D:href>`)
	hrefs := func(got *http.Response) (list []string) {
		for _, found := range href.FindAllStringSubmatch(bodyOf(t, got), -1) {
			list = append(list, found[1])
		}
		slices.Sort(list)
		return list
	}
	want := []string{"/cloud/dav/", "/cloud/dav/a%20%23b", "/cloud/dav/cloud/"}
	if got := hrefs(dav("PROPFIND", "/dav/", "", "Depth", "1")); !slices.Equal(got, want) {
		t.Errorf("PROPFIND: %q, want %q", got, want)
	}
	want = []string{"/cloud/files/", "/cloud/files/a%20%23b", "/cloud/files/cloud/"}
	got := ann.request("PROPFIND", "/files/", nil, func(request *http.Request) { request.Header.Set("Depth", "1") })
	if got := hrefs(got); !slices.Equal(got, want) {
		t.Errorf("PROPFIND by the web drive: %q, want %q", got, want)
	}
	for _, c := range []struct {
		destination string
		want        int
	}{
		{r.URL + "/dav/b", 201}, {"/cloud/dav/c", 201}, {r.URL + "/dav/cloud/b", 201}, {"/dav/d", 502}, {strings.TrimSuffix(r.URL, base) + "/dav/d", 502},
		{r.URL + "/files/d", 502}, {"/cloud/dav%2Fd", 502}, {"/cloudy/dav/d", 502},
	} {
		wantStatus(t, "COPY to "+c.destination, dav("COPY", "/dav/a%20%23b", "", "Destination", c.destination), c.want)
	}
	wantStatus(t, "MOVE", dav("MOVE", "/dav/b", "", "Destination", r.URL+"/dav/m"), 201)

	lock := dav("LOCK", "/dav/m", `<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>`)
	wantStatus(t, "LOCK", lock, 200)
	if body := bodyOf(t, lock); !strings.Contains(body, "<D:lockroot><D:href>/cloud/dav/m</D:href></D:lockroot>") {
		t.Errorf("the lock's root: %s", body)
	}
	token := lock.Header.Get("Lock-Token")
	wantStatus(t, "PUT without the token", dav("PUT", "/dav/m", "y"), 423)
	for _, c := range []struct {
		tag  string
		want int
	}{{r.URL + "/dav/m", 204}, {"/cloud/dav/m", 204}, {"/dav/m", 412}, {strings.TrimSuffix(r.URL, base) + "/dav/m", 412}} {
		wantStatus(t, "PUT if <"+c.tag+">", dav("PUT", "/dav/m", "y", "If", "<"+c.tag+"> ("+token+")"), c.want)
	}
	wantStatus(t, "UNLOCK", dav("UNLOCK", "/dav/m", "", "Lock-Token", token), 204)

	wantStatus(t, "DELETE", dav("DELETE", "/dav/m", ""), 204)
	wantStatus(t, "DELETE in the browser", ann.request("DELETE", "/files/c", nil, nil), 204)
	var trash struct{ Items []struct{ Path, Door string } }
	ann.call(200, "GET", "/api/trash", nil, &trash)
	var doors []string
	for _, item := range trash.Items {
		doors = append(doors, item.Path+" "+item.Door)
	}
	slices.Sort(doors)
	if !slices.Equal(doors, []string{"c files", "m dav"}) {
		t.Errorf("what was deleted: %q", doors)
	}
}

// Windows looks for each step of the way to a drive, from the top of the host on.
func TestTheWayDownToTheDriveIsThere(t *testing.T) {
	const base = "/our/cloud"
	r := newServerBelow(t, t.TempDir(), base)
	_, secret := r.member("ann", 1).appPassword("laptop")
	for path, want := range map[string][]string{
		"/": {"/ ", "/our/ our"}, "/our": {"/our/ our", "/our/cloud/ cloud"}, "/our/": {"/our/ our", "/our/cloud/ cloud"},
		"/our/cloud": {"/our/cloud/ cloud", "/our/cloud/dav/ dav"}, "/our/cloud/": {"/our/cloud/ cloud", "/our/cloud/dav/ dav"}, "/ou": nil, "/cloud": nil, "/our/cloudy": nil,
	} {
		propfind := func(secret string) *http.Response {
			return r.atHost(base).request("PROPFIND", path, nil, func(request *http.Request) {
				request.SetBasicAuth("ann", secret)
				request.Header.Set("Depth", "1")
			})
		}
		if want == nil {
			wantStatus(t, "PROPFIND "+path, propfind(secret), 404)
			continue
		}
		wantStatus(t, "PROPFIND "+path+" with a wrong password", propfind("x"), 401)
		var found []string
		for _, prop := range rootProps(t, propfind(secret)) {
			if place, name, ok := strings.Cut(prop, " 200 DAV:displayname="); ok {
				found = append(found, place+" "+name)
			}
		}
		if !slices.Equal(found, want) {
			t.Errorf("PROPFIND %s: %q, want %q", path, found, want)
		}
	}
}
