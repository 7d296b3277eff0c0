package release

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// Make visits a handler, which answers as a server at base with the hash list would, and lists its answers.
func Make(version string, handler http.Handler, base *url.URL, list string, visits []Visit) (*List, error) {
	made := &List{Version: version}
	place := placeOf(base, list)
	for _, visit := range visits {
		r := httptest.NewRequest(http.MethodGet, visit.at(base), nil)
		visitors[0].dress(r, visit)
		r.Header.Set("Accept-Encoding", "identity")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		headers, err := place.headers(answer.Header(), nil)
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", visit.Path, err)
		}
		content, err := place.content(answer.Header(), answer.Body.Bytes())
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", visit.Path, err)
		}
		set := slices.IndexFunc(made.Headers, func(known map[string]string) bool { return maps.Equal(known, headers) })
		if set < 0 {
			set = len(made.Headers)
			made.Headers = append(made.Headers, headers)
		}
		made.Answers = append(made.Answers, Answer{Visit: visit, Status: answer.Code, Headers: set, SHA256: Sum(content)})
	}
	return made, nil
}

func placeOf(base *url.URL, list string) Place {
	return Place{Origin: base.Scheme + "://" + base.Host, Base: strings.TrimRight(base.EscapedPath(), "/"), List: list}
}
