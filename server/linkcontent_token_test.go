package server_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// D1: none of the ways to a link opens without its token; D2-D5: and there are no others.
func TestNoWayAroundTheToken(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l, other := ann.link(100, nil), ann.link(100, nil)
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	_, secret := ann.appPassword("laptop")
	for _, c := range []struct{ what, authorization string }{
		{"no token", ""},
		{"a wrong token", "Bearer " + text(random(32))},
		{"another link's token", "Bearer " + other.token},
		{"the token with padding", "Bearer " + l.token + "="},
		{"the token in another scheme", "Basic " + l.token},
		{"the token without a scheme", l.token},
		{"the token and more", "Bearer " + l.token + " x"},
		{"an app password", "Basic " + b64("ann:"+secret)},
	} {
		r.Pass(time.Minute) // the throttle has a test of its own
		for _, request := range [][2]string{{"GET", "manifest"}, {"GET", "content"}, {"HEAD", "content"}} {
			got := ann.request(request[0], "/api/links/"+l.id+"/"+request[1], nil, func(r *http.Request) { // the owner's cookie is none
				r.Header.Set("Thorpe-Ticket", ticket)
				r.Header.Set("Range", "bytes=0-1")
				if c.authorization != "" {
					r.Header.Set("Authorization", c.authorization)
				}
			})
			what := c.what + ", " + request[0] + " " + request[1]
			if request[0] == "HEAD" {
				wantStatus(t, what, got, 403)
			} else if said := wantCode(t, what, got, 403, "wrong_token"); len(said) != 2 {
				t.Errorf("%s: told more: %v", what, said)
			}
			wantHolderHeaders(t, what, got)
		}
		got := ann.request("POST", "/api/links/"+l.id+"/downloads", strings.NewReader(`{"ticket": "`+ticket+`"}`), func(r *http.Request) {
			r.Header.Set("Authorization", c.authorization)
			r.Header.Set("Content-Type", "application/json")
		})
		wantCode(t, c.what+", downloads", got, 403, "wrong_token")
	}
	for _, query := range []string{"?token=" + l.token, "?access_token=" + l.token + "&ticket=" + ticket} { // C9
		r.Pass(time.Minute)
		wantCode(t, query, r.newBrowser().request("GET", "/api/links/"+l.id+"/manifest"+query, nil, nil), 403, "wrong_token")
	}
	for _, path := range []string{"", "/", "/info", "/manifest/", "/content/x", "/../" + other.id + "/content", "/content%2f..%2fmanifest", "%2fcontent", "/zip?files=../x"} {
		got := r.newBrowser().request("GET", "/api/links/"+l.id+path, nil, func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+l.token)
			r.Header.Set("Thorpe-Ticket", ticket)
		})
		if got.StatusCode != 404 && got.StatusCode != 405 && got.StatusCode != 403 {
			t.Errorf("%q is answered %d", path, got.StatusCode)
		}
	}
	if strings.Contains(r.Log(), l.token) || strings.Contains(r.Log(), ticket) {
		t.Error("the log holds a token or a ticket")
	}
}

// D10: an id is matched whole and exactly.
func TestOnlyTheOneSpellingOfAnIDNamesALink(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, func(fields map[string]any) {
		fields["id"] = text([]byte("\xff\xef\xfe thirteen by."))
	})
	if !strings.ContainsAny(l.id, "-_") {
		t.Fatalf("id %s has none of the letters in question", l.id)
	}
	standard := base64.RawStdEncoding.EncodeToString([]byte("\xff\xef\xfe thirteen by."))
	for _, id := range []string{
		l.id[:21], l.id + "A", l.id + "=", l.id + "==", l.id[:21] + "B", strings.ToLower(l.id), strings.ToUpper(l.id), "%5F" + l.id[1:], "%5f" + l.id[1:],
		strings.ReplaceAll(standard, "/", "%2F"), l.id + "%0A", l.id + "%00", "%20" + l.id, l.id + ".", text(random(16)), text(random(15)), "", "..",
	} {
		if id == l.id {
			continue
		}
		other := l
		other.id = id
		for _, what := range []string{"manifest", "content"} {
			if got := r.fetch("GET", other, what); got.StatusCode != 404 {
				t.Errorf("%s of %q: %d", what, id, got.StatusCode)
			}
		}
	}
	got := r.fetch("GET", sentLink{id: text(random(16)), token: l.token}, "manifest")
	wantCode(t, "an unknown id", got, 404, "not_found")
	wantHolderHeaders(t, "an unknown id", got)
	wantBody(t, "the id itself", r.fetch("GET", l, "manifest"), 200, l.manifest)
}

func TestATicketIsThirtyTwoBytes(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, func(fields map[string]any) { fields["max_visits"] = 1 })
	for _, ticket := range []string{"", text(random(31)), text(random(33)), text(random(32)) + "=", strings.Repeat("A", 42) + "B"} {
		wantCode(t, ticket, r.ticket(l, ticket), 400, "bad_request")
	}
	wantStatus(t, "nothing of that counted", r.ticket(l, text(random(32))), 201)
}

// C2: wrong tokens; the right one from elsewhere still works.
func TestTenWrongTokensShutANetworkOut(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, nil)
	wrong := l
	wrong.token = text(random(32))
	for range 10 {
		wantCode(t, "a wrong token", r.fetch("GET", wrong, "manifest"), 403, "wrong_token")
	}
	for _, who := range []sentLink{wrong, l} {
		// C3: headers that a client can write change nothing.
		got := r.fetch("GET", who, "manifest", "X-Forwarded-For", "192.0.2.9", "X-Real-IP", "192.0.2.9", "Forwarded", "for=192.0.2.9")
		wantCode(t, "the eleventh", got, 429, "slow_down")
		wantHolderHeaders(t, "the eleventh", got)
		if got.Header.Get("Retry-After") != "60" {
			t.Errorf("Retry-After: %s", got.Header.Get("Retry-After"))
		}
	}
	wantCode(t, "a ticket", r.ticket(l, text(random(32))), 429, "slow_down")
	elsewhere, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	must(t, err)
	defer elsewhere.Close()
	fmt.Fprintf(elsewhere, "GET /api/links/%s/manifest HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", l.id, strings.TrimPrefix(r.URL, "http://"), l.token)
	answer, err := io.ReadAll(elsewhere)
	must(t, err)
	if !bytes.HasPrefix(answer, []byte("HTTP/1.0 200 ")) {
		t.Errorf("from another address: %.100s", answer)
	}
	r.Pass(time.Minute)
	wantBody(t, "a minute later", r.fetch("GET", l, "manifest"), 200, l.manifest)
}

// H14: whoever holds a link can't fill the disk with tickets; asking again for one that is there costs nothing.
func TestTicketsAreBounded(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, nil)
	first := text(random(32))
	wantStatus(t, "the first", r.ticket(l, first), 201)
	for range 1200 {
		wantStatus(t, "the first again", r.ticket(l, first), 200)
	}
	made := 1
	var got *http.Response
	for got = r.ticket(l, text(random(32))); got.StatusCode == 201; got = r.ticket(l, text(random(32))) {
		made++
	}
	wantCode(t, "one more", got, 429, "slow_down")
	if made < 1000 || made > 1100 || got.Header.Get("Retry-After") == "" {
		t.Errorf("%d tickets were made; Retry-After %q", made, got.Header.Get("Retry-After"))
	}
	r.Pass(time.Minute)
	wantStatus(t, "a minute later", r.ticket(l, text(random(32))), 201)
}

// D9: a limit of one, fifty visits at once.
func TestTheLimitHoldsUnderARace(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, func(fields map[string]any) { fields["max_visits"] = 1 })
	var group sync.WaitGroup
	var won, lost atomic.Int64
	winner := make(chan string, 50)
	for range 50 {
		group.Go(func() {
			ticket := text(random(32))
			switch got := r.ticket(l, ticket); got.StatusCode {
			case 201:
				won.Add(1)
				winner <- ticket
			case 410:
				lost.Add(1)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 || lost.Load() != 49 {
		t.Fatalf("%d came through, %d did not", won.Load(), lost.Load())
	}
	ticket := <-winner
	for _, part := range []string{"bytes=0-9", "bytes=10-"} { // in pieces, or again: it is one visit
		wantStatus(t, part, r.fetch("GET", l, "content", "Thorpe-Ticket", ticket, "Range", part), 206)
	}
	wantStatus(t, "HEAD", r.fetch("HEAD", l, "content", "Thorpe-Ticket", ticket), 200)
	aborted := r.fetch("GET", l, "content", "Thorpe-Ticket", ticket)
	aborted.Body.Close() // whoever breaks off may go on
	wantBody(t, "content", r.fetch("GET", l, "content", "Thorpe-Ticket", ticket), 200, l.content)
	for _, method := range []string{"HEAD", "GET"} {
		if got := r.fetch(method, l, "content", "Thorpe-Ticket", text(random(32))); got.StatusCode < 400 {
			t.Errorf("%s with a ticket that was made up: %s", method, got.Status)
		}
	}
	if said := wantCode(t, "manifest for others", r.fetch("GET", l, "manifest"), 410, "gone"); said["reason"] != "used_up" {
		t.Errorf("gone: %v", said)
	}
}
