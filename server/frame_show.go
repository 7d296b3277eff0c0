package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// framePolicy is that of the frame which draws a PDF. "sandbox" takes its origin from it wherever it is opened, and with it cookies, storage and every
// way into the pages around it; it reaches no network but its own scripts, whose place is spelled out for browsers to which 'self' names nothing there.
const framePolicy = "default-src 'none'; script-src 'self' {origin}; style-src 'self' {origin}; img-src blob: data:; font-src blob: data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts; require-trusted-types-for 'script'; trusted-types 'none'"

// framePage is all of the frame but what its module draws; it says nothing to people.
const framePage = `<!doctype html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>PDF</title>
<link rel="stylesheet" crossorigin href="{static}/frames/pdf.css">
<script type="module" src="{static}/frames/pdf.js"></script>
</head>
<body></body>
</html>
`

// frameShow answers with the frame that draws a PDF: the page around it reads the file and hands it in.
func (s *Server) frameShow(c echo.Context) error {
	h := c.Response().Header()
	origin := s.URL.Scheme + "://" + s.URL.Host
	h.Set("Content-Security-Policy", strings.ReplaceAll(framePolicy, "{origin}", origin))
	h.Set("X-Frame-Options", "SAMEORIGIN")
	return c.HTML(http.StatusOK, strings.NewReplacer("{static}", s.at(s.static.Path()), "{lang}", s.language(c), "{theme}", theme(c)).Replace(framePage))
}

// inFrame says whether a static file is loaded by the frame, to whose origin, which is none, it must be opened. Its content is public.
func inFrame(name string) bool {
	if strings.HasPrefix(name, "frames/") {
		return true
	}
	switch name {
	case "vendor/pdf.js", "vendor/pdf.worker.js", "vendor/openjpeg_nowasm_fallback.js", "vendor/jbig2_nowasm_fallback.js":
		return true
	}
	return false
}
