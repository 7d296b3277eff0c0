// The pictures of kinds of files.
import { icon } from "../icons.js";
import { kindOf } from "./kinds.js";

/** @type {Record<import("./kinds.js").Kind, string>} */
const pictures = { folder: "folder", image: "image", video: "film", audio: "music", text: "file-text", document: "file-text", archive: "file-archive", file: "file" };

/**
 * The picture of an entry's kind.
 * @param {{name: string, folder?: boolean, type?: string}} entry
 */
export function picture(entry) {
  const kind = kindOf(entry);
  return icon(pictures[kind], kind === "folder" ? "folder" : "");
}
