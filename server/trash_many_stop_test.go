package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// sentAndGone is a body whose sender is gone as soon as all of it has been read.
type sentAndGone struct {
	io.Reader
	gone func()
}

func (b sentAndGone) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		b.gone()
	}
	return n, err
}

// Many end with the request that asked for them: the rest stays in the trash.
func TestManyEndWhenTheirRequestIsClosed(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	for _, path := range []string{"/api/trash/restorations", "/api/trash/removals"} {
		var ids []string
		for range 20 {
			ann.drive("PUT", "f", "f")
			ids = append(ids, ann.drive("DELETE", "f", ""))
		}
		before := len(ann.trash().Items)
		encoded, err := json.Marshal(map[string]any{"ids": ids})
		must(t, err)
		ctx, gone := context.WithCancel(t.Context())
		request := httptest.NewRequestWithContext(ctx, "POST", r.URL+path, sentAndGone{strings.NewReader(string(encoded)), gone})
		request.Header.Set("Content-Type", "application/json")
		for _, cookie := range ann.cookies {
			request.AddCookie(cookie)
		}
		func() {
			defer func() { recover() }() // which net/http takes for a cut
			r.Server.ServeHTTP(httptest.NewRecorder(), request)
		}()
		if ctx.Err() == nil {
			t.Error("the body was not read")
		}
		if left := len(ann.trash().Items); left < before-1 {
			t.Errorf("%s: %d of %d are left", path, left, before)
		}
	}
}
