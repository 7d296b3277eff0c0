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
	// Lifetime is how long the link is good for from its publishing on; 0 is forever.
	Lifetime time.Duration
	// MaxVisits is 0 for no limit.
	MaxVisits int64
}

// Publish makes an upload a link, once. If the answer is lost it finds out whether the server took it. If it fails, it
// takes the upload back.
func (c *Client) Publish(ctx context.Context, link NewLink) error {
	lost := false
	err := c.Retries.again(ctx, func() error {
		body, contentType, err := link.form(time.Now()) // anew each time: the waits between are no part of the link's life
		if err != nil {
			return err
		}
		r, err := c.asOwner(ctx, http.MethodPost, "/api/links", bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", contentType)
		_, err = c.call(r, nil, nil)
		if lost && HasCode(err, "id_taken") {
			return nil // 128 random bits: it was us
		}
		lost = lost || err != nil
		return err
	})
	if err != nil {
		c.removeUpload(ctx, link.Upload)
		return fmt.Errorf("publishing the link: %w", err)
	}
	return nil
}

// form is the body of the request, and its type. The link's life begins now.
func (link NewLink) form(now time.Time) (body []byte, contentType string, err error) {
	hash := link.Keys.TokenHash()
	described := struct {
		ID        binary     `json:"id"`
		TokenHash binary     `json:"token_hash"`
		Upload    string     `json:"upload"`
		Note      binary     `json:"note"`
		Expires   *time.Time `json:"expires"`
		MaxVisits *int64     `json:"max_visits"`
	}{ID: link.Keys.ID[:], TokenHash: hash[:], Upload: link.Upload, Note: link.Note}
	if link.Lifetime > 0 {
		described.Expires = new(now.Add(link.Lifetime).UTC().Truncate(time.Second))
	}
	if link.MaxVisits > 0 {
		described.MaxVisits = &link.MaxVisits
	}
	text, err := json.Marshal(described)
	if err != nil {
		return nil, "", err
	}
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for _, part := range []struct {
		name, mediaType string
		content         []byte
	}{{"link", "application/json", text}, {"manifest", "application/octet-stream", link.Manifest}} {
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
