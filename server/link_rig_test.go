package server_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"testing"
)

const sealedChunk = 262_172

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// tus sends a request in tus 1.0.0 with these headers, name and value in turn.
func (b *browser) tus(method, path string, body io.Reader, headers ...string) *http.Response {
	b.t.Helper()
	return b.request(method, path, body, func(r *http.Request) {
		r.Header.Set("Tus-Resumable", "1.0.0")
		if method == "PATCH" {
			r.Header.Set("Content-Type", "application/offset+octet-stream")
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
	})
}

// newUpload makes an upload and returns its address.
func (b *browser) newUpload(use string, headers ...string) string {
	b.t.Helper()
	got := b.tus("POST", "/api/uploads/"+use, nil, headers...)
	wantStatus(b.t, "making an upload", got, 201)
	return got.Header.Get("Location")
}

// sealedUpload makes an upload with this content, and returns its id.
func (b *browser) sealedUpload(content []byte) string {
	b.t.Helper()
	at := b.newUpload("sealed", "Upload-Length", strconv.Itoa(len(content)))
	wantStatus(b.t, "sending content", b.tus("PATCH", at, bytes.NewReader(content), "Upload-Offset", "0"), 204)
	return at[len("/api/uploads/"):]
}

// sentLink is a published link and what opens it.
type sentLink struct {
	id, token         string
	content, manifest []byte
}

const smallManifest = 32 + 4096 + 28

// newLink is the JSON of a link, and the token it has.
func (b *browser) newLink(content []byte) (fields map[string]any, token string) {
	b.t.Helper()
	secret := random(32)
	hash := sha256.Sum256(secret)
	return map[string]any{
		"id": text(random(16)), "token_hash": text(hash[:]), "upload": b.sealedUpload(content), "note": text([]byte("a box")), "expires": nil, "max_visits": nil,
	}, text(secret)
}

// form is a multipart form of a link and a manifest.
func form(t *testing.T, fields any, manifest []byte) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	encoded, ok := fields.(string)
	if !ok {
		b, err := json.Marshal(fields)
		must(t, err)
		encoded = string(b)
	}
	// A browser sends a Blob as a file.
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="link"; filename="blob"`}, "Content-Type": {"application/json"}})
	must(t, err)
	io.WriteString(part, encoded)
	part, err = w.CreateFormFile("manifest", "blob")
	must(t, err)
	part.Write(manifest)
	must(t, w.Close())
	return body, w.FormDataContentType()
}

func (b *browser) publish(fields any, manifest []byte) *http.Response {
	b.t.Helper()
	return b.sendLink("POST", "/api/links", fields, manifest)
}

// sendLink sends a form of a link and a manifest.
func (b *browser) sendLink(method, path string, fields any, manifest []byte) *http.Response {
	b.t.Helper()
	body, contentType := form(b.t, fields, manifest)
	return b.request(method, path, body, func(r *http.Request) { r.Header.Set("Content-Type", contentType) })
}

// link publishes a link; change may set what a test needs.
func (b *browser) link(size int, change func(map[string]any)) sentLink {
	b.t.Helper()
	l := sentLink{content: random(size), manifest: random(smallManifest)}
	fields, token := b.newLink(l.content)
	if change != nil {
		change(fields)
	}
	wantStatus(b.t, "publishing", b.publish(fields, l.manifest), 201)
	l.id, l.token = fields["id"].(string), token
	return l
}

// fetch asks for a link as its holder: no cookie, a token, and these headers, name and value in turn.
func (r *rig) fetch(method string, l sentLink, what string, headers ...string) *http.Response {
	r.t.Helper()
	return r.newBrowser().request(method, "/api/links/"+l.id+"/"+what, nil, func(request *http.Request) {
		request.Header.Set("Authorization", "Bearer "+l.token)
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
	})
}

// ticket asks for a ticket.
func (r *rig) ticket(l sentLink, ticket string) *http.Response {
	r.t.Helper()
	return r.newBrowser().request("POST", "/api/links/"+l.id+"/downloads", bytes.NewReader([]byte(`{"ticket": "`+ticket+`"}`)), func(request *http.Request) {
		request.Header.Set("Authorization", "Bearer "+l.token)
		request.Header.Set("Content-Type", "application/json")
	})
}

// wantCode checks status and code of a failure, and returns all that was said.
func wantCode(t *testing.T, what string, got *http.Response, status int, code string) map[string]string {
	t.Helper()
	var said map[string]string
	body, err := io.ReadAll(got.Body)
	must(t, err)
	if err := json.Unmarshal(body, &said); err != nil || got.StatusCode != status || said["code"] != code {
		t.Errorf("%s: %d %s; want %d %s", what, got.StatusCode, body, status, code)
	}
	if kind := got.Header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s: a failure of type %q", what, kind)
	}
	return said
}

func wantBody(t *testing.T, what string, got *http.Response, status int, want []byte) {
	t.Helper()
	body, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != status || !bytes.Equal(body, want) {
		t.Errorf("%s: %d with %d bytes, %v; want %d with these %d", what, got.StatusCode, len(body), err, status, len(want))
	}
}
