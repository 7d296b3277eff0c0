package shares

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// wantMessage checks that a link is gone, with these words of the operator's.
func (r *rig) wantMessage(what string, v Visit, reason State, message string) {
	r.t.Helper()
	var gone *GoneError
	if _, err := r.Manifest(r.t.Context(), v); !errors.As(err, &gone) || *gone != (GoneError{reason, message}) {
		r.t.Errorf("%s: %+v, want %s %q", what, gone, reason, message)
	}
}

func TestATakeDownRemovesALinkFromTheDiskAndSaysWhy(t *testing.T) {
	for name, takeDown := range map[string]func(r *rig, id ID, reason string) error{
		"in the server": func(r *rig, id ID, reason string) error { return r.TakeDown(t.Context(), id, reason) },
		"beside it":     func(r *rig, id ID, reason string) error { return TakeDown(t.Context(), r.db, r.data, id, reason) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			link, token := r.link(nil)
			other, otherToken := r.link(nil)
			v := visit(link, token).with(ticket(1))
			if _, err := r.TakeTicket(t.Context(), v); err != nil {
				t.Fatal(err)
			}
			if err := takeDown(r, link.ID, " by order of\r\na court\x1b[31m\t"); err != nil {
				t.Fatal(err)
			}
			const reason = "by order of\na court[31m"
			if n := len(r.files("sealed")); n != 2 {
				t.Errorf("%d objects on the disk, want the other link's two", n)
			}
			if got := r.fetch(v); got != [3]string{"removed", "removed", "removed"} {
				t.Errorf("fetched with a ticket: %v", got)
			}
			r.wantMessage("fetched", v, StateRemoved, reason)
			list, err := r.Links(t.Context(), r.ann.ID)
			if err != nil || len(list) != 2 || list[1].State != StateRemoved || list[1].Message != reason || list[0].Message != "" {
				t.Errorf("the owner's list: %+v, %v", list, err)
			}
			if n := count(t, r.db, "tickets"); n != 0 {
				t.Errorf("%d tickets", n)
			}
			if err := takeDown(r, link.ID, ""); err != nil {
				t.Fatal(err)
			}
			r.wantMessage("with another reason", v, StateRemoved, "")
			r.reopen()
			d, err := r.Manifest(t.Context(), visit(other, otherToken))
			readAll(t, d, err)

			if err := takeDown(r, newID(), ""); !errors.Is(err, ErrNotFound) {
				t.Errorf("an unknown link: %v", err)
			}
			if err := takeDown(r, other.ID, strings.Repeat("é", MaxReason+1)); !errors.Is(err, ErrBadReason) {
				t.Errorf("a long reason: %v", err)
			}
			if err := takeDown(r, other.ID, strings.Repeat("é", MaxReason)); err != nil {
				t.Errorf("a reason that is just as long as it may be: %v", err)
			}
		})
	}
}

// What the operator took down stays so: neither its end nor its owner makes another reason of it.
func TestATakeDownOutlastsTheLink(t *testing.T) {
	r := newRig(t)
	expiring, token := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	deleted, otherToken := r.link(nil)
	for _, l := range []*Link{expiring, deleted} {
		if err := r.TakeDown(t.Context(), l.ID, "a reason"); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.DeleteLink(t.Context(), r.ann.ID, deleted.ID); err != nil {
		t.Fatal(err)
	}
	r.wantMessage("deleted", visit(deleted, otherToken), StateRemoved, "a reason")
	r.clock.advance(2 * time.Hour)
	r.wantMessage("expired", visit(expiring, token), StateRemoved, "a reason")
	r.clock.advance(keepExpired)
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, r.db, "links"); n != 0 {
		t.Errorf("%d links", n)
	}
	r.wantMessage("swept", visit(expiring, token), StateRemoved, "a reason")
	if err := r.TakeDown(t.Context(), expiring.ID, "another"); !errors.Is(err, ErrNotFound) {
		t.Errorf("once more: %v", err)
	}
}

func TestATakeDownCutsDownloads(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	v := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	d, err := r.Content(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := r.TakeDown(t.Context(), link.ID, ""); err != nil {
		t.Fatal(err)
	}
	select {
	case <-d.Context.Done():
	default:
		t.Error("the download goes on")
	}
}

func TestTheOperatorListsAllLinks(t *testing.T) {
	r := newRig(t)
	first, _ := r.link(nil)
	second, _ := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	r.fetch(visit(first, nil))
	list, err := r.AllLinks(t.Context(), LinkFilter{})
	if err != nil || len(list) != 2 || list[0].ID != second.ID || list[1].ID != first.ID {
		t.Fatalf("listed %+v, %v", list, err)
	}
	if l := list[1]; l.Account != r.ann.ID || l.WrongTokens == 0 || l.Note != nil || l.Size != 1000 || l.State != StateOpen {
		t.Errorf("listed as %+v", l)
	}
	for _, c := range []struct {
		name   string
		filter LinkFilter
		want   []ID
	}{
		{"by id", LinkFilter{ID: &first.ID}, []ID{first.ID}},
		{"by owner", LinkFilter{Account: &r.ann.ID}, []ID{second.ID, first.ID}},
		{"of somebody without", LinkFilter{Account: &r.bob.ID}, nil},
		{"older ones", LinkFilter{Before: list[0].Serial}, []ID{first.ID}},
		{"older than all", LinkFilter{Before: list[1].Serial}, nil},
	} {
		found, err := r.AllLinks(t.Context(), c.filter)
		if err != nil || len(found) != len(c.want) {
			t.Errorf("%s: %d links, %v", c.name, len(found), err)
			continue
		}
		for i, id := range c.want {
			if found[i].ID != id {
				t.Errorf("%s: %v at %d", c.name, found[i].ID, i)
			}
		}
	}
}

// A command beside the server cannot reach its downloads: the server looks after them, and lets go on what a ticket holds.
func TestADownloadEndsWhenItsLinkIsTakenDownBesideTheServer(t *testing.T) {
	r := newRig(t)
	open := func(l *Link, token []byte) *Download {
		t.Helper()
		v := visit(l, token).with(ticket(1))
		if _, err := r.TakeTicket(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		d, err := r.Content(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	stopped, expired := open(r.link(nil)), open(r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) }))
	r.clock.advance(2 * time.Hour)
	list, err := r.AllLinks(t.Context(), LinkFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if err := TakeDown(t.Context(), r.db, r.data, list[1].ID, "a reason"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-stopped.Context.Done():
	case <-time.After(time.Minute):
		t.Fatal("the download goes on")
	}
	var gone *GoneError
	if err := context.Cause(stopped.Context); !errors.As(err, &gone) || *gone != (GoneError{StateRemoved, "a reason"}) {
		t.Errorf("it ended with %v", err)
	}
	if expired.Context.Err() != nil {
		t.Error("a download of a link that expired meanwhile ended too")
	}
}
