package dav

import (
	"cmp"
	"net/http"

	"golang.org/x/net/webdav"
)

// What a failure says to people, in one sentence of plain English: what is the matter, and what to do about it where that is theirs. It is fixed: no name, no path and no
// text of an error stands in it.

// A sentence that only the place where something fails knows. These say more than the status.
const (
	sayBadName   = "Nothing here can have this name: each part has 1 to 255 bytes of UTF-8 and is not \".\" or \"..\", and there is no backslash and no control character in it."
	sayQuery     = "A question mark in a name must be sent as %3F: as it is, it ends the name, and this would be about another file."
	sayLongName  = "The server's disk takes no name as long as this."
	sayChanged   = "What is here is not what the request expects: it may have been changed meanwhile. Look at it again first."
	saySpecial   = "What has this name on the server's disk is neither a file nor a folder."
	sayForbidden = "The server's system does not allow this. Ask whoever runs the server."
	sayMeanwhile = "Something else changed this at the same moment. Look at it again first."
	sayFolder    = "This is a folder, or its URL ends with a slash as a folder's does: no file goes there."
	sayTooMuch   = "The properties of the files on this drive take as much space as they may."
	sayTooMany   = "There are as many locks on this drive as it may have. Each ends by itself within an hour, unless it is renewed."
)

// conditionSentences are what the preconditions mean (RFC 4918, 16; RFC 4331, 6).
var conditionSentences = map[string]string{
	"lock-token-submitted":           "Another program has locked this. Close it there, or wait: a lock that is not renewed ends within an hour.",
	"no-conflicting-lock":            "Another program has locked this. Close it there, or wait: a lock that is not renewed ends within an hour.",
	"lock-token-matches-request-uri": "There is no such lock here any more, or it is a lock on something else.",
	"propfind-finite-depth":          "Folders are listed one at a time: ask with Depth 0 or 1.",
	"quota-not-exceeded":             "There is no room for this: the account's quota is full. Delete something, or ask whoever runs the server.",
}

// sentences are what the statuses mean where nothing else is known: for one method, or for all.
var sentences = map[int]map[string]string{
	http.StatusBadRequest: {"": "The request is not as this server expects it."},
	http.StatusForbidden: {
		"":       saySpecial,
		"DELETE": "The drive itself can't be deleted. Delete what is in it.",
		"COPY":   "Nothing can be copied onto or into itself, nor over a folder that it lies in.",
		"MOVE":   "Nothing can be moved onto or into itself, nor over a folder that it lies in.",
	},
	http.StatusNotFound: {"": "There is nothing here."},
	http.StatusMethodNotAllowed: {
		"":      "This can't be done here.",
		"GET":   "This is a folder: mount it with a WebDAV client, or look at it in the web drive.",
		"MKCOL": "There is something of this name already.",
	},
	http.StatusRequestTimeout: {"": "The request stopped coming. Try again."},
	http.StatusConflict:       {"": "The folder in which this would lie does not exist. Make it first."},
	http.StatusPreconditionFailed: {
		"":     sayChanged,
		"COPY": "There is something at the destination already, and the request says not to replace it.",
		"MOVE": "There is something at the destination already, and the request says not to replace it.",
	},
	http.StatusRequestEntityTooLarge: {"": "That is longer than this server takes."},
	http.StatusRequestURITooLong:     {"": "This path is too long: 4096 bytes are the most."},
	http.StatusUnsupportedMediaType: {
		"":      "This server takes files as they are, not compressed on the way.",
		"MKCOL": "Making a folder takes no body.",
	},
	http.StatusInternalServerError: {"": "Something went wrong here. The server's log says what."},
	http.StatusBadGateway:          {"": "The destination is not in this drive: what goes elsewhere must be sent there."},
	http.StatusServiceUnavailable:  {"": "The server can't store anything just now. Try again in a moment."},
	http.StatusInsufficientStorage: {"": "There is no room for this: the server's disk is full."},
}

// sentence is what people are told about f.
func (x *exchange) sentence(f *failure) string {
	some := sentences[f.status]
	return cmp.Or(f.sentence, conditionSentences[f.condition], some[x.r.Method], some[""], webdav.StatusText(f.status), http.StatusText(f.status))
}
