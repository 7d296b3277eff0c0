package dav

import "strings"

// IsHidden tells whether a file is one that a system writes beside people's own, which nobody wants to see or share: by its name, in the case that macOS and Windows
// write. A folder never is. Its twin is static/hidden.js.
func IsHidden(name string, folder bool) bool {
	return !folder && (strings.HasPrefix(name, "._") || name == ".DS_Store" || name == "Thumbs.db")
}

// besideOf is where what macOS knows of a file or folder lies.
func besideOf(path string) string {
	above, name := parentPath(path), path[strings.LastIndexByte(path, '/')+1:]
	return joinPath(above, "._"+name)
}
