package dav_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// I12, H14: everything at once, on few names. No request fails for the server's sake, nothing hangs, and afterwards rows and files agree.
func TestI12EverythingAtOnce(t *testing.T) {
	s := newServer(t)
	names := []string{"/a", "/b", "/d", "/d/a", "/d/b", "/e", "/e/d", "/e/d/a"}
	methods := []string{"PUT", "PUT", "GET", "DELETE", "MKCOL", "MKCOL", "COPY", "MOVE", "PROPFIND", "PROPPATCH", "LOCK"}
	var wg sync.WaitGroup
	for worker := range 12 {
		random := rand.New(rand.NewPCG(uint64(worker), 1))
		wg.Go(func() {
			for i := range 40 {
				method, name := methods[random.IntN(len(methods))], names[random.IntN(len(names))]
				body := map[string]string{"PUT": fmt.Sprint(worker, i), "PROPPATCH": patchBody, "LOCK": lockBody}[method]
				head := []string{"Destination: /dav" + names[random.IntN(len(names))], "Depth: 0"}
				if method == "COPY" || method == "MOVE" || method == "DELETE" {
					head = head[:1]
				}
				a := s.do(method, name, body, head...)
				if a.status >= 500 {
					t.Errorf("%s %s %v: %d", method, name, head, a.status)
				}
				if token := a.head.Get("Lock-Token"); token != "" {
					s.do("UNLOCK", name, "", "Lock-Token: "+token)
				}
			}
		})
	}
	wg.Wait()
	s.noneIncoming()
	ids, paths := s.kept()
	if len(ids) != len(paths) {
		t.Errorf("%d things are kept, with %d rows", len(ids), len(paths))
	}
	rows, err := s.db.Query("SELECT DISTINCT path FROM properties UNION SELECT path FROM locks")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(s.data, "drive", "ann", p)); err != nil {
			t.Errorf("there are rows for %s, which is not there", p)
		}
	}
}
