package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// E12: the cookies of the switches name no file and reach no page but as one of the few known words.
func TestOnlyKnownLanguagesAreTaken(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for _, test := range []struct{ path, cookie, accept, want string }{
		{"/about", "", "", `<html lang="en">`},
		{"/about", "", "de-AT", `<html lang="de">`},
		{"/about", "language=de", "en", `<html lang="de">`},
		{"/about", "language=en; theme=dark", "de", `<html lang="en" data-theme="dark">`},
		{"/s/", "language=de; theme=light", "", `<html lang="de" data-theme="light">`},
		{"/nowhere", "language=de", "", `<html lang="de">`},
		{"/frames/pdf", "language=de; theme=dark", "", `<html lang="de" data-theme="dark">`},
		{"/frames/pdf", "language=../x; theme=x", "", `<html lang="en" data-theme="">`},
		{"/about", "language=../../x", "de", `<html lang="de">`},
		{"/about", "language=de/../en", "", `<html lang="en">`},
		{"/about", `language="de\0"`, "", `<html lang="en">`},
		{"/about", "language=DE", "", `<html lang="en">`},
		{"/about", "language=", "de", `<html lang="de">`},
		{"/about", "theme=\"><script>alert(1)</script>", "", `<html lang="en">`},
		{"/about", "theme=Dark; theme=dark", "", `<html lang="en">`},
		{"/about", "language=" + strings.Repeat("de", 30_000), "", `<html lang="en">`},
		{"/about", "", strings.Repeat("de,", 3000), `<html lang="`},
	} {
		got := b.request("GET", test.path, nil, func(request *http.Request) {
			request.Header.Set("Cookie", test.cookie)
			if test.accept != "" {
				request.Header.Set("Accept-Language", test.accept)
			}
		})
		page, err := io.ReadAll(got.Body)
		must(t, err)
		if !strings.Contains(string(page), test.want) {
			t.Errorf("%s with %.60q, %.60q: no %s in %.300s", test.path, test.cookie, test.accept, test.want, page)
		}
		if strings.Contains(string(page), "alert(1)") {
			t.Errorf("%s with %.60q shows the cookie", test.path, test.cookie)
		}
	}
}
