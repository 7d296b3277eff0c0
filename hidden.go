package main

import "strings"

// isHidden tells whether a file is one that a system writes beside people's own, which nobody wants to share: by its name, in the case that macOS and Windows
// write. A folder never is. Its twin is static/hidden.js.
func isHidden(name string, folder bool) bool {
	return !folder && (strings.HasPrefix(name, "._") || name == ".DS_Store" || name == "Thumbs.db")
}
