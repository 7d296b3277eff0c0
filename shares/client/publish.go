package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"time"

	"thorpe/shares/sealed"
)

// NewLink is what makes an upload a link.
type NewLink struct {
	Keys *sealed.Keys
	// Upload is the id that Upload gave.
	Upload string
	// Manifest is the sealed manifest.
	Manifest []byte
	// Note is the owner's note, in its box.
	Note []byte
	// Lifetime is how long the link is good for from its publishing on; 0 is forever, or until Expires.
	Lifetime time.Duration
	// Expires is when it ends, where that is not counted from its publishing on.
	Expires time.Time
	// MaxVisits is 0 for no limit.
	MaxVisits int64
}

// Publish makes an upload a link, once. If the answer is lost it finds out whether the server took it. If it fails, it
// takes the upload back.
func (c *Client) Publish(ctx context.Context, link NewLink) error {
	// Described anew each time: the waits between are no part of the link's life.
	err := c.sendLink(ctx, http.MethodPost, "/api/links", link.Manifest, func() any { return link.describe(time.Now()) })
	if err != nil {
		c.removeUpload(ctx, link.Upload)
		return fmt.Errorf("publishing the link: %w", err)
	}
	return nil
}

type newLinkJSON struct {
	ID        binary     `json:"id"`
	TokenHash binary     `json:"token_hash"`
	Upload    string     `json:"upload,omitempty"`
	Note      binary     `json:"note"`
	Expires   *time.Time `json:"expires"`
	MaxVisits *int64     `json:"max_visits"`
}

// describe is the link in JSON. Its life begins now.
func (link NewLink) describe(now time.Time) newLinkJSON {
	hash := link.Keys.TokenHash()
	described := newLinkJSON{ID: link.Keys.ID[:], TokenHash: hash[:], Upload: link.Upload, Note: link.Note, MaxVisits: limitOrNull(link.MaxVisits)}
	described.Expires = stampOrNull(link.Expires)
	if link.Lifetime > 0 {
		described.Expires = stampOrNull(now.Add(link.Lifetime))
	}
	return described
}

// linkForm is the body of a request with a link and its sealed manifest, and its type.
func linkForm(described any, manifest []byte) (body []byte, contentType string, err error) {
	text, err := json.Marshal(described)
	if err != nil {
		return nil, "", err
	}
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for _, part := range []struct {
		name, mediaType string
		content         []byte
	}{{"link", "application/json", text}, {"manifest", "application/octet-stream", manifest}} {
		w, err := writer.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="` + part.name + `"`},
			"Content-Type":        {part.mediaType},
		})
		if err != nil {
			return nil, "", err
		}
		if _, err := w.Write(part.content); err != nil {
			return nil, "", err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, "", err
	}
	return form.Bytes(), writer.FormDataContentType(), nil
}
