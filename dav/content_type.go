package dav

import (
	"path"
	"strings"
)

// contentType answers by the name alone, from this table: the host's own tables differ, and nothing is ever sniffed (the answers say nosniff).
func contentType(name string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// shownInline says whether a browser may show this type itself: none of these can run a script. All else is an attachment.
func shownInline(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	kind, _, _ := strings.Cut(t, "/")
	switch kind {
	case "image":
		return t != "image/svg+xml"
	case "audio", "video":
		return true
	}
	return t == "text/plain"
}

var contentTypes = map[string]string{
	".txt": "text/plain; charset=utf-8", ".text": "text/plain; charset=utf-8", ".log": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
	".ini": "text/plain; charset=utf-8", ".conf": "text/plain; charset=utf-8", ".toml": "text/plain; charset=utf-8", ".yaml": "text/plain; charset=utf-8",
	".yml": "text/plain; charset=utf-8", ".go": "text/plain; charset=utf-8", ".c": "text/plain; charset=utf-8", ".h": "text/plain; charset=utf-8",
	".py": "text/plain; charset=utf-8", ".rs": "text/plain; charset=utf-8", ".sh": "text/plain; charset=utf-8", ".tex": "text/plain; charset=utf-8",
	".srt": "text/plain; charset=utf-8",

	".csv": "text/csv; charset=utf-8", ".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".vtt": "text/vtt; charset=utf-8", ".ics": "text/calendar; charset=utf-8",
	".vcf": "text/vcard; charset=utf-8",

	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jpe": "image/jpeg", ".jfif": "image/jpeg", ".png": "image/png", ".apng": "image/apng", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif", ".bmp": "image/bmp", ".ico": "image/vnd.microsoft.icon", ".tif": "image/tiff", ".tiff": "image/tiff", ".heic": "image/heic",
	".heif": "image/heif", ".jxl": "image/jxl", ".svg": "image/svg+xml", ".svgz": "image/svg+xml", ".psd": "image/vnd.adobe.photoshop",

	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac",
	".wav": "audio/wav", ".aif": "audio/aiff", ".aiff": "audio/aiff", ".mid": "audio/midi", ".midi": "audio/midi", ".weba": "audio/webm",

	".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".mkv": "video/matroska", ".ogv": "video/ogg", ".avi": "video/x-msvideo",
	".mpg": "video/mpeg", ".mpeg": "video/mpeg", ".wmv": "video/x-ms-wmv", ".3gp": "video/3gpp", ".m2ts": "video/mp2t",

	".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml", ".xhtml": "application/xhtml+xml", ".rtf": "application/rtf",
	".zip": "application/zip", ".gz": "application/gzip", ".tgz": "application/gzip", ".bz2": "application/x-bzip2", ".xz": "application/x-xz",
	".zst": "application/zstd", ".7z": "application/x-7z-compressed", ".rar": "application/vnd.rar", ".tar": "application/x-tar",
	".epub": "application/epub+zip", ".wasm": "application/wasm", ".jar": "application/java-archive", ".eml": "message/rfc822",
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".odp": "application/vnd.oasis.opendocument.presentation", ".odg": "application/vnd.oasis.opendocument.graphics",
	".ttf": "font/ttf", ".otf": "font/otf", ".woff": "font/woff", ".woff2": "font/woff2",
}
