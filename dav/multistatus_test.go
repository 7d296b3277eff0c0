package dav_test

import (
	"encoding/xml"
	"testing"
)

// multistatus is an answer as a client reads it.
type multistatus struct {
	XMLName   xml.Name   `xml:"DAV: multistatus"`
	Responses []response `xml:"DAV: response"`
}

type response struct {
	Href      string     `xml:"DAV: href"`
	Propstats []propstat `xml:"DAV: propstat"`
}

type propstat struct {
	Prop struct {
		All []prop `xml:",any"`
	} `xml:"DAV: prop"`
	Status string `xml:"DAV: status"`
}

type prop struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Inner   string     `xml:",innerxml"`
	Text    string     `xml:",chardata"`
}

// parse fails the test unless body is a well-formed multistatus.
func parse(t testing.TB, body string) multistatus {
	t.Helper()
	var m multistatus
	if err := xml.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("not a multistatus: %v\n%s", err, body)
	}
	return m
}

// listed answers the hrefs of a multistatus.
func listed(t *testing.T, body string) []string {
	t.Helper()
	var hrefs []string
	for _, r := range parse(t, body).Responses {
		hrefs = append(hrefs, r.Href)
	}
	return hrefs
}

// property finds a property with status 200 in the first response.
func property(t testing.TB, body, space, local string) (prop, bool) {
	t.Helper()
	return parse(t, body).Responses[0].property(space, local)
}

func (r response) property(space, local string) (prop, bool) {
	for _, p := range r.Propstats {
		if p.Status != "HTTP/1.1 200 OK" {
			continue
		}
		for _, q := range p.Prop.All {
			if q.XMLName.Space == space && q.XMLName.Local == local {
				return q, true
			}
		}
	}
	return prop{}, false
}
