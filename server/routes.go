package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"thorpe/server/release"
	"thorpe/static"
)

// WebDAV's methods, RFC 4918, beside HTTP's own; the doors answer for all of them. OPTIONS is davOptions', everywhere.
var davMethods = []string{
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
}

// addRoutes is the one table of what this server answers, and for whom.
func (s *Server) addRoutes() {
	const get, post, put, patch, del, head, options = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions
	anyone := []echo.MiddlewareFunc{s.sameSite}
	signedIn := []echo.MiddlewareFunc{s.sameSite, s.signedIn}
	walking := []echo.MiddlewareFunc{s.signedIn, s.walking}
	operator := []echo.MiddlewareFunc{s.sameSite, s.operating}
	holder := []echo.MiddlewareFunc{s.anyOrigin} // of a link: a bearer token, no cookie

	for _, route := range []struct {
		method, path string
		who          []echo.MiddlewareFunc
		handler      echo.HandlerFunc
	}{
		{get, "/", anyone, s.appShow},
		{echo.PROPFIND, "/", nil, s.rootDoor},
		{get, "/drive", anyone, s.appShow},
		{get, "/drive/*", anyone, s.appShow},
		{get, "/search", anyone, s.appShow},
		{get, "/recent", anyone, s.appShow},
		{get, "/trash", anyone, s.appShow},
		{get, "/links", anyone, s.appShow},
		{get, "/connect", anyone, s.appShow},
		{get, "/settings", anyone, s.appShow},
		{get, "/people", anyone, s.appShow},
		{get, "/operator", anyone, s.appShow},
		{get, "/operator/links", anyone, s.appShow},
		{get, "/operator/reports", anyone, s.appShow},
		{get, "/setup", anyone, s.pageShow("setup")},
		{get, "/invite", anyone, s.pageShow("invite")},
		{get, "/recover", anyone, s.pageShow("recover")},
		{get, "/about", anyone, s.aboutShow},
		{get, release.ListPath, anyone, s.hashesShow},
		{get, release.OpenerPath, anyone, s.openerShow},
		{get, "/notices", anyone, s.pageShow("notices")},
		{get, "/s", anyone, s.linkRedirect},
		{get, "/s/", anyone, s.linkShow},
		{get, "/s/worker.js", anyone, s.workerShow(static.Worker)},
		{get, "/s/*", anyone, s.linkShow},
		{get, "/share/", anyone, s.appShow},
		{post, "/share/", anyone, s.shareLost},
		{get, "/share/worker.js", anyone, s.workerShow(static.ShareWorker)},
		{get, "/frames/pdf", anyone, s.frameShow},
		{get, "/static/*", anyone, s.staticShow},
		{get, sourcePath, anyone, s.sourceShow},
		{get, "/healthz", anyone, s.healthShow},
		{get, "/readyz", anyone, s.readyShow},

		{post, "/api/salt", anyone, s.saltShow},
		{post, "/api/session", anyone, s.sessionCreate},
		{get, "/api/session", signedIn, s.sessionShow},
		{del, "/api/session", signedIn, s.sessionDelete},
		{get, "/api/sessions", signedIn, s.sessionList},
		{del, "/api/sessions", signedIn, s.sessionsEnd},
		{del, "/api/sessions/:id", signedIn, s.sessionEnd},
		{post, "/api/proof", signedIn, s.proofCreate},
		{post, "/api/invitation", anyone, s.invitationShow},
		{post, "/api/accounts", anyone, s.accountCreate},
		{post, "/api/recovery", anyone, s.recoveryShow},
		{put, "/api/recovery", anyone, s.recoveryUse},
		{put, "/api/recovery-key", signedIn, s.recoveryKeyChange},
		{put, "/api/password", signedIn, s.passwordChange},
		{get, "/api/app-passwords", signedIn, s.appPasswordList},
		{post, "/api/app-passwords", signedIn, s.appPasswordCreate},
		{del, "/api/app-passwords/:id", signedIn, s.appPasswordDelete},
		{get, "/api/people", operator, s.peopleList},
		{post, "/api/invites", operator, s.inviteCreate},
		{del, "/api/invites/:id", operator, s.inviteDelete},
		{get, "/api/space", signedIn, s.spaceShow},

		{get, "/api/trash", signedIn, s.trashList},
		{del, "/api/trash", signedIn, s.trashEmpty},
		{post, "/api/trash/restorations", signedIn, s.trashRestoreMany},
		{post, "/api/trash/removals", signedIn, s.trashDeleteMany},
		{post, "/api/trash/:id/restoration", signedIn, s.trashRestore},
		{del, "/api/trash/:id", signedIn, s.trashDelete},
		{get, "/api/search", walking, s.driveSearch},
		{get, "/api/recent", walking, s.driveRecent},
		{get, "/api/folder-size", walking, s.folderSize},

		{options, "/api/uploads/", anyone, s.uploadOptions},
		{post, "/api/uploads/sealed", signedIn, s.uploadCreateSealed},
		{post, "/api/uploads/drive", signedIn, s.uploadCreateDrive},
		{post, "/api/uploads/files", signedIn, s.filesCreate},
		{get, "/api/uploads/", signedIn, s.uploadList},
		{head, "/api/uploads/:id", signedIn, s.uploadShow},
		{patch, "/api/uploads/:id", signedIn, s.uploadAppend},
		{del, "/api/uploads/:id", signedIn, s.uploadDelete},
		{get, "/api/uploads/:id/state", signedIn, s.uploadStateShow},
		{put, "/api/uploads/:id/state", signedIn, s.uploadStateChange},

		{get, "/api/links", signedIn, s.linkList},
		{post, "/api/links", signedIn, s.linkCreate},
		{patch, "/api/links/:id", signedIn, s.linkChange},
		{del, "/api/links/:id", signedIn, s.linkDelete},
		{get, "/api/links/:id/own-manifest", signedIn, s.linkOwnManifest},
		{put, "/api/links/:id/manifest", signedIn, s.linkReseal},
		{post, "/api/links/:id/renewal", signedIn, s.linkRenew},

		{get, "/api/operator/overview", operator, s.operatorOverview},
		{get, "/api/operator/space", operator, s.operatorSpace},
		{get, "/api/operator/transfers", operator, s.operatorTransfers},
		{get, "/api/operator/failures", operator, s.operatorFailures},
		{get, "/api/operator/links", operator, s.operatorLinks},
		{post, "/api/operator/links/:id/removal", operator, s.operatorRemoval},
		{get, "/api/operator/reports", operator, s.operatorReports},
		{del, "/api/operator/reports/:id", operator, s.operatorReportDelete},
		{post, "/api/links/:id/reports", anyone, s.reportCreate},

		{get, "/api/links/:id/manifest", holder, s.linkManifest},
		{post, "/api/links/:id/downloads", holder, s.linkDownloads},
		{get, "/api/links/:id/content", holder, s.linkContent},
		{head, "/api/links/:id/content", holder, s.linkContent},
		{options, "/api/links/:id/manifest", holder, s.linkOptions},
		{options, "/api/links/:id/downloads", holder, s.linkOptions},
		{options, "/api/links/:id/content", holder, s.linkOptions},
	} {
		s.echo.Add(route.method, route.path, route.handler, route.who...)
		if route.method == get && !strings.HasPrefix(route.path, "/api/links/") {
			s.echo.Add(head, route.path, route.handler, route.who...)
		}
	}
	for _, method := range davMethods {
		s.echo.Add(method, "/dav", s.davDoor)
		s.echo.Add(method, "/dav/*", s.davDoor)
		s.echo.Add(method, "/files", s.filesDoor, s.signedIn)
		s.echo.Add(method, "/files/*", s.filesDoor, s.signedIn)
	}
}
