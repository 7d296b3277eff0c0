package server_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"thorpe/shares"
)

// stateOf is what the list says of an upload's state: -1 for none.
func (b *browser) stateOf(at string) int64 {
	b.t.Helper()
	var list struct {
		Uploads []struct {
			ID    string
			State *int64
		}
	}
	b.call(200, "GET", "/api/uploads/", nil, &list)
	for _, u := range list.Uploads {
		if "/api/uploads/"+u.ID == at && u.State != nil {
			return *u.State
		}
	}
	return -1
}

// What a later visit needs to go on is kept as it is for the upload's owner alone, counts in their quota, and ends with the upload. (D6)
func TestTheStateOfAnUploadIsItsOwners(t *testing.T) {
	r := newServer(t)
	ann, bob, nobody := r.member("ann", 1), r.member("bob", 2), r.newBrowser()
	content := random(100)
	at := "/api/uploads/" + ann.sealedUpload(content)
	state := at + "/state"
	put := func(b *browser, box []byte) *http.Response { return b.request("PUT", state, bytes.NewReader(box), nil) }

	wantCode(t, "before there is one", ann.request("GET", state, nil, nil), 404, "not_found")
	if n := ann.stateOf(at); n != -1 {
		t.Errorf("the list has a state of %d bytes", n)
	}
	wantStatus(t, "the first", put(ann, random(5000)), 204)
	box := random(3000)
	wantStatus(t, "another in its place", put(ann, box), 204)
	wantBody(t, "GET", ann.request("GET", state, nil, nil), 200, box)
	if n := ann.stateOf(at); n != 3000 {
		t.Errorf("the list has a state of %d bytes", n)
	}
	ann.wantUsed("with a state", 3100)

	wantCode(t, "PUT by another", put(bob, box), 404, "no_upload")
	wantCode(t, "GET by another", bob.request("GET", state, nil, nil), 404, "not_found")
	wantCode(t, "PUT by nobody", put(nobody, box), 401, "not_signed_in")
	wantCode(t, "GET by nobody", nobody.request("GET", state, nil, nil), 401, "not_signed_in")
	crossSite := ann.request("PUT", state, bytes.NewReader(box), func(r *http.Request) {
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	wantCode(t, "PUT from another site", crossSite, 403, "cross_site")
	wantCode(t, "an empty one", put(ann, nil), 400, "bad_request")
	wantCode(t, "one that is too long", put(ann, make([]byte, shares.MaxUploadState+1)), 413, "too_large")
	unknown := ann.request("PUT", state, struct{ *strings.Reader }{strings.NewReader(strings.Repeat("x", shares.MaxUploadState+1))}, nil) // of a length that is not told
	wantCode(t, "one that is too long, as it turns out", unknown, 413, "too_large")
	drive := ann.newUpload("drive", "Upload-Length", "5", "Upload-Metadata", "path "+b64("a"))
	wantCode(t, "of an upload into the drive", ann.request("PUT", drive+"/state", bytes.NewReader(box), nil), 404, "no_upload")
	ann.setQuota(3200)
	wantCode(t, "beyond the quota", put(ann, random(3100)), 507, "no_space")
	wantBody(t, "what was there", ann.request("GET", state, nil, nil), 200, box)
	ann.setQuota(0)
	wantStatus(t, "the longest", put(ann, make([]byte, shares.MaxUploadState)), 204)

	fields, _ := ann.newLink(random(28))
	fields["upload"] = strings.TrimPrefix(at, "/api/uploads/")
	wantStatus(t, "publishing", ann.publish(fields, random(smallManifest)), 201)
	wantCode(t, "of what became a link", ann.request("GET", state, nil, nil), 404, "not_found")
	ann.wantUsed("a link, and the upload that newLink made", 100+smallManifest+28)
	given := "/api/uploads/" + ann.sealedUpload(content)
	wantStatus(t, "PUT", ann.request("PUT", given+"/state", bytes.NewReader(box), nil), 204)
	wantStatus(t, "giving up", ann.tus("DELETE", given, nil), 204)
	wantCode(t, "of what was given up", ann.request("GET", given+"/state", nil, nil), 404, "not_found")
}
