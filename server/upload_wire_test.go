package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wire is a connection of its own, to send requests that no client would.
type wire struct {
	*net.TCPConn
	t      *testing.T
	answer *bufio.Reader
}

func (b *browser) wire() *wire {
	b.t.Helper()
	return b.wireTo(strings.TrimPrefix(b.URL, "http://"))
}

// patch sends the head of a PATCH with these headers, and the bytes.
func (w *wire) patch(b *browser, at string, offset int, bytes []byte, headers string) {
	w.t.Helper()
	_, err := fmt.Fprintf(w, "PATCH %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\n%s\r\n\r\n%s",
		at, strings.TrimPrefix(b.URL, "http://"), b.cookies[0].Name, b.cookies[0].Value, offset, headers, bytes)
	must(w.t, err)
}

func (w *wire) status() int {
	w.t.Helper()
	answer, err := http.ReadResponse(w.answer, nil)
	must(w.t, err)
	return answer.StatusCode
}

// I1: what a connection brought before it broke counts in whole chunks, and nothing else does.
func TestABrokenConnectionKeepsWholeChunks(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	content := random(2*sealedChunk + 77)
	for _, c := range []struct {
		name    string
		headers string
		sent    []byte
		want    string
	}{
		{"with a length", fmt.Sprintf("Content-Length: %d", len(content)), content[:sealedChunk+5], "262172"},
		{"before the first chunk's end", fmt.Sprintf("Content-Length: %d", len(content)), content[:sealedChunk-1], "0"},
		{"inside the last chunk", fmt.Sprintf("Content-Length: %d", len(content)), content[:len(content)-1], "524344"},
		{"chunked", "Transfer-Encoding: chunked", fmt.Appendf(nil, "%x\r\n%s", len(content), content[:sealedChunk+5]), "262172"},
		{"chunked, without the last chunk", "Transfer-Encoding: chunked", fmt.Appendf(nil, "%x\r\n%s\r\n", sealedChunk+5, content[:sealedChunk+5]), "262172"},
	} {
		at := ann.newUpload("sealed", "Upload-Length", strconv.Itoa(len(content)))
		w := ann.wire()
		w.patch(ann, at, 0, c.sent, c.headers)
		must(t, w.CloseWrite())
		if status := w.status(); status < 400 {
			t.Errorf("%s: answered %d", c.name, status)
		}
		offset := ann.tus("HEAD", at, nil).Header.Get("Upload-Offset")
		if offset != c.want {
			t.Errorf("%s: the upload stands at %s, want %s", c.name, offset, c.want)
		}
		// And so it goes on, to the same bytes.
		n, err := strconv.Atoi(offset)
		must(t, err)
		wantStatus(t, c.name, ann.tus("PATCH", at, bytes.NewReader(content[n:]), "Upload-Offset", offset), 204)
		fields, token := ann.newLink(random(28))
		fields["upload"] = at[len("/api/uploads/"):]
		wantStatus(t, "publishing", ann.publish(fields, random(smallManifest)), 201)
		l := sentLink{id: fields["id"].(string), token: token}
		ticket := text(random(32))
		wantStatus(t, "ticket", r.ticket(l, ticket), 201)
		wantBody(t, c.name, r.fetch("GET", l, "content", "Thorpe-Ticket", ticket), 200, content)
	}
}

func TestAStaleConnectionDoesNotKeepItsOwnerOut(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	at := ann.newUpload("drive", "Upload-Length", "1000", "Upload-Metadata", "path "+b64("a"))
	w := ann.wire()
	w.patch(ann, at, 0, nil, "Content-Length: 1000\r\nExpect: 100-continue")
	if status := w.status(); status != 100 { // the server reads
		t.Fatalf("answered %d", status)
	}
	wantCode(t, "a second at once", ann.tus("PATCH", at, bytes.NewReader(random(10)), "Upload-Offset", "0"), 423, "upload_busy")

	// The connection brings nothing more, and nobody tells the server that it is gone.
	r.Pass(5 * time.Second)
	wantStatus(t, "the next", ann.tus("PATCH", at, bytes.NewReader(random(1000)), "Upload-Offset", "0"), 204)
	if status := w.status(); status != 408 {
		t.Errorf("the first was answered %d", status)
	}
	wantStatus(t, "GET", ann.request("GET", "/files/a", nil, nil), 200)
}

func TestAConnectionIsGoodForMoreAfterAnUpload(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	at := ann.newUpload("drive", "Upload-Length", "1000", "Upload-Metadata", "path "+b64("a"))
	w := ann.wire()
	for offset := 0; offset < 1000; offset += 250 {
		w.patch(ann, at, offset, random(250), "Content-Length: 250")
		if status := w.status(); status != 204 {
			t.Fatalf("answered %d", status)
		}
	}
}
