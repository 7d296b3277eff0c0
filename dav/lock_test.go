package dav_test

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
)

const lockBody = `<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner><D:href>ann</D:href></D:owner></D:lockinfo>`

const patchBody = `<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><x xmlns="urn:x">1</x></D:prop></D:set></D:propertyupdate>`

var sharedBody = strings.Replace(lockBody, "exclusive", "shared", 1)

// lock locks path and answers the token.
func (s *server) lock(status int, path string, head ...string) string {
	s.t.Helper()
	body := lockBody
	for i, h := range head {
		if h == "shared" {
			body = sharedBody
			head = append(append([]string{}, head[:i]...), head[i+1:]...)
			break
		}
	}
	a := s.want(status, "LOCK", path, body, head...)
	token := strings.Trim(a.head.Get("Lock-Token"), "<>")
	if !regexp.MustCompile(`^opaquelocktoken:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(token) {
		s.t.Errorf("LOCK %s: token %q", path, token)
	}
	if !strings.Contains(a.body, token) {
		s.t.Errorf("LOCK %s: the body does not have the token: %s", path, a.body)
	}
	return token
}

// RFC 4918, 6 and 7: what a lock keeps from those who do not know its token, and what not.
func TestLocksStandAgainstChanges(t *testing.T) {
	type try struct {
		method, path, head string
		without, with      int // the status without and with the token
	}
	for name, test := range map[string]struct {
		lock, depth string
		tries       []try
	}{
		"a file": {"/d/f", "0", []try{
			{"PUT", "/d/f", "", 423, 204}, {"PROPPATCH", "/d/f", "", 423, 207}, {"DELETE", "/d/f", "", 423, 204}, {"DELETE", "/d", "", 423, 204},
			{"MOVE", "/d/f", "/new", 423, 201}, {"MOVE", "/d", "/new", 423, 201}, {"MOVE", "/g", "/d/f", 423, 204}, {"COPY", "/g", "/d/f", 423, 204}, {"COPY", "/e", "/d", 423, 204},
			{"GET", "/d/f", "", 200, 200}, {"PROPFIND", "/d/f", "", 207, 207}, {"COPY", "/d/f", "/new", 201, 201}, {"PUT", "/d/new", "", 201, 201}, {"DELETE", "/d/g", "", 204, 204},
		}},
		"a folder, Depth 0": {"/d", "0", []try{
			{"PUT", "/d/new", "", 423, 201}, {"MKCOL", "/d/new", "", 423, 201}, {"DELETE", "/d/f", "", 423, 204}, {"MOVE", "/d/f", "/new", 423, 201}, {"MOVE", "/g", "/d/new", 423, 201},
			{"COPY", "/g", "/d/new", 423, 201}, {"DELETE", "/d", "", 423, 204}, {"PROPPATCH", "/d", "", 423, 207}, {"MOVE", "/d", "/new", 423, 201}, {"LOCK", "/d/new", "", 423, 201},
			{"PUT", "/d/f", "", 204, 204}, {"PROPPATCH", "/d/f", "", 207, 207}, {"PUT", "/d/sub/new", "", 201, 201},
		}},
		"a folder, Depth infinity": {"/d", "infinity", []try{
			{"PUT", "/d/f", "", 423, 204}, {"PUT", "/d/new", "", 423, 201}, {"PUT", "/d/sub/new", "", 423, 201}, {"PROPPATCH", "/d/sub", "", 423, 207}, {"DELETE", "/d/sub", "", 423, 204},
			{"MOVE", "/d/f", "/d/g2", 423, 201}, {"PUT", "/new", "", 201, 201}, {"PUT", "/g", "", 204, 204}, {"PUT", "/dx", "", 201, 201},
		}},
		"the drive": {"/", "infinity", []try{{"PUT", "/g", "", 423, 204}, {"PUT", "/new", "", 423, 201}, {"DELETE", "/d/f", "", 423, 204}}},
	} {
		for _, try := range test.tries {
			for _, with := range []bool{false, true} {
				s := newServer(t)
				for _, f := range []string{"d/f", "d/g", "d/sub/h", "g", "e/f"} {
					s.write(f, "x")
				}
				token := s.lock(200, test.lock, "Depth: "+test.depth)
				head, want := []string{}, try.without
				if try.method == "COPY" || try.method == "MOVE" {
					head = append(head, "Destination: /dav"+try.head)
				}
				if try.method == "PROPFIND" || try.method == "LOCK" {
					head = append(head, "Depth: 0")
				}
				if with {
					head, want = append(head, "If: <BASE/dav"+test.lock+"> (<"+token+">)"), try.with
				}
				before := s.tree()
				body := map[string]string{"PUT": "y", "PROPPATCH": patchBody, "LOCK": lockBody}[try.method]
				a := s.want(want, try.method, try.path, body, head...)
				if want == 423 {
					s.wantTree(name+": "+try.method+" "+try.path, before)
					if !strings.Contains(a.body, "<D:lock-token-submitted>") || strings.Contains(a.body, token) {
						t.Errorf("%s: the answer must have the condition, and no token: %s", name, a.body)
					}
				}
				s.stop()
			}
		}
	}
}

// RFC 4918, 6.2 and 9.10.5: which locks can stand beside each other.
func TestLockCompatibility(t *testing.T) {
	for _, test := range []struct {
		first, second []string // path, and what else
		status        int
	}{
		{[]string{"/d/f"}, []string{"/d/f"}, 423},
		{[]string{"/d/f"}, []string{"/d/f", "shared"}, 423},
		{[]string{"/d/f", "shared"}, []string{"/d/f"}, 423},
		{[]string{"/d/f", "shared"}, []string{"/d/f", "shared"}, 200},
		{[]string{"/d"}, []string{"/d/f"}, 423},
		{[]string{"/d/f"}, []string{"/d"}, 207},
		{[]string{"/d/f", "shared"}, []string{"/d"}, 207},
		{[]string{"/d/f", "shared"}, []string{"/d", "shared"}, 200},
		{[]string{"/d/f"}, []string{"/d", "Depth: 0"}, 200},
		{[]string{"/d", "Depth: 0"}, []string{"/d/f"}, 200},
		{[]string{"/d", "shared"}, []string{"/d/f", "shared"}, 200},
		{[]string{"/d"}, []string{"/e"}, 200},
		{[]string{"/d"}, []string{"/"}, 207},
		{[]string{"/d/f"}, []string{"/d/F-other"}, 201},
	} {
		s := newServer(t)
		s.write("d/f", "x")
		s.write("e", "x")
		s.lock(200, test.first[0], test.first[1:]...)
		if test.status == 423 || test.status == 207 {
			body := lockBody
			if len(test.second) > 1 && test.second[1] == "shared" {
				body = sharedBody
			}
			if a := s.want(test.status, "LOCK", test.second[0], body); !strings.Contains(a.body, "<D:no-conflicting-lock>") {
				t.Errorf("%v: %s", test, a.body)
			}
		} else {
			s.lock(test.status, test.second[0], test.second[1:]...)
		}
		s.stop()
	}
}

// With shared locks, each holder may write (RFC 4918, 6.2).
func TestSharedLocks(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	one, two := s.lock(200, "/f", "shared"), s.lock(200, "/f", "shared")
	s.want(423, "PUT", "/f", "y")
	s.want(204, "PUT", "/f", "y", "If: (<"+one+">)")
	s.want(204, "PUT", "/f", "z", "If: (<"+two+">)")
	s.want(204, "UNLOCK", "/f", "", "Lock-Token: <"+one+">")
	s.want(423, "PUT", "/f", "y")
	s.want(204, "UNLOCK", "/f", "", "Lock-Token: <"+two+">")
	s.want(204, "PUT", "/f", "y")
}

// H5: a token unlocks only what its lock covers, and cannot be guessed.
func TestH5UnlockChecksThePath(t *testing.T) {
	s := newServer(t)
	s.write("d/x", "x")
	s.write("a", "x")
	token := s.lock(200, "/d/x")
	if other := s.lock(200, "/a"); other[:40] == token[:40] {
		t.Errorf("tokens are alike: %s %s", token, other)
	}
	for _, path := range []string{"/a", "/d", "/", "/none"} {
		s.want(409, "UNLOCK", path, "", "Lock-Token: <"+token+">")
	}
	s.want(409, "UNLOCK", "/d/x", "", "Lock-Token: <opaquelocktoken:00000000-0000-4000-8000-000000000000>")
	for _, header := range []string{"", token, "<" + token, "<>"} {
		s.want(400, "UNLOCK", "/d/x", "", "Lock-Token: "+header)
	}
	s.want(423, "PUT", "/d/x", "y")
	s.want(204, "UNLOCK", "/d/x", "", "Lock-Token: <"+token+">")
	s.want(409, "UNLOCK", "/d/x", "", "Lock-Token: <"+token+">")
	s.want(204, "PUT", "/d/x", "y")
	// One of a folder unlocks from anywhere inside (9.11).
	token = s.lock(200, "/d")
	s.want(204, "UNLOCK", "/d/x", "", "Lock-Token: <"+token+">")
}

// H5: another drive's lock is none here.
func TestH5LocksAreOfOneDrive(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	token := s.lock(200, "/f")
	if _, err := s.db.Exec("UPDATE locks SET drive = ?", make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	s.want(409, "UNLOCK", "/f", "", "Lock-Token: <"+token+">")
	s.want(204, "PUT", "/f", "y")
	s.want(412, "PUT", "/f", "y", "If: (<"+token+">)")
}

// H4: locks are bounded in time and number, and expired ones end.
func TestH4LockLimits(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	for header, want := range map[string]string{"": "Second-3600", "Infinite": "Second-3600", "Second-4294967295": "Second-3600", "Second-99999999999999": "Second-3600", "Infinite, Second-60": "Second-60", "Second-0": "Second-1", "second-60": "Second-60", "Weeks-1, SECOND-60": "Second-60", "Second--1": "Second-3600", "Second-100": "Second-100"} {
		a := s.want(200, "LOCK", "/f", lockBody, "Timeout: "+header)
		if !strings.Contains(a.body, "<D:timeout>"+want+"</D:timeout>") {
			t.Errorf("Timeout: %q: %s, want %s", header, a.body, want)
		}
		s.want(204, "UNLOCK", "/f", "", "Lock-Token: "+a.head.Get("Lock-Token"))
	}
	token := s.lock(201, "/n", "Timeout: Second-100")
	for i := range 999 {
		if _, err := s.db.Exec(`INSERT INTO locks SELECT token || ?, drive, path || ?, infinite, shared, owner, expires, '' FROM locks LIMIT 1`, i, i); err != nil {
			t.Fatal(err)
		}
	}
	s.want(507, "LOCK", "/one-more", lockBody)
	s.want(409, "UNLOCK", "/f", "", "Lock-Token: <"+token+">")
	s.now.Add(101)
	s.lock(200, "/f")
	var rows int
	if err := s.db.QueryRow("SELECT count(*) FROM locks").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d locks are left, want 1 (%v)", rows, err)
	}
	s.wantTree("the locks expired", "f=x")
}

// H4: the owner is bounded too, and comes back as it was (F6: well-formed, whatever it is).
func TestF6LockOwner(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	for _, owner := range []string{`<D:owner>ann &lt;b&gt; &amp; co</D:owner>`, `<D:owner><x:me xmlns:x="urn:x" a="1">]]&gt;</x:me></D:owner>`, `<D:owner xml:lang="de"/>`, ``} {
		body := regexp.MustCompile(`<D:owner>.*</D:owner>`).ReplaceAllLiteralString(lockBody, owner)
		a := s.want(200, "LOCK", "/f", body)
		if err := xml.Unmarshal([]byte(a.body), new(struct {
			XMLName xml.Name `xml:"DAV: prop"`
		})); err != nil {
			t.Errorf("not well-formed: %v\n%s", err, a.body)
		}
		found, ok := property(t, s.want(207, "PROPFIND", "/f", "", "Depth: 0").body, "DAV:", "lockdiscovery")
		inner := regexp.MustCompile(`^<D:owner[^>]*?/?>|</D:owner>$`).ReplaceAllString(owner, "")
		if !ok || !strings.Contains(found.Inner, inner) {
			t.Errorf("owner %s came back in %s", owner, found.Inner)
		}
		s.want(204, "UNLOCK", "/f", "", "Lock-Token: "+a.head.Get("Lock-Token"))
	}
	s.want(413, "LOCK", "/f", strings.Replace(lockBody, ">ann<", ">"+strings.Repeat("a", 5000)+"<", 1))
}

// RFC 4918, 9.10.
func TestLockRequests(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	for name, body := range map[string]string{
		"another root":     strings.ReplaceAll(lockBody, "lockinfo", "lock"),
		"another space":    strings.Replace(lockBody, "DAV:", "urn:x", 1),
		"no scope":         strings.Replace(lockBody, "<D:exclusive/>", "", 1),
		"both scopes":      strings.Replace(lockBody, "<D:exclusive/>", "<D:exclusive/><D:shared/>", 1),
		"another type":     strings.Replace(lockBody, "write", "read", 1),
		"not XML":          "lock",
		"not closed":       "<D:lockinfo xmlns:D='DAV:'>",
		"undeclared":       strings.Replace(lockBody, "<D:href>", "<E:href>", 1),
		"a document type":  strings.Replace(lockBody, "<D:lockinfo", "<!DOCTYPE x><D:lockinfo", 1),
		"an entity of its": strings.Replace(lockBody, ">ann<", ">&ann;<", 1),
	} {
		if a := s.do("LOCK", "/f", body); a.status != 400 {
			t.Errorf("%s: %d, want 400", name, a.status)
		}
	}
	s.want(400, "LOCK", "/f", lockBody, "Depth: 1")
	s.want(409, "LOCK", "/none/f", lockBody)
	s.want(405, "LOCK", "/none/", lockBody) // a collection's URL, where PUT makes nothing either
	s.wantContent("none", "-")
	s.want(400, "LOCK", "/f", "") // a refresh of what?
	s.want(412, "LOCK", "/f", "", "If: (<opaquelocktoken:x>)")
	s.want(204, "PUT", "/f", "y")

	// Refresh (9.10.2), from the root and from below (indirect).
	s.write("d/g", "x")
	token := s.lock(200, "/d", "Timeout: Second-10")
	s.now.Add(5)
	if a := s.want(200, "LOCK", "/d/g", "", "If: (<"+token+">)", "Timeout: Second-20"); !strings.Contains(a.body, "Second-20") || a.head.Get("Lock-Token") != "" {
		t.Errorf("refresh: %v %s", a.head, a.body)
	}
	s.now.Add(19)
	s.want(423, "PUT", "/d/g", "y")
	s.want(412, "LOCK", "/f", "", "If: (<"+token+">)")
	s.want(412, "LOCK", "/f", "", "If: (<"+token+">) (Not <DAV:no-lock>)") // true, but not a lock on this
	s.now.Add(1)
	s.want(204, "PUT", "/d/g", "y")
	s.want(412, "LOCK", "/d", "", "If: (<"+token+">)")
}

// I13: a lock survives a restart.
func TestI13LocksAfterARestart(t *testing.T) {
	s := newServer(t)
	s.write("f", "x")
	token := s.lock(200, "/f")
	s.restart()
	s.want(423, "PUT", "/f", "y")
	s.want(204, "PUT", "/f", "y", "If: (<"+token+">)")
	s.want(204, "UNLOCK", "/f", "", "Lock-Token: <"+token+">")
}
