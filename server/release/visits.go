package release

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// pages are what a visitor's browser can open without an account. Those of the drive answer with the page to sign in at.
var pages = []string{
	"/", "/drive", "/drive/x", "/search", "/recent", "/trash", "/links", "/connect", "/settings", "/people", "/operator", "/operator/links", "/operator/reports", "/share/",
	"/s", "/s/", "/s/?x", "/s/x", // a link's key that stood in the path is not looked at
	"/setup", "/invite", "/recover", "/about", "/notices",
	"/no-such-page",
}

// plain are what is loaded at addresses that stay.
var plain = []string{"/s/worker.js", "/share/worker.js", OpenerPath, "/source.tar.gz"}

// Visits is all that a visitor's browser may load: the pages in each language and theme, and each of the static files, those included that are loaded on demand.
func Visits(languages []string, staticPath string, files []string) []Visit {
	var all []Visit
	for _, language := range languages {
		for _, theme := range []string{"", "light", "dark"} {
			for _, page := range append(pages, "/frames/pdf") {
				all = append(all, Visit{page, language, theme})
			}
		}
	}
	for _, one := range plain {
		all = append(all, Visit{Path: one})
	}
	for _, name := range files {
		all = append(all, Visit{Path: staticPath + "/" + name})
	}
	return all
}

// at is the visit's address below a server's.
func (v Visit) at(base *url.URL) string {
	name, query, _ := strings.Cut(v.Path, "?")
	at := base.JoinPath(name)
	at.RawQuery = query
	return at.String()
}

// visitor is one of the browsers that a visit is made as.
type visitor struct {
	name      string
	agent     string
	languages func(language string) (accept, cookie string)
	gzip      bool
}

func byBrowser(language string) (string, string) { return language + ",en;q=0.5", "" }

// byChoice is somebody who chose the language on the page, with a browser that asks for others.
func byChoice(language string) (string, string) {
	return "en-GB,en;q=0.8,de;q=0.5", "language=" + language
}

var visitors = []visitor{
	{"Chrome", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", byBrowser, true},
	{"Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", byChoice, false},
	{"Safari on a phone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", byBrowser, true},
}

// dress gives a request the headers that the visitor's browser would send with it.
func (v visitor) dress(r *http.Request, visit Visit) {
	r.Header.Set("User-Agent", v.agent)
	r.Header.Set("Accept-Encoding", "identity")
	if v.gzip {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	dest, mode, site := "empty", "cors", "same-origin"
	switch path.Ext(visit.Path) {
	case ".js":
		dest = "script"
	case ".css":
		dest, mode = "style", "no-cors"
	case ".svg", ".png":
		dest, mode = "image", "no-cors"
	}
	switch {
	case strings.HasSuffix(visit.Path, "/worker.js"):
		dest, mode = "serviceworker", "same-origin"
		r.Header.Set("Service-Worker", "script")
	case visit.Path == "/frames/pdf":
		dest, mode = "iframe", "navigate"
	case visit.Language != "":
		dest, mode, site = "document", "navigate", "none"
	}
	r.Header.Set("Sec-Fetch-Dest", dest)
	r.Header.Set("Sec-Fetch-Mode", mode)
	r.Header.Set("Sec-Fetch-Site", site)
	accept, cookie := "en", ""
	if visit.Language != "" {
		accept, cookie = v.languages(visit.Language)
	}
	r.Header.Set("Accept-Language", accept)
	if visit.Theme != "" {
		if cookie != "" {
			cookie += "; "
		}
		cookie += "theme=" + visit.Theme
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
}
