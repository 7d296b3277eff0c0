/**
 * Small pictures of files of the drive: images, the beginning of videos, the first page of PDFs. They are kept in this browser between visits, by account and ETag, so that a
 * file that changed gets another. A link's are never kept.
 */
import { fileAddress } from "../drive/place.js";
import { keptPicture, keepPicture } from "../thumbnail-store.js";
import { viewKind } from "./kinds.js";
import { pdfPicture } from "./pdf-picture.js";
import { oneByOne, thumbnails } from "./thumbnails.js";
import { videoPicture } from "./video-picture.js";

/** @typedef {import("../source.js").Entry} Entry */

/**
 * @param {import("../source.js").Source} source the drive
 * @returns {import("./thumbnails.js").Pictures}
 */
export function drivePictures(source) {
  const inTurn = oneByOne(); // videos and PDFs: each takes a player or a frame of its own

  const keyOf = (/** @type {Entry} */ { path, etag }) => `${path} ${etag}`;
  return thumbnails(source, () => {}, {
    keyOf,
    make(entry, context) {
      const kind = viewKind(entry);
      if (kind === "video") return inTurn(() => videoPicture(entry, context, fileAddress(entry.path)));
      if (kind === "pdf") return inTurn(() => pdfPicture(entry, context));
      return null;
    },
    store: { get: keptPicture, put: keepPicture },
    skips: (error) => ["changed", "not_found"].includes(/** @type {{code?: string}} */ (error).code ?? ""), // the next listing says what is there now
  });
}
