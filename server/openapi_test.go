package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"thorpe/server/accounts"
)

// TestTheRoutesAreThoseOfTheFile holds the table of routes and docs/openapi.yaml to each other: none is missing, none is invented.
func TestTheRoutesAreThoseOfTheFile(t *testing.T) {
	file, err := promised()
	must(t, err)
	routes, written := map[string]bool{}, map[string]bool{}
	for _, route := range newServer(t).Server.Routes() {
		path := strings.Split(route.Path, "/")
		for i, segment := range path {
			if name, isParam := strings.CutPrefix(segment, ":"); isParam {
				path[i] = "{" + name + "}"
			} else if segment == "*" {
				path[i] = "{path}"
			}
		}
		routes[route.Method+" "+strings.Join(path, "/")] = true
	}
	for path, item := range file.Paths.Map() {
		for method := range item.Operations() {
			written[method+" "+path] = true
		}
		further, _ := item.Extensions["x-webdav"].([]any)
		for _, method := range further {
			written[method.(string)+" "+path] = true
		}
		if item.Get != nil && !strings.HasPrefix(path, "/api/links/") { // what the file says once, for all
			written["HEAD "+path] = true
		}
	}
	for route := range routes {
		method, path, _ := strings.Cut(route, " ")
		door := path == "/dav" || path == "/files" || strings.HasPrefix(path, "/dav/") || strings.HasPrefix(path, "/files/")
		if door && (method == http.MethodPost || method == http.MethodPatch) {
			continue // they are routed so that a door refuses them in its own words
		}
		if !written[route] {
			t.Errorf("%s is answered, and docs/openapi.yaml has nothing of it", route)
		}
	}
	for route := range written {
		if !routes[route] {
			t.Errorf("docs/openapi.yaml has %s, which is no route", route)
		}
	}
}

// TestTheTextNamesEveryCall holds docs/api.md, which people read, to the calls that there are.
func TestTheTextNamesEveryCall(t *testing.T) {
	file, err := promised()
	must(t, err)
	content, err := os.ReadFile("../docs/api.md")
	must(t, err)
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`([A-Z]+) (/api/[^`?]*)").FindAllStringSubmatch(string(content), -1) {
		path := regexp.MustCompile("/ID(/|$)").ReplaceAllString(m[2], "/{id}$1")
		named[m[1]+" "+path] = true
		if item := file.Paths.Value(path); item == nil || item.Operations()[m[1]] == nil {
			t.Errorf("docs/api.md names %s %s, which is no call", m[1], m[2])
		}
	}
	for path, item := range file.Paths.Map() {
		for method := range item.Operations() {
			if call := method + " " + path; strings.HasPrefix(path, "/api/") && !named[call] {
				t.Errorf("docs/api.md does not name %s", call)
			}
		}
	}
}

// TestWhoMayCall asks for each call of docs/openapi.yaml as somebody who may not.
func TestWhoMayCall(t *testing.T) {
	file, err := promised()
	must(t, err)
	r := newServer(t)
	operator, bob, nobody := r.member("ann", 1), r.member("bob", 2), r.newBrowser()
	r.Pass(accounts.ProofLife + 1)
	for path, item := range file.Paths.Map() {
		for method, operation := range item.Operations() {
			what := method + " " + path
			ask := func(b *browser, site string) (status int, code string) {
				return askFor(b, method, path, operation, site)
			}
			var roles []string
			scheme := ""
			for _, requirement := range *operation.Security {
				for name, needed := range requirement {
					scheme, roles = name, needed
				}
			}
			if status, _ := ask(nobody, ""); (scheme == "session" || scheme == "appPassword") != (status == 401) {
				t.Errorf("%s needs %q by the file; whoever shows nothing gets %d", what, scheme, status)
			}
			switch scheme {
			case "link":
				if status, _ := ask(operator, ""); status != 404 { // there is no such link, cookie or not
					t.Errorf("%s with a session and no token: %d", what, status)
				}
				continue
			case "appPassword":
				if status, _ := ask(operator, ""); status != 401 {
					t.Errorf("%s with a session: %d", what, status)
				}
				continue
			}
			if strings.HasPrefix(path, "/api/") && !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) {
				if status, code := ask(operator, "cross-site"); status != 403 || code != "cross_site" {
					t.Errorf("%s from another site: %d %s", what, status, code)
				}
			}
			if operation.OperationID == "sessionDelete" {
				continue // or there would be nobody to ask for the rest
			}
			theirs, code := ask(bob, "")
			ours, proof := ask(operator, "")
			if slices.Contains(roles, "operator") {
				if theirs != 404 || code != "not_found" {
					t.Errorf("%s is the operator's by the file; somebody else gets %d %s", what, theirs, code)
				}
			} else if theirs != ours {
				t.Errorf("%s is everybody's by the file; the operator gets %d %s, somebody else %d %s", what, ours, proof, theirs, code)
			}
			if (proof == "proof_needed") != slices.Contains(roles, "proof") {
				t.Errorf("%s needs of a session %q by the file; one without proof gets %d %s", what, roles, ours, proof)
			}
		}
	}
}

// askFor sends a call with a body that is as small as its schema allows.
func askFor(b *browser, method, path string, operation *openapi3.Operation, site string) (status int, code string) {
	b.t.Helper()
	path = strings.NewReplacer("{id}", strings.Repeat("A", 22), "/{path}", "/x").Replace(path)
	var body io.Reader
	if operation.RequestBody != nil {
		body = bytes.NewReader([]byte("{}"))
		if media := operation.RequestBody.Value.Content["application/json"]; media != nil {
			content, err := json.Marshal(leastOf(media.Schema.Value))
			must(b.t, err)
			body = bytes.NewReader(content)
		}
	}
	got := b.request(method, path, body, func(r *http.Request) {
		if body != nil {
			r.Header.Set("Content-Type", "application/json")
		}
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
	})
	var fault struct{ Code string }
	content, err := io.ReadAll(got.Body)
	must(b.t, err)
	json.Unmarshal(content, &fault)
	return got.StatusCode, fault.Code
}

// leastOf is an object with what a schema requires: keys and boxes of some bytes, and words.
func leastOf(schema *openapi3.Schema) map[string]any {
	least := map[string]any{}
	for _, name := range schema.Required {
		pattern := schema.Properties[name].Value.Pattern
		least[name] = "x"
		for end, size := range map[string]int{"{21}[AQgw]$": 16, "{42}[AEIMQUYcgkosw048]$": 32, "{80}$": 60} {
			if strings.HasSuffix(pattern, end) {
				least[name] = text(bytes.Repeat([]byte{1}, size))
			}
		}
	}
	return least
}
