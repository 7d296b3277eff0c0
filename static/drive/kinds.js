/**
 * Kinds of files, told by the media type or else the extension: which picture stands before a name, and what a browser can show.
 * A kind is a guess to help the eye; nothing that keeps anyone safe rests on it.
 *
 * @typedef {"folder" | "image" | "video" | "audio" | "text" | "document" | "archive" | "file"} Kind
 */

/** @type {Record<string, Kind>} */
const extensions = {};
for (const [kind, names] of /** @type {[Kind, string][]} */ ([
  ["image", "jpg jpeg png gif webp avif bmp heic heif tif tiff svg ico raw dng cr2 nef"],
  ["video", "mp4 m4v mov webm mkv avi mpg mpeg ogv 3gp"],
  ["audio", "mp3 m4a aac ogg oga opus flac wav aif aiff wma"],
  ["text", "txt md markdown csv tsv log json xml yaml yml toml ini conf"],
  ["document", "pdf doc docx odt rtf xls xlsx ods ppt pptx odp pages numbers key epub"],
  ["archive", "zip tar gz tgz bz2 xz zst 7z rar iso dmg"],
])) {
  for (const name of names.split(" ")) extensions[name] = kind;
}

/**
 * @param {{name: string, folder?: boolean, type?: string}} entry
 * @returns {Kind}
 */
export function kindOf({ name, folder = false, type = "" }) {
  if (folder) return "folder";
  const known = extensions[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
  if (known && name.includes(".")) return known;
  const family = /^(image|video|audio|text)\//u.exec(type);
  return family ? /** @type {Kind} */ (family[1]) : "file";
}

/** What browsers show by themselves, of what the server hands out inline. */
const shown = new Set("jpg jpeg png gif webp avif bmp mp4 m4v mov webm ogv mp3 m4a aac ogg oga opus flac wav txt md log csv".split(" "));

/**
 * Whether a file opens in a tab of its own, rather than being downloaded.
 * @param {{name: string, folder?: boolean}} entry
 */
export function opensInTab({ name, folder = false }) {
  return !folder && name.includes(".") && shown.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase());
}
