/**
 * Saves files to disk: one as it is, several or folders as a zip. Reads in a worker, hands the bytes to the browser's own download through the
 * service worker, in flat memory.
 *
 * download(source, entries, {zipName?, onProgress?, signal?}) -> Promise<void>     resolves when the last byte is with the browser
 *   source      Source; entries: Entry[], at least one; zipName: without ".zip", by default the one folder's name or "files"
 *   onProgress  ({done, total}) => void, bytes
 *   throws DownloadError {code: "needs_worker" (no service worker, and over 512 MiB) | "stopped" (the person stopped it in the browser) | "worker_lost" | "changed"},
 *   SealedError (bad_tag, cut_off, ...: nothing complete is left on disk), ApiError, or the signal's reason
 */
