package shares

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func (r *rig) reports() []*Report {
	r.t.Helper()
	list, err := r.Reports(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

func TestAReportIsKeptAndDoesNothingToItsLink(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	r.clock.advance(time.Minute)
	if err := r.Report(t.Context(), link.ID, "\x1b[2J this is\r\nfraud\u0000 "); err != nil {
		t.Fatal(err)
	}
	list := r.reports()
	if len(list) != 1 || list[0].Link != link.ID || list[0].Text != "[2J this is\nfraud" || list[0].State != StateOpen || !list[0].At.Equal(start.Add(time.Minute)) {
		t.Fatalf("kept %+v", list)
	}
	d, err := r.Manifest(t.Context(), visit(link, token))
	readAll(t, d, err)
	all, err := r.AllLinks(t.Context(), LinkFilter{})
	if err != nil || all[0].Reports != 1 {
		t.Errorf("listed with %d reports, %v", all[0].Reports, err)
	}
	if err := r.TakeDown(t.Context(), link.ID, ""); err != nil {
		t.Fatal(err)
	}
	if got := r.reports()[0].State; got != StateRemoved {
		t.Errorf("of a link that was taken down: %s", got)
	}
	if err := r.DeleteLink(t.Context(), r.ann.ID, link.ID); err != nil {
		t.Fatal(err)
	}
	if got := r.reports()[0].State; got != StateRemoved {
		t.Errorf("of a link that its owner deleted: %s", got)
	}
	if err := r.DeleteReport(t.Context(), list[0].ID); err != nil || len(r.reports()) != 0 {
		t.Errorf("deleted: %v", err)
	}
	if err := r.DeleteReport(t.Context(), list[0].ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("once more: %v", err)
	}
	for _, text := range []string{"", " \n ", strings.Repeat("é", MaxReport+1)} {
		if err := r.Report(t.Context(), link.ID, text); !errors.Is(err, ErrBadReport) {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
}

// H10: nobody fills the disk or the operator's list, neither with one link nor with many, and nobody learns what is kept.
func TestReportsAreBounded(t *testing.T) {
	r := newRig(t)
	var ids []ID
	for range maxReports/maxReportsALink + 1 {
		l, _ := r.link(nil)
		ids = append(ids, l.ID)
	}
	for i := range maxReportsALink + 5 {
		if err := r.Report(t.Context(), ids[0], fmt.Sprintf("%d %s", i, strings.Repeat("é", MaxReport-4))); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(r.reports()); n != maxReportsALink {
		t.Errorf("%d reports of one link", n)
	}
	removed, _ := r.link(nil)
	if err := r.TakeDown(t.Context(), removed.ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, id := range []ID{newID(), removed.ID} {
		if err := r.Report(t.Context(), id, "there is nothing"); err != nil {
			t.Errorf("of a link that is not there: %v", err)
		}
	}
	if n := len(r.reports()); n != maxReportsALink {
		t.Errorf("%d reports, with those of links that are not there", n)
	}
	tx, err := r.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		for range maxReportsALink {
			if _, err := insertReport(t.Context(), tx, id, "x", start); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if n := len(r.reports()); n != maxReports {
		t.Errorf("%d reports in all, want %d", n, maxReports)
	}
	if !strings.Contains(r.log.String(), "dropped a report") {
		t.Error("the log does not tell of what was dropped")
	}
}
