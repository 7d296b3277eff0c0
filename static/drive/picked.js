/**
 * What a person picked from their computer: files and whole folders, dropped on the page or chosen in the browser's own dialog. Start from
 * pickedFromDrop or pickedFromInput. Paths are relative, joined by "/", in NFC; a folder is there by itself only where it is empty. The files that systems write
 * beside people's own (hidden.js) are left out.
 *
 * @typedef {{path: string, file: File | null}} Picked  null: an empty folder
 * @typedef {{picked: Picked[], unread: string[], handles?: FileSystemHandle[], keep?: boolean}} Picking  keep: taken names are not asked about, both stay; unread: paths that the browser was not let in to read; handles: what was
 *   picked, to be read again at a later visit (pickedFromHandles), where the browser has such
 */
import { isHidden } from "../hidden.js";

/** @typedef {import("../send-handles.js").Origin} Origin */

/** @type {WeakMap<File, Origin>} */
const origins = new WeakMap();

/**
 * Where a picked file can be read again at a later visit.
 * @param {File} file
 * @returns {Origin | undefined} undefined where the browser has no handles
 */
export const originOf = (file) => origins.get(file);

/** @typedef {{getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>}} WithHandle */

/**
 * Everything in a drop. It must be called within the drop event itself: the browser closes the transfer afterwards.
 * @param {DataTransfer} transfer
 * @returns {Promise<Picking>}
 */
export async function pickedFromDrop(transfer) {
  /** @type {Promise<FileSystemHandle | null>[]} */
  const handles = [];
  /** @type {{entry: FileSystemEntry, handle: Promise<FileSystemHandle | null> | undefined}[]} */
  const entries = [];
  /** @type {File[]} */
  const loose = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const handle = /** @type {WithHandle} */ (item).getAsFileSystemHandle?.().catch(() => null); // a place that the browser keeps to itself
    if (handle) handles.push(handle);
    const entry = item.webkitGetAsEntry?.();
    if (entry) {
      if (wanted(entry)) entries.push({ entry, handle });
      continue;
    }
    const file = item.getAsFile();
    if (file && !isHidden(file.name, false)) loose.push(file);
  }
  /** @type {Picking} */
  const out = { picked: loose.map((file) => ({ path: file.name.normalize("NFC"), file })), unread: [] };
  for (const { entry, handle } of entries) {
    const before = out.picked.length;
    await walk(entry, "", out);
    noteOrigins(out.picked.slice(before), await handle);
  }
  out.handles = (await Promise.all(handles)).filter((handle) => handle !== null);
  return out;
}

/**
 * @param {Picked[]} picked  out of one handle
 * @param {FileSystemHandle | null} [root]
 */
function noteOrigins(picked, root) {
  if (root) for (const { path, file } of picked) if (file) origins.set(file, { root, path });
}

/** @typedef {FileSystemHandle & {queryPermission?: (mode: {mode: "read"}) => Promise<PermissionState>, requestPermission?: (mode: {mode: "read"}) => Promise<PermissionState>}} Asked */

/**
 * What handles stand for by now. A handle of an earlier visit may need the person's leave once more: the browser asks for it, within a click. What it is not let in to
 * read, or is no longer there, is in `unread`.
 * @param {FileSystemHandle[]} handles
 * @returns {Promise<Picking>}
 */
export async function pickedFromHandles(handles) {
  /** @type {Picking} */
  const out = { picked: [], unread: [], handles };
  const open = [];
  let asking = true; // whoever says no once is not asked for each of a hundred files
  for (const handle of /** @type {Asked[]} */ (handles)) {
    const read = /** @type {const} */ ({ mode: "read" });
    let state = await handle.queryPermission?.(read).catch(() => "denied");
    if (state === "prompt" && asking) {
      state = await handle.requestPermission?.(read).catch(() => "denied");
      asking = state === "granted";
    }
    if (state === undefined || state === "granted") open.push(handle);
    else out.unread.push(handle.name.normalize("NFC"));
  }
  for (const handle of open) {
    if (isHidden(handle.name, handle.kind === "directory")) continue;
    const before = out.picked.length;
    await walkHandle(handle, "", out);
    noteOrigins(out.picked.slice(before), handle);
  }
  return out;
}

/**
 * @param {FileSystemHandle} handle
 * @param {string} above
 * @param {Picking} out
 */
async function walkHandle(handle, above, out) {
  const path = above + handle.name.normalize("NFC");
  try {
    if (handle.kind === "file") {
      out.picked.push({ path, file: await /** @type {FileSystemFileHandle} */ (handle).getFile() });
      return;
    }
    /** @type {FileSystemHandle[]} */
    const children = [];
    for await (const child of /** @type {any} */ (handle).values()) if (!isHidden(child.name, child.kind === "directory")) children.push(child);
    if (children.length === 0) out.picked.push({ path, file: null });
    await each(children, ({ kind }) => kind === "file", (child) => walkHandle(child, path + "/", out));
  } catch {
    out.unread.push(path);
  }
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} above the path of the folder it lies in, with a slash at the end
 * @param {Picking} out
 */
async function walk(entry, above, out) {
  const path = above + entry.name.normalize("NFC");
  try {
    if (entry.isFile) {
      out.picked.push({ path, file: await fileOf(/** @type {FileSystemFileEntry} */ (entry)) });
      return;
    }
    const children = (await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))).filter(wanted);
    if (children.length === 0) out.picked.push({ path, file: null });
    await each(children, ({ isFile }) => isFile, (child) => walk(child, path + "/", out));
  } catch {
    out.unread.push(path); // gone since, or not ours to read: named to the person, and the rest goes on
  }
}

const AT_ONCE = 32; // files: the browser asks the disk for each, and one after the other that takes longer than sending small ones

/**
 * @template T
 * @param {T[]} children
 * @param {(child: T) => boolean} isFile
 * @param {(child: T) => Promise<void>} visit
 */
async function each(children, isFile, visit) {
  const files = children.filter(isFile);
  for (let at = 0; at < files.length; at += AT_ONCE) await Promise.all(files.slice(at, at + AT_ONCE).map(visit));
  for (const child of children) if (!isFile(child)) await visit(child);
}

/** @param {FileSystemEntry} entry */
const wanted = ({ name, isDirectory }) => !isHidden(name, isDirectory);

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/**
 * All children of a folder: a browser hands them out a hundred at a time, and an empty list ends it.
 * @param {FileSystemDirectoryEntry} folder
 */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const children = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}

/**
 * What an `<input type=file>` holds, with or without webkitdirectory (which leaves out empty folders).
 * @param {HTMLInputElement} input
 * @returns {Picking}
 */
export function pickedFromInput(input) {
  const files = [...(input.files ?? [])].filter(({ name }) => !isHidden(name, false));
  const picked = files.map((file) => ({ path: (file.webkitRelativePath || file.name).normalize("NFC"), file }));
  return { picked, unread: [] };
}

/**
 * Whether a drag carries files, rather than a text or a row of our own.
 * @param {DragEvent} event
 */
export function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
