package dav_test

import (
	"fmt"
	"strings"
	"testing"
)

// RFC 4918, 10.4; J5. TOKEN is the lock on /locked, ETAG is the ETag of /locked, FREE that of /free.
func TestJ5IfHeader(t *testing.T) {
	for _, test := range []struct {
		section, path, header string
		status                int
	}{
		{"10.4", "/locked", "(<TOKEN>)", 204},
		{"10.4", "/locked", "", 423},
		{"10.4.4 and", "/locked", "(<TOKEN> [ETAG])", 204},
		{"10.4.4 and", "/locked", `(<TOKEN> ["other"])`, 412},
		{"10.4.4 or", "/locked", `(<TOKEN> ["other"]) (<TOKEN>)`, 204},
		{"10.4.4 or", "/locked", `(["other"]) (<TOKEN> [ETAG])`, 204},
		{"10.4.5 Not", "/locked", "(Not <TOKEN>)", 412},
		{"10.4.5 Not", "/locked", "(Not <opaquelocktoken:none>)", 423},
		{"10.4.5 Not", "/locked", "(Not <DAV:no-lock>)", 423},
		{"10.4.8", "/locked", "(<TOKEN>) (Not <DAV:no-lock>)", 204},
		{"10.4.8", "/locked", "(<opaquelocktoken:none>) (Not <DAV:no-lock>)", 423},
		{"10.4.5 Not", "/locked", "(Not <TOKEN>) (Not <DAV:no-lock>)", 423},
		{"10.4.5 Not", "/locked", `(Not ["other"] <TOKEN>)`, 204},
		{"10.4.5 Not", "/locked", "(Not [ETAG] <TOKEN>)", 412},
		{"10.4.5 Not", "/locked", "(not <DAV:no-lock> <TOKEN>)", 204},
		{"10.4.6 tagged", "/locked", "<BASE/dav/locked> (<TOKEN>)", 204},
		{"10.4.6 tagged", "/locked", "</dav/locked> (<TOKEN>)", 204},
		{"10.4.6 tagged", "/locked", "<https://drive.example/dav/locked> (<TOKEN>)", 204},
		{"10.4.6 tagged", "/locked", "<http://evil/dav/locked> (<TOKEN>)", 412},
		{"10.4.6 tagged", "/locked", "</files/locked> (<TOKEN>)", 412},
		{"10.4.6 tagged", "/locked", "</dav/free> (<TOKEN>)", 412},
		{"10.4.6 tagged", "/locked", "</dav/free> ([FREE])", 423},
		{"10.4.6 tagged", "/locked", "</dav/free> ([FREE]) </dav/locked> (<TOKEN>)", 204},
		{"10.4.6 tagged", "/locked", `</dav/free> (["other"]) </dav/locked> (<TOKEN>)`, 204},
		{"10.4.6 tagged", "/locked", `</dav/locked> (["other"]) (<TOKEN>)`, 204},
		{"10.4.6 tagged", "/locked", "</dav/none> (Not <TOKEN>) </dav/locked> (<TOKEN>)", 204},
		{"10.4.3", "/free", "([FREE])", 204},
		{"10.4.3", "/free", `(["other"])`, 412},
		{"10.4.3", "/free", "(<TOKEN>)", 412},
		{"10.4.3", "/free", "(Not <TOKEN>)", 204},
		{"10.4.3", "/free", "(<DAV:no-lock>)", 412},
		{"10.4.3", "/new", `(["other"])`, 412},
		{"10.4.3", "/new", "(Not <DAV:no-lock>)", 201},
		{"10.4.3", "/free", `(["an [odd] one"])`, 412},
		{"10.4.5 Not", "/free", `(Not ["an [odd] one"] [FREE])`, 204},
		{"10.4.4 weak", "/free", `([W/FREE])`, 412},
		{"10.4.2 syntax", "/free", "()", 400},
		{"10.4.2 syntax", "/free", `(["open])`, 400},
		{"10.4.2 syntax", "/free", "([unquoted])", 400},
		{"10.4.2 syntax", "/free", "([])", 400},
		{"10.4.2 syntax", "/free", "(", 400},
		{"10.4.2 syntax", "/free", "([FREE]", 400},
		{"10.4.2 syntax", "/free", "[FREE]", 400},
		{"10.4.2 syntax", "/free", "(Not)", 400},
		{"10.4.2 syntax", "/free", "(Not Not [FREE])", 400},
		{"10.4.2 syntax", "/free", "</dav/free>", 400},
		{"10.4.2 syntax", "/free", "</dav/free> </dav/locked> ([FREE])", 400},
		{"10.4.2 syntax", "/free", "([FREE]) </dav/free> ([FREE])", 400},
		{"10.4.2 syntax", "/free", "(<>)", 400},
		{"10.4.2 syntax", "/free", "(token)", 400},
		{"10.4.2 syntax", "/free", "([FREE]) x", 400},
		{"10.4.2 syntax", "/free", "</dav/free ([FREE])", 400},
		{"too long", "/free", strings.Repeat("([FREE]) ", 65), 400},
		{"long", "/free", strings.Repeat("([FREE]) ", 64), 204},
		{"E4", "/free", "</dav/../x> ([FREE])", 400},
		{"E4", "/free", "</dav/%2e%2e/x> ([FREE])", 400},
		{"E4", "/free", "</dav/a%2fb> ([FREE])", 400},
	} {
		s := newServer(t)
		s.write("locked", "x")
		s.write("free", "x")
		token := s.lock(200, "/locked")
		header := strings.NewReplacer("TOKEN", token, "ETAG", s.do("HEAD", "/locked", "").head.Get("ETag"), "FREE", s.do("HEAD", "/free", "").head.Get("ETag")).Replace(test.header)
		head := []string{}
		if header != "" {
			head = append(head, "If: "+header)
		}
		if a := s.do("PUT", test.path, "y", head...); a.status != test.status {
			t.Errorf("%s: PUT %s with If: %s: %d, want %d", test.section, test.path, test.header, a.status, test.status)
		}
		want := "x"
		if test.status == 204 {
			want = "y"
		} else if test.path == "/new" && test.status != 201 {
			want = "-"
		} else if test.path == "/new" {
			want = "y"
		}
		s.wantContent(test.path, want)
		s.stop()
	}
}

// 10.4 with two resources: both tokens are needed, from whichever list.
func TestIfHeaderOnMove(t *testing.T) {
	s := newServer(t)
	s.write("a", "a")
	s.write("b", "b")
	a, b := s.lock(200, "/a"), s.lock(200, "/b")
	s.want(423, "MOVE", "/a", "", "Destination: /dav/b")
	s.want(423, "MOVE", "/a", "", "Destination: /dav/b", fmt.Sprintf("If: </dav/a> (<%s>)", a))
	s.want(423, "MOVE", "/a", "", "Destination: /dav/b", fmt.Sprintf("If: </dav/b> (<%s>)", b))
	s.wantTree("refused moves", "a=a b=b")
	s.want(204, "MOVE", "/a", "", "Destination: /dav/b", fmt.Sprintf("If: </dav/a> (<%s>) </dav/b> (<%s>)", a, b))
	s.wantTree("a move", "b=a")
	s.want(423, "PUT", "/b", "x") // the destination's own lock stays with its URL
	s.want(204, "PUT", "/b", "x", fmt.Sprintf("If: (<%s>)", b))
}
