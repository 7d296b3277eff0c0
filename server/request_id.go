package server

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"

	"github.com/labstack/echo/v4"
)

// A request id tells which lines of the log belong to one request, here and at a proxy in front. It stands in the answer too, so that whoever complains can say it.
const requestIDHeader = "X-Request-Id"

// aRequest is what a context knows of the request that it is of.
type aRequest struct{ id, door, method string }

type requestKey struct{}

// requestOf is the request that ctx is of; all empty if it is of none.
func requestOf(ctx context.Context) aRequest {
	r, _ := ctx.Value(requestKey{}).(*aRequest)
	if r == nil {
		return aRequest{}
	}
	return *r
}

// giveID gives a request its id, and tells it in the answer.
func giveID(c echo.Context, proxies []netip.Prefix) {
	r := c.Request()
	id := idFromProxy(r, proxies)
	if id == "" {
		id = newRequestID()
	}
	c.Response().Header()[requestIDHeader] = []string{id}
	c.SetRequest(r.WithContext(context.WithValue(r.Context(), requestKey{}, &aRequest{id, doorOf(r), methodOf(r)})))
}

// Whoever is no proxy of ours could make lines look like another's request.
var goodRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// idFromProxy is the id that one of our proxies has given the request, or empty.
func idFromProxy(r *http.Request, proxies []netip.Prefix) string {
	given := r.Header[requestIDHeader]
	if len(given) != 1 || len(proxies) == 0 || !goodRequestID.MatchString(given[0]) {
		return ""
	}
	if !among(peerAddr(r), proxies) {
		return ""
	}
	return given[0]
}

var requestIDs = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

func newRequestID() string {
	var random [10]byte
	rand.Read(random[:])
	return requestIDs.EncodeToString(random[:])
}

// LogHandler returns a handler that adds the id of the request, as "request", to what is logged with a request's context.
func LogHandler(h slog.Handler) slog.Handler {
	if _, does := h.(requestHandler); does {
		return h
	}
	return requestHandler{h}
}

type requestHandler struct{ slog.Handler }

func (h requestHandler) Handle(ctx context.Context, record slog.Record) error {
	if id := requestOf(ctx).id; id != "" {
		record.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, record)
}

func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs)}
}

func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
