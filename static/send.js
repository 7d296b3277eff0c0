/**
 * Makes a sealed link out of files: they are sealed and uploaded in a worker, then the manifest is sealed and the link published.
 *
 * send(request, options) -> Promise<{id, link, renamed}>
 *   request.items       SendItem[]: itemsFromFiles(files), await itemsFromSource(source, entries), or both together
 *   request.folders     string[], optional: folders without files
 *   request.title       string, optional
 *   request.note        string, optional
 *   request.password    string, optional; "" is refused (password_empty), leave it out for none
 *   request.expires     Date | null
 *   request.maxVisits   number | null
 *   request.accountKey  CryptoKey, request.accountID string: both from currentAccount()
 *   options.onProgress  ({sent, total}) => void, bytes of the files
 *   options.onState     (state) => void: "sending", "waiting" (the line dropped; goes on by itself), "paused", "publishing"
 *   options.pause       what pauser() gives: {pause(), resume(), paused}
 *   options.signal      AbortSignal; ends the upload and deletes what the server holds of it
 *   -> id: string, link: the whole link with its fragment, renamed: [{from, to}] names that could not stay
 *   throws SendError {code: "no_files" | "source_changed" | "unreadable" | "too_large" | "upload_failed", path?}, SealedError (password_*, text_too_long),
 *   ApiError, or the signal's reason
 *
 * itemsFromFiles(files, {folder?}) -> SendItem[]      FileList, File[]; webkitRelativePath gives the folders
 * itemsFromDrop(dataTransfer) -> Promise<{items, folders}>      what was dropped, folders walked
 * itemsFromSource(source, entries, {signal?}) -> Promise<{items, folders}>     drive entries; folders are walked, paths relative to the entries' own folder
 * openNote(account, row) -> Promise<{link, secret, password, title, revision}>      row: of GET /api/links; account: currentAccount(); throws SealedError bad_tag
 *   when the box does not open or names another link
 */
