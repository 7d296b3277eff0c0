package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// contract is docs/openapi.yaml. The rig holds every answer that passes through it against the file, and every request that was taken.
type contract struct {
	*openapi3.T

	mu   sync.Mutex
	seen map[string]bool // operations that succeeded
}

// promised reads the file once for all tests.
var promised = sync.OnceValues(func() (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("../docs/openapi.yaml")
	if err != nil {
		return nil, err
	}
	return &contract{T: doc, seen: map[string]bool{}}, doc.Validate(context.Background())
})

// TestMain fails where the whole package ran and a call of the API was never seen to succeed: nobody would notice that the file is wrong about it.
func TestMain(m *testing.M) {
	status := m.Run()
	if chosen := flag.Lookup("test.run").Value.String() + flag.Lookup("test.skip").Value.String() + flag.Lookup("test.list").Value.String(); status == 0 && chosen == "" {
		c, err := promised()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for path, item := range c.Paths.Map() {
			for method, operation := range item.Operations() {
				if strings.HasPrefix(path, "/api/") && !c.seen[operation.OperationID] {
					fmt.Fprintf(os.Stderr, "docs/openapi.yaml: no test in server/ had %s %s (%s) succeed\n", method, path, operation.OperationID)
					status = 1
				}
			}
		}
	}
	os.Exit(status)
}

// find is the entry of the file for a request, nil where there is none.
func (c *contract) find(method, path string) (*routers.Route, map[string]string) {
	var found *routers.Route
	var params map[string]string
	for template, item := range c.Paths.Map() {
		operation := item.GetOperation(openapiMethod(item, method))
		values, ok := matches(template, path)
		if operation == nil || !ok || found != nil && len(values) > len(params) { // what stands for itself goes before what stands for any
			continue
		}
		found, params = &routers.Route{Spec: c.T, Path: template, PathItem: item, Method: method, Operation: operation}, values
	}
	return found, params
}

// openapiMethod is the method under which the file has a request: every GET is answered as HEAD too.
func openapiMethod(item *openapi3.PathItem, method string) string {
	switch {
	case method == http.MethodHead && item.Head == nil:
		return http.MethodGet
	case item.Operations()[method] == nil:
		return http.MethodTrace // which no path has: GetOperation panics on what is WebDAV's
	}
	return method
}

// matches compares a path as it was sent with one of the file. {path} stands for any number of segments, which this format cannot say.
func matches(template, path string) (map[string]string, bool) {
	values := map[string]string{}
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if last := len(want) - 1; want[last] == "{path}" && len(got) > last {
		got = append(got[:last:last], strings.Join(got[last:], "/"))
	}
	if len(want) != len(got) {
		return nil, false
	}
	for i, segment := range want {
		if name, isParam := strings.CutPrefix(segment, "{"); isParam && got[i] != "" {
			value, err := url.PathUnescape(got[i])
			if err != nil {
				return nil, false
			}
			values[strings.TrimSuffix(name, "}")] = value
		} else if segment != got[i] {
			return nil, false
		}
	}
	return values, true
}

// check holds an answer against the file, and the request too if it was taken. It reads answers in JSON, and leaves them to be read once more.
func (c *contract) check(t *testing.T, r *http.Request, answer *http.Response) {
	t.Helper()
	what := fmt.Sprintf("docs/openapi.yaml: %s %s: %d", r.Method, r.URL.Path, answer.StatusCode)
	route, params := c.find(r.Method, r.URL.EscapedPath())
	if route == nil {
		if answer.StatusCode < 400 && strings.HasPrefix(r.URL.Path, "/api/") { // elsewhere are WebDAV's methods, and OPTIONS for every path
			t.Errorf("%s, and there is no such call in it", what)
		}
		return
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r.Clone(r.Context()), PathParams: params, QueryParams: r.URL.Query(), Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true},
	}
	in.Request.Body = nil
	if answer.StatusCode < 400 {
		if err := c.taken(in, r); err != nil {
			t.Errorf("%s, but of the request it says: %v", what, err)
		}
		c.mu.Lock()
		c.seen[route.Operation.OperationID] = true
		c.mu.Unlock()
	}
	if err := c.answered(t, what, in, answer); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// taken checks a request that the server took.
func (c *contract) taken(in *openapi3filter.RequestValidationInput, r *http.Request) error {
	for name := range in.QueryParams {
		if in.Route.Operation.Parameters.GetByInAndName("query", name) == nil && strings.HasPrefix(in.Route.Path, "/api/") {
			return fmt.Errorf("there is no %q in the query", name)
		}
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	in.Options.ExcludeRequestBody = kind != "application/json" && kind != "multipart/form-data"
	if r.Body != nil && !in.Options.ExcludeRequestBody {
		if r.GetBody == nil { // a body that can't be read twice
			in.Options.ExcludeRequestBody = true
		} else {
			body, err := r.GetBody()
			if err != nil {
				return err
			}
			in.Request.Body = body
		}
	}
	return openapi3filter.ValidateRequest(in.Request.Context(), in)
}

func (c *contract) answered(t *testing.T, what string, in *openapi3filter.RequestValidationInput, answer *http.Response) error {
	response := in.Route.Operation.Responses.Status(answer.StatusCode)
	if response == nil {
		response = in.Route.Operation.Responses.Default()
	}
	if response == nil {
		return errors.New("it has no such status")
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	media := response.Value.Content[kind]
	head := in.Request.Method == http.MethodHead
	if len(response.Value.Content) > 0 && media == nil && !(head && kind == "") {
		return fmt.Errorf("an answer of type %q", kind)
	}
	var content []byte
	switch {
	case head, !strings.HasPrefix(in.Route.Path, "/api/"):
	case kind == "application/json":
		var err error
		if content, err = io.ReadAll(answer.Body); err != nil {
			return err
		}
		if answer.Body = io.NopCloser(bytes.NewReader(content)); media == nil {
			return fmt.Errorf("an answer that it does not know: %s", content)
		}
	case kind == "application/x-ndjson":
		answer.Body = &lines{ReadCloser: answer.Body, line: func(line []byte) {
			var v any
			err := json.Unmarshal(line, &v)
			if err == nil {
				err = media.Schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020())
			}
			if err != nil {
				t.Errorf("%s: %s: %v", what, line, err)
			}
		}}
	}
	if head {
		in.Request.Method = http.MethodGet // of HEAD the library checks nothing
	}
	return openapi3filter.ValidateResponse(in.Request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: answer.StatusCode, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(content)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: content == nil},
	})
}

// lines hands on each whole line that is read.
type lines struct {
	io.ReadCloser
	line  func([]byte)
	begun []byte
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	l.begun = append(l.begun, p[:n]...)
	for {
		line, rest, whole := bytes.Cut(l.begun, []byte("\n"))
		if !whole {
			return n, err
		}
		l.line(line)
		l.begun = rest
	}
}
