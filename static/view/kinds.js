/**
 * What can be looked at here: told by the name's extension, else by the claimed type, out of a fixed list; and what bytes really are, told by how they begin.
 * A name or a type only chooses which view tries; what is given to the browser carries the type that was found in the bytes, never the claimed one.
 *
 * viewKind(entry) -> ViewKind | null       null: it can only be saved
 * mediaType(bytes, kind) -> string         of audio and video, by their first 64 bytes; "" for anything else
 *
 * @typedef {"image" | "audio" | "video" | "pdf" | "markdown" | "text"} ViewKind
 */

/** Bytes of the largest text that is edited here. */
export const largestEdited = 1024 * 1024;

/** @type {Map<string, ViewKind>} */
const extensions = new Map();
for (const [kind, names] of /** @type {[ViewKind, string][]} */ ([
  ["image", "jpg jpeg jpe jfif png gif webp avif bmp"],
  ["video", "mp4 m4v mov webm mkv ogv"],
  ["audio", "mp3 m4a m4b aac ogg oga opus flac wav weba"],
  ["pdf", "pdf"],
  ["markdown", "md markdown mkd"],
  // SVG, HTML and XML are among them: they are shown as what stands in them, and never run.
  ["text", "txt text log csv tsv json jsonl ndjson geojson xml svg html htm xhtml yaml yml toml ini conf cfg env properties plist rst adoc tex bib srt vtt sub ics vcf eml diff patch"],
  ["text", "js mjs cjs ts mts tsx jsx vue svelte css scss sass less go rs c h cc cpp cxx hh hpp m mm java kt kts scala groovy gradle cs fs vb py pyi rb php pl pm lua r jl swift dart zig nim"],
  ["text", "hs elm ex exs erl clj cljs lisp el scm ml mli sql graphql proto sh bash zsh fish ps1 bat cmd awk sed vim mk cmake make tf hcl nix lock mod sum gitignore editorconfig gpx kml"],
])) {
  for (const name of names.split(" ")) extensions.set(name, kind);
}

const plainNames = new Set("readme license licence copying authors changelog changes news todo makefile dockerfile jenkinsfile gemfile rakefile procfile notice install".split(" "));

/** Claimed types that choose a view where the name says nothing. @type {Map<string, ViewKind>} */
const types = new Map();
for (const type of ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"]) types.set(type, "image");
for (const type of ["video/mp4", "video/webm", "video/ogg", "video/quicktime"]) types.set(type, "video");
for (const type of ["audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/flac", "audio/wav", "audio/x-wav", "audio/webm"]) types.set(type, "audio");
for (const type of ["text/plain", "text/csv", "text/html", "text/css", "text/xml", "application/json", "application/xml", "image/svg+xml"]) types.set(type, "text");
types.set("application/pdf", "pdf");
types.set("text/markdown", "markdown");

/**
 * @param {{name: string, folder?: boolean, type?: string}} entry
 * @returns {ViewKind | null}
 */
export function viewKind({ name, folder = false, type = "" }) {
  if (folder) return null;
  const lower = name.toLowerCase();
  const dot = lower.lastIndexOf(".");
  if (dot < 0) return plainNames.has(lower) ? "text" : (types.get(type) ?? null);
  const extension = lower.slice(dot + 1);
  return extensions.get(extension) ?? (extension === "" ? null : types.get(type) ?? null);
}

/**
 * @param {Uint8Array} bytes the first of a file, 64 or all
 * @param {ViewKind} kind "audio" or "video"
 * @returns {string} one of a fixed list; "" where it is none of them
 */
export function mediaType(bytes, kind) {
  /** @param {number} at @param {string} text */
  const says = (at, text) => at + text.length <= bytes.length && [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
  if (says(4, "ftyp")) return kind === "audio" ? "audio/mp4" : "video/mp4";
  if (says(0, "\x1aE\xdf\xa3")) return kind === "audio" ? "audio/webm" : "video/webm";
  if (says(0, "OggS")) return kind === "audio" ? "audio/ogg" : "video/ogg";
  if (kind !== "audio") return "";
  if (says(0, "fLaC")) return "audio/flac";
  if (says(0, "RIFF") && says(8, "WAVE")) return "audio/wav";
  if (says(0, "ID3")) return "audio/mpeg";
  if (bytes[0] === 0xff && (bytes[1] & 0xf6) === 0xf0) return "audio/aac"; // ADTS
  if (bytes[0] === 0xff && (bytes[1] & 0xe0) === 0xe0) return "audio/mpeg";
  return "";
}
