package dav_test

import (
	"regexp"
	"strings"
	"testing"
)

// J6: a save by Office that breaks off after any of its requests. The document is whole under one of its names; who was saving finds the locks that
// were left in lockdiscovery and ends them; and for everybody else they end by themselves.
func TestJ6OfficeSaveCutAfterEachRequest(t *testing.T) {
	for file, document := range map[string]string{"office-mapped-drive": "Mappe1-test.xlsx", "word-2016": "letter.docx"} {
		all := readTranscript(t, "testdata/clients/"+file+".txt").exchanges
		for n := 1; n <= len(all); n++ {
			cut := &player{server: newServer(t), values: map[string]string{}}
			for i := range all[:n] {
				cut.play(&all[i])
			}
			what := file + " up to " + all[n-1].method + " " + all[n-1].path
			whole := "" // where the old or the new document lies
			for _, entry := range strings.Fields(cut.tree()) {
				if name, content, _ := strings.Cut(entry, "="); content == "old" || content == "new" {
					whole = name
				}
			}
			if whole == "" {
				t.Fatalf("%s: the document is nowhere: %s", what, cut.tree())
			}
			cut.want(200, "GET", "/"+whole, "")

			if n%2 == 0 {
				cut.endLocks("/" + whole)
			} else {
				cut.now.Add(3601)
			}
			if a := cut.do("PUT", "/"+whole, "saved again"); a.status != 204 {
				t.Errorf("%s: saving again: %d", what, a.status)
			}
			if whole != document && cut.content(document) == "-" {
				cut.want(201, "MOVE", "/"+whole, "", "Destination: /dav/"+document)
			}
			cut.Close()
		}
	}
}

var lockTokens = regexp.MustCompile(`<D:locktoken><D:href>([^<]+)<`)

// endLocks does what a client can that has lost its tokens.
func (p *player) endLocks(path string) {
	p.t.Helper()
	for _, found := range lockTokens.FindAllStringSubmatch(p.want(207, "PROPFIND", path, "", "Depth: 0").body, -1) {
		p.want(204, "UNLOCK", path, "", "Lock-Token: <"+found[1]+">")
	}
}
