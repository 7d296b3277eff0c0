package dav_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"thorpe/dav"
)

// keptRow is what is known of the one thing that is kept.
type keptRow struct {
	path, door, device string
	replaced           bool
}

func (s *server) keptRow() (r keptRow) {
	s.t.Helper()
	s.writeKept()
	if err := s.db.QueryRow("SELECT path, door, device, replaced FROM kept").Scan(&r.path, &r.door, &r.device, &r.replaced); err != nil {
		s.t.Error(err)
	}
	return r
}

// What is kept says from which device it was deleted, or that something else took its place.
func TestKeptSaysWhichDevice(t *testing.T) {
	for what, test := range map[string]struct {
		do   func(s *server)
		want keptRow
	}{
		"DELETE":             {func(s *server) { s.want(204, "DELETE", "/f", "") }, keptRow{"f", "/dav", "Ann's laptop", false}},
		"PUT over a file":    {func(s *server) { s.want(204, "PUT", "/f", "new") }, keptRow{"f", "/dav", "Ann's laptop", true}},
		"MOVE over a file":   {func(s *server) { s.want(204, "MOVE", "/g", "", "Destination: /dav/f") }, keptRow{"f", "/dav", "Ann's laptop", true}},
		"COPY over a file":   {func(s *server) { s.want(204, "COPY", "/g", "", "Destination: /dav/f") }, keptRow{"f", "/dav", "Ann's laptop", true}},
		"COPY over a folder": {func(s *server) { s.want(204, "COPY", "/g", "", "Destination: /dav/d") }, keptRow{"d", "/dav", "Ann's laptop", true}},
		"MOVE over a folder": {func(s *server) { s.want(204, "MOVE", "/g", "", "Destination: /dav/d") }, keptRow{"d", "/dav", "Ann's laptop", true}},
		"an upload over a file": {func(s *server) {
			root, err := os.OpenRoot(s.data)
			if err != nil {
				s.t.Fatal(err)
			}
			defer root.Close()
			s.upload("u", "new")
			if _, err := s.handler.Place(s.t.Context(), *s.drive, "f", root, "incoming/up/u", dav.Condition{}, time.Time{}); err != nil {
				s.t.Error(err)
			}
		}, keptRow{"f", "/api", "Ann's laptop", true}},
	} {
		t.Run(what, func(t *testing.T) {
			s := newServer(t)
			d := ann
			d.Device = "Ann's laptop"
			s.drive = &d
			s.write("f", "f")
			s.write("g", "g")
			s.write("d/x", "x")
			test.do(s)
			if got := s.keptRow(); got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

// A row that is made again from its entry, since a kill took it, knows all but the device.
func TestAnAdoptedRowKnowsThatItWasReplaced(t *testing.T) {
	for _, method := range []string{"DELETE", "PUT"} {
		s := newServer(t)
		d := ann
		d.Device = "Ann's laptop"
		s.drive = &d
		s.write("d/+f", "f")
		s.do(method, "/d/+f", "")
		s.writeKept()
		if _, err := s.db.Exec("DELETE FROM kept"); err != nil {
			t.Fatal(err)
		}
		s.restart()
		s.want(207, "PROPFIND", "/", "", "Depth: 0")
		if got, want := s.keptRow(), (keptRow{"d/+f", "/dav", "", method == "PUT"}); got != want {
			t.Errorf("%s: %+v, want %+v", method, got, want)
		}
		if e, err := filepath.Glob(filepath.Join(s.data, "kept", "ann", "*")); err != nil || len(e) != 1 {
			t.Errorf("kept: %v, %v", e, err)
		}
	}
}
