package dav_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What each client really sends, from testdata/clients, and what it must be answered.
func TestClients(t *testing.T) {
	files, err := filepath.Glob("testdata/clients/*.txt")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d transcripts (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			c := readTranscript(t, file)
			p := &player{server: newServer(t), values: map[string]string{}}
			for i := range c.exchanges {
				p.play(&c.exchanges[i])
			}
			p.wantTree("at the end", c.tree)
		})
	}
}

// A transcript is a text file. Its head names its source; lines that begin with # are comments. Then, for each exchange,
//
//	> METHOD /dav/path         the request line
//	> Name: value              its headers; without Content-Length a body goes out chunked
//	| text                     its body, line by line; \ at the end of the last line: no newline after it
//	< 207                      the answer's status
//	< Name: pattern            a header that it must have
//	~ pattern                  what its body must hold
//	! pattern                  what it must not
//
// and at the end what then lies on the disk, all of it: "= folder/", "= file=its content, with newlines as \n". Patterns are regular expressions; a named group in one becomes a value, and
// ${name} stands for it further down; ${host} is the server's. "@ 3601" lets so many seconds pass; "@ write NAME=TEXT" puts a file there from outside.
type transcript struct {
	exchanges []recorded
	tree      string
}

type recorded struct {
	line          int
	aside         string // "@", instead of a request
	method, path  string
	head          []string
	body          *string
	status        int
	wantHead      []string
	hold, holdNot []string
}

func readTranscript(t *testing.T, file string) *transcript {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "# Source: ") {
		t.Errorf("%s does not say where it comes from", file)
	}
	c := &transcript{}
	var x *recorded
	var tree []string
	for i, line := range strings.Split(string(b), "\n") {
		mark, rest, _ := strings.Cut(line, " ")
		switch {
		case mark == ">" && (x == nil || x.status != 0 || x.aside != ""):
			c.exchanges = append(c.exchanges, recorded{line: i + 1})
			x = &c.exchanges[len(c.exchanges)-1]
			x.method, x.path, _ = strings.Cut(rest, " ")
		case mark == ">":
			x.head = append(x.head, rest)
		case mark == "|" || line == "|":
			text, cut := strings.CutSuffix(rest, `\`)
			if !cut {
				text += "\n"
			}
			if x.body != nil {
				text = *x.body + text
			}
			x.body = &text
		case mark == "<" && x.status == 0:
			if x.status, err = strconv.Atoi(rest); err != nil {
				t.Fatalf("%s:%d: %s", file, i+1, line)
			}
		case mark == "<":
			x.wantHead = append(x.wantHead, rest)
		case mark == "~":
			x.hold = append(x.hold, rest)
		case mark == "!":
			x.holdNot = append(x.holdNot, rest)
		case mark == "@":
			c.exchanges = append(c.exchanges, recorded{line: i + 1, aside: rest})
			x = &c.exchanges[len(c.exchanges)-1]
		case mark == "=":
			tree = append(tree, strings.ReplaceAll(rest, `\n`, "\n"))
		case line != "" && mark != "#" && line != "#":
			t.Fatalf("%s:%d: %s", file, i+1, line)
		}
	}
	slices.Sort(tree)
	c.tree = strings.Join(tree, " ")
	return c
}

// player sends a transcript's requests, as they stand, to a server.
type player struct {
	*server
	values map[string]string
}

func (p *player) play(x *recorded) {
	p.t.Helper()
	what := fmt.Sprintf("line %d: %s %s", x.line, x.method, x.path)
	if x.aside != "" {
		p.doAside(x.aside)
		return
	}
	a, err := p.request(x)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	if a.status != x.status {
		p.t.Fatalf("%s: %d, want %d\n%s", what, a.status, x.status, a.body)
	}
	for _, want := range x.wantHead {
		name, pattern, _ := strings.Cut(want, ": ")
		if !p.holds(strings.Join(a.head.Values(name), ", "), pattern) {
			p.t.Errorf("%s: %s is %q, want %s", what, name, a.head.Values(name), pattern)
		}
	}
	for _, pattern := range x.hold {
		if !p.holds(a.body, pattern) {
			p.t.Errorf("%s: nothing matches %s in\n%s", what, pattern, a.body)
		}
	}
	for _, pattern := range x.holdNot {
		if p.holds(a.body, pattern) {
			p.t.Errorf("%s: something matches %s in\n%s", what, pattern, a.body)
		}
	}
}

func (p *player) doAside(aside string) {
	p.t.Helper()
	if file, ok := strings.CutPrefix(aside, "write "); ok {
		name, text, _ := strings.Cut(file, "=")
		p.write(name, text)
		return
	}
	seconds, err := strconv.ParseInt(aside, 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	p.now.Add(seconds)
}

func (p *player) request(x *recorded) (a answer, err error) {
	var body io.Reader = http.NoBody
	if x.body != nil {
		body = strings.NewReader(p.filled(*x.body))
	}
	chunked := slices.ContainsFunc(x.head, func(h string) bool { return strings.EqualFold(h, "Transfer-Encoding: chunked") })
	if chunked {
		body = struct{ io.Reader }{body} // of no length that net/http could know
	}
	r, err := http.NewRequest(x.method, p.URL+x.path, body)
	if err != nil {
		return a, err
	}
	for _, h := range x.head {
		name, value, _ := strings.Cut(h, ":")
		if !strings.EqualFold(name, "Content-Length") && !strings.EqualFold(name, "Transfer-Encoding") {
			r.Header[name] = append(r.Header[name], p.filled(strings.TrimSpace(value))) // spelled as the client does
		}
	}
	client := &http.Client{Timeout: 10 * time.Second}
	res, err := client.Do(r)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(b)}, err
}

var value = regexp.MustCompile(`\$\{(\w+)\}`)

// filled puts values in place of ${name}.
func (p *player) filled(s string) string {
	return value.ReplaceAllStringFunc(s, func(v string) string {
		name := value.FindStringSubmatch(v)[1]
		if name == "host" {
			return p.Listener.Addr().String()
		}
		known, ok := p.values[name]
		if !ok {
			p.t.Errorf("no answer said what %s is", v)
		}
		return known
	})
}

// holds says whether text matches, and keeps what the pattern's named groups matched.
func (p *player) holds(text, pattern string) bool {
	p.t.Helper()
	quoted := value.ReplaceAllStringFunc(pattern, func(v string) string { return regexp.QuoteMeta(p.filled(v)) })
	re, err := regexp.Compile(quoted)
	if err != nil {
		p.t.Fatal(err)
	}
	found := re.FindStringSubmatch(text)
	if found == nil {
		return false
	}
	for i, name := range re.SubexpNames() {
		if name != "" {
			p.values[name] = found[i]
		}
	}
	return true
}
