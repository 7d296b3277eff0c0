/**
 * The account's drive as a Source, over WebDAV (RFC 4918) at /files/.
 *
 * webdavSource(prefix = "/files/") -> Source and:
 *   url(path) -> string                                   same-origin URL of a file or folder, for <img src> and the like
 *   stat(path, {signal?}) -> Promise<Entry>
 *   makeFolder(path) -> Promise<void>
 *   move(from, to, {overwrite = false}) -> Promise<void>  409 no_parent, 412 exists
 *   copy(from, to, {overwrite = false}) -> Promise<void>
 *   remove(path, {etag?}) -> Promise<void>
 *   write(path, blob, {etag?, create?, modified?, onProgress?, signal?}) -> Promise<{etag}>    etag: only over that version; create: only where nothing is
 * Failures are ApiError {status, code}: see the table at the end.
 */
