/**
 * Opens a sealed link: from the fragment to the manifest, and to the content when a person asks for it.
 *
 * fragmentFrom(text) -> string         the fragment of location.href or of a pasted link, also where "#" became "%23" or "%2523" on its way
 * parseLink(fragment).password         (sealed.js) whether a password must be asked for
 * openLink(fragment, {password?, signal?}) -> Promise<Opened>
 *   throws SealedError (code: link_*, unknown_*, password_*, bad_tag, ... see sealed/errors.js) or ApiError (404 not_found, 410 gone with reason and message,
 *   403 wrong_token: the password is wrong, 429 slow_down with retryAfter, 0 no_connection)
 * Opened: {id: string, title, note, manifest, source: Source, ticket() -> Promise<string>}
 *   source is sealedSource(opened): list, walk, read for download() and previews. The first read asks the server for a ticket, which counts as a visit.
 */
