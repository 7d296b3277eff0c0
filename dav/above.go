package dav

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"
)

// Above answers PROPFIND on a folder above the door of a drive, from "/" on: the redirector of Windows begins there, and goes on only if it finds a collection with the
// next step of its path in it. There are two, the folder and that step, such as "/" and "/dav/"; of the live properties they have resourcetype and displayname, and no drive
// is looked at. folder and door are paths without a slash at their end, and without anything to escape; the root is "". The caller has signed the client in. Depth, body and
// limits are as in a drive.
func (h *Handler) Above(w http.ResponseWriter, r *http.Request, folder, door string) {
	x := &exchange{h: h, w: w, r: r}
	err := x.propfindAbove(folder, door)
	if r.ContentLength != 0 { // as in Serve
		http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.stall))
	}
	if err != nil {
		x.fail(err)
	}
}

func (x *exchange) propfindAbove(folder, door string) error {
	d, err := readDepth(x.r.Header, depthInfinity)
	if err != nil {
		return err
	}
	if d == depthInfinity {
		return &failure{status: http.StatusForbidden, condition: "propfind-finite-depth"}
	}
	q, err := x.readQuery()
	if err != nil {
		return err
	}
	b := []byte(multistatus)
	b = appendAbove(b, q, folder+"/", folder[strings.LastIndexByte(folder, '/')+1:])
	if d == depthOne {
		step, _, _ := strings.Cut(strings.TrimPrefix(door, folder+"/"), "/")
		b = appendAbove(b, q, folder+"/"+step+"/", step)
	}
	x.answerXML(http.StatusMultiStatus, append(b, `</D:multistatus>`...))
	return nil
}

// appendAbove appends the response element of a collection that has nothing but a name.
func appendAbove(b []byte, q *query, href, displayName string) []byte {
	var found []byte
	var missing []xml.Name
	values := map[string]string{"resourcetype": `<D:resourcetype><D:collection/></D:resourcetype>`, "displayname": `<D:displayname>` + displayName + `</D:displayname>`}
	if q.all || q.onlyNames {
		for _, local := range []string{"resourcetype", "displayname"} {
			if q.onlyNames {
				found = appendEmpty(found, dav(local))
			} else {
				found = append(found, values[local]...)
			}
		}
	}
	for _, n := range q.names {
		value := values[n.Local]
		switch {
		case n.Space != davSpace || value == "":
			missing = append(missing, n)
		case !q.all:
			found = append(found, value...)
		}
	}
	b = append(b, `<D:response><D:href>`+href+`</D:href>`...)
	if len(found) > 0 || len(missing) == 0 {
		b = append(append(append(b, `<D:propstat><D:prop>`...), found...), `</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>`...)
	}
	return append(appendMissing(b, missing), `</D:response>`...)
}
