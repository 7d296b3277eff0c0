package dav_test

import (
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"
)

// wantSentence checks that an answer tells people what is the matter, in one sentence that has all the words, and tells nothing of the server's insides.
func (s *server) wantSentence(what string, a answer, words ...string) {
	s.t.Helper()
	sentence, ok := strings.CutSuffix(a.body, "\n")
	if kind := a.head.Get("Content-Type"); kind == "application/xml; charset=utf-8" {
		var e struct {
			XMLName xml.Name `xml:"DAV: error"`
			Message string   `xml:"http://sabredav.org/ns message"`
			All     []struct {
				XMLName xml.Name
			} `xml:",any"`
		}
		if err := xml.Unmarshal([]byte(a.body), &e); err != nil || len(e.All) != 1 || e.All[0].XMLName.Space != "DAV:" {
			s.t.Errorf("%.60s: not one precondition and a message: %s (%v)", what, a.body, err)
		}
		sentence, ok = e.Message, true
	} else if kind != "text/plain; charset=utf-8" {
		s.t.Errorf("%.60s: a failure of type %q", what, kind)
	}
	if !ok || !strings.HasSuffix(sentence, ".") || !strings.Contains(sentence, " ") || strings.Contains(sentence, "\n") || len(sentence) > 200 {
		s.t.Errorf("%.60s, %d: no sentence: %q", what, a.status, sentence)
	}
	for _, inside := range []string{s.data, "/", "dav:", "status", "error", "\x00"} {
		if strings.Contains(sentence, inside) {
			s.t.Errorf("%.60s, %d: %q tells of %q", what, a.status, sentence, inside)
		}
	}
	for _, word := range words {
		if !strings.Contains(sentence, word) {
			s.t.Errorf("%.60s, %d: %q does not say %q", what, a.status, sentence, word)
		}
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	s.write("g", "y")
	s.write("d/f", "x")
	s.write("locked", "x")
	s.lock(200, "/locked")
	if err := os.Symlink("f", s.file("link")); err != nil {
		t.Skip("no symbolic links here")
	}
	for _, c := range []struct {
		status             int
		method, path, body string
		head               []string
		words              []string
	}{
		{400, "PUT", "/a%5Cb", "x", nil, []string{"name", "backslash"}},
		{400, "PUT", "/" + strings.Repeat("n", 256), "x", nil, []string{"name", "255"}},
		{400, "MKCOL", "/a%01", "", nil, []string{"name", "control character"}},
		{400, "PUT", "/f?", "x", nil, []string{"question mark", "%3F"}},
		{400, "PROPFIND", "/", "<no", []string{"Depth: 0"}, []string{"request"}},
		{403, "DELETE", "/", "", nil, []string{"drive itself"}},
		{403, "MOVE", "/d", "", []string{"Destination: /dav/d/e"}, []string{"moved", "into itself"}},
		{403, "COPY", "/f", "", []string{"Destination: /dav/f"}, []string{"copied", "onto"}},
		{403, "PUT", "/link", "x", nil, []string{"neither a file nor a folder"}},
		{403, "MOVE", "/f", "", []string{"Destination: /dav/link"}, []string{"neither a file nor a folder"}},
		{403, "PROPFIND", "/", "", []string{"Depth: infinity"}, []string{"Depth 0 or 1"}},
		{404, "GET", "/none", "", nil, []string{"nothing here"}},
		{405, "GET", "/d", "", nil, []string{"folder", "mount"}},
		{405, "MKCOL", "/d", "", nil, []string{"this name already"}},
		{405, "PUT", "/d", "x", nil, []string{"folder"}},
		{405, "POST", "/f", "x", nil, nil},
		{409, "PUT", "/none/f", "x", nil, []string{"folder", "does not exist", "Make it"}},
		{409, "MKCOL", "/none/d", "", nil, []string{"folder", "does not exist", "Make it"}},
		{409, "COPY", "/f", "", []string{"Destination: /dav/none/f"}, []string{"folder", "does not exist", "Make it"}},
		{409, "UNLOCK", "/f", "", []string{"Lock-Token: <x:y>"}, []string{"no such lock"}},
		{412, "PUT", "/f", "x", []string{`If-Match: "other"`}, []string{"changed", "Look at it again"}},
		{412, "DELETE", "/f", "", []string{`If: (["other"])`}, []string{"changed", "Look at it again"}},
		{412, "MOVE", "/f", "", []string{"Destination: /dav/g", `If-Match: "other"`}, []string{"changed", "Look at it again"}},
		{412, "MOVE", "/f", "", []string{"Destination: /dav/g", "Overwrite: F"}, []string{"destination", "not to replace"}},
		{412, "COPY", "/f", "", []string{"Destination: /dav/g", "Overwrite: F"}, []string{"destination", "not to replace"}},
		{413, "PROPFIND", "/", strings.Repeat(" ", 65<<10), []string{"Depth: 0"}, []string{"longer"}},
		{414, "GET", "/" + strings.Repeat("n/", 2100), "", nil, []string{"too long"}},
		{415, "PUT", "/f", "x", []string{"Content-Encoding: gzip"}, []string{"compressed"}},
		{415, "MKCOL", "/new", "x", nil, []string{"no body"}},
		{423, "PUT", "/locked", "x", nil, []string{"locked", "wait"}},
		{423, "LOCK", "/locked", lockBody, nil, []string{"locked", "wait"}},
		{502, "MOVE", "/f", "", []string{"Destination: http://elsewhere.example/dav/f"}, []string{"not in this drive"}},
	} {
		s.wantSentence(c.method+" "+c.path, s.want(c.status, c.method, c.path, c.body, c.head...), c.words...)
	}
	s.quotas(10, 0)
	s.wantSentence("over quota", s.want(507, "PUT", "/big", strings.Repeat("x", 11)), "quota", "Delete something")
	s.quotas(0, 0)
	a := s.send("PUT", "/huge", io.MultiReader(strings.NewReader("x")), "X-Expected-Entity-Length: 4611686018427387904")
	if a.status != 507 {
		t.Errorf("more than any disk holds: %d", a.status)
	}
	s.wantSentence("a full disk", a, "disk is full")
}
