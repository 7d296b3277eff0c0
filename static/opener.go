package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"thorpe/static/bundle"
)

// openerModules are the modules of the opener that stand in for others: what a page of a server loads, it has in it.
var openerModules = []string{"base.js", "registration.js", "trusted.js", "ui/style.js", "view/pdf.js"}

const openerStart = "opener/start.js"

// openerRoots are what the opener runs: its page, and its workers.
var openerRoots = []string{openerStart, Argon2Worker, "download-worker.js", "save-folder-worker.js"}

// openerStyles are its style sheets, in their order.
var openerStyles = []string{"style.css", "link.css", "view.css", "viewer.css"}

// openerInstead is what is taken for each of openerModules.
func openerInstead() map[string]string {
	instead := map[string]string{}
	for _, name := range openerModules {
		instead[name] = "opener/" + path.Base(name)
	}
	return instead
}

// openerScript is what the opener runs, the same for every version.
var openerScript = sync.OnceValues(func() ([]byte, error) {
	script, err := bundle.Script(files, openerInstead(), openerRoots...)
	return append(script, "$load(globalThis.thorpeOpener?.worker ?? \""+openerStart+"\");\n"...), err
})

// Opener makes the page that opens links from its reader's own disk: one HTML file that loads nothing, of the very modules that a server's pages load. It is the same for
// the same version.
func Opener(version string) ([]byte, error) {
	script, err := openerScript()
	if err != nil {
		return nil, err
	}
	var style bytes.Buffer
	for _, name := range openerStyles {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("making the opener: %w", err)
		}
		style.Write(content)
	}
	sprite, err := files.ReadFile("icons.svg")
	if err != nil {
		return nil, fmt.Errorf("making the opener: %w", err)
	}
	texts, err := openerTexts()
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, openerPage, hashOf(script), hashOf(style.Bytes()), style.Bytes(), sprite, texts, html.EscapeString(version), script), nil
}

// openerPage takes: the script's hash, the style's, the style, the sprite of icons, the catalogs, the version, the script. What may be fetched is narrowed to the link's
// server by the script, before it fetches.
const openerPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '%s' 'wasm-unsafe-eval'; style-src '%s'; img-src blob: data:; media-src blob:; connect-src https: http: blob:; worker-src blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types thorpe">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Thorpe</title>
<link rel="icon" href="data:,">
<style>%s</style>
</head>
<body data-page="link">
<div hidden id="sprite">%s</div>
%s<a class="skip" href="#main" id="skip"></a>
<div class="center">
<header class="top"><span class="mark" aria-hidden="true">#</span>Thorpe</header>
<main class="sheet" id="main" tabindex="-1"><noscript>Thorpe: JavaScript.</noscript></main>
<footer class="foot"><span>Thorpe %s</span> <span class="foot-choices"><select id="language" aria-label="Language"></select></span></footer>
</div>
<script id="code">%s</script>
</body>
</html>
`

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// openerTexts are the catalogs, each as data in an element of its own, with the texts alone that the opener's modules can ask for.
func openerTexts() ([]byte, error) {
	roots := slices.Clone(openerRoots)
	for _, name := range openerInstead() {
		roots = append(roots, name)
	}
	asks, err := asked(files, roots...)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("making the opener: %w", err)
	}
	var out bytes.Buffer
	for _, name := range names {
		content, err := askedTexts(files, name, asks)
		if err != nil {
			return nil, err
		}
		// JSON as Go writes it has no "<" in it.
		fmt.Fprintf(&out, "<script type=\"application/json\" class=\"texts\" lang=%q>%s</script>\n", strings.TrimSuffix(path.Base(name), ".json"), content)
	}
	return out.Bytes(), nil
}
