/**
 * Sealed links, format 1, in the browser: the twin of Go's shares/sealed, written from docs/format.md alone.
 *
 * Start from parseLink, linkRoot and openManifest to open a link, from formatLink, sealManifest and sealBytes to make one. Nothing of a chunk
 * leaves this code before its tag holds, and a stream ends well only where the whole plaintext came out of it. This code does not fetch, store or
 * show anything: see open.js and send.js.
 */
export * from "./sealed/errors.js";
export * from "./sealed/link.js";
export * from "./sealed/keys.js";
export * from "./sealed/stream.js";
export * from "./sealed/reader.js";
export * from "./sealed/path.js";
export * from "./sealed/manifest.js";
