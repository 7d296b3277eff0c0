/**
 * What a link will be, before a byte of it is sent: its secret and content key, its manifest, and how its files follow one another.
 *
 * newPlan(request) -> Plan                    a new secret and a new content key each time; throws SendError no_files, SealedError (what no reader would take)
 * isUnchanged(file, item) -> boolean          whether a file may be sealed under the plan's key
 * manifestOf(plan) -> Manifest                the same for the same plan
 * renamedIn(plan) -> [{from, to}]             names that could not stay
 * sealedLength(plan) -> number                bytes of the whole sealed content
 * ownTitle(plan) -> string                    what the owner's own list calls it
 */
import { paddingFor, writeManifest } from "./sealed/manifest.js";
import { cleanPaths } from "./sealed/path.js";
import { sealedSize } from "./sealed/stream.js";
import { SendError } from "./send-error.js";

/**
 * @typedef {object} PlanFile
 * @property {string} path as it was chosen
 * @property {number} size bytes
 * @property {number | null} modified milliseconds since 1970, as the source gives it
 * @property {string} type a media type, or ""
 * @property {{path: string, etag: string} | null} drive where it lies in the drive; null: on the sender's computer
 */

/**
 * @typedef {object} Plan
 * @property {import("./sealed/link.js").Link} link
 * @property {string} password "" for none
 * @property {Uint8Array<ArrayBuffer>} key the content key: it seals these files, in this order and state, and nothing else
 * @property {string} title
 * @property {string} note
 * @property {number | null} lifetime milliseconds from when the link is published
 * @property {number | null} maxVisits
 * @property {PlanFile[]} files
 * @property {string[]} folders
 */

/**
 * @param {import("./send.js").SendRequest} request
 * @returns {Plan}
 */
export function newPlan({ items, folders = [], title = "", note = "", password, lifetime, maxVisits }) {
  if (items.length === 0 && folders.length === 0) throw new SendError("no_files");
  const plan = {
    link: { password: password !== undefined, secret: crypto.getRandomValues(new Uint8Array(32)) },
    password: password ?? "",
    key: crypto.getRandomValues(new Uint8Array(32)),
    title,
    note,
    lifetime,
    maxVisits,
    files: items.map(planFile),
    folders,
  };
  writeManifest(manifestOf(plan));
  return plan;
}

/**
 * @param {import("./send.js").SendItem} item
 * @returns {PlanFile}
 */
function planFile({ path, size, modified, type, from }) {
  const drive = from.kind === "drive" ? { path: from.entry.path, etag: from.entry.etag ?? "" } : null;
  return { path, size, modified: modified?.getTime() ?? null, type, drive };
}

/**
 * Whether this is the very file of the plan, in the state it was in: size and time of a local file, the ETag of one in the drive (docs/format.md, Sealed stream).
 * Only then may its bytes be sealed under the plan's key.
 *
 * @param {PlanFile} file
 * @param {import("./send.js").SendItem} item
 */
export function isUnchanged(file, item) {
  const now = planFile(item);
  if (now.path !== file.path || now.size !== file.size) return false;
  if (file.drive) return file.drive.etag !== "" && now.drive?.path === file.drive.path && now.drive.etag === file.drive.etag;
  return now.drive === null && now.modified !== null && now.modified === file.modified;
}

/**
 * @param {Plan} plan
 * @returns {import("./sealed/manifest.js").Manifest}
 */
export function manifestOf({ key, title, note, files, folders }) {
  const paths = cleanPaths(files.map(({ path }) => path), folders);
  let start = 0;
  const named = files.map(({ size, type, modified }, i) => {
    const file = { path: paths.files[i], size, type, modified: modified === null ? null : new Date(modified), start };
    start += size;
    return file;
  });
  return { revision: 1, title, note, key, files: named, folders: [...new Set(paths.folders)], padding: paddingFor(start) };
}

/**
 * @param {Plan} plan
 * @returns {{from: string, to: string}[]}
 */
export function renamedIn({ files, folders }) {
  const before = [...files.map(({ path }) => path), ...folders];
  const paths = cleanPaths(files.map(({ path }) => path), folders);
  const after = [...paths.files, ...paths.folders];
  return before.map((from, i) => ({ from, to: after[i] })).filter(({ from, to }) => from.normalize("NFC") !== to);
}

/** @param {Plan} plan */
export function sealedLength({ files }) {
  const sum = files.reduce((all, { size }) => all + size, 0);
  return sealedSize(sum + paddingFor(sum));
}

/**
 * What the owner's own list calls a link without a title: its one file or folder, or the first and how many more.
 *
 * @param {{title: string, files: {path: string}[], folders: string[]}} plan or manifest
 */
export function ownTitle({ title, files, folders }) {
  if (title !== "") return title;
  const names = [...new Set([...files.map(({ path }) => path), ...folders].map((path) => path.split("/")[0]))];
  const name = (names[0] ?? "").toWellFormed();
  return names.length < 2 ? name : `${name} + ${names.length - 1}`;
}
