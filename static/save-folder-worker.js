/**
 * The worker of save-folder.js: reads and opens files, and writes them into a folder of this computer. A file that is there in part goes on where it ends.
 *
 * In:  {type: "start", recipe, folder: FileSystemDirectoryHandle, files: Placed[], folders: string[]}, once; {type: "abort"}, {type: "pause"}, {type: "resume"}
 * Out: {type: "progress", done}, {type: "state", state: "waiting" | "running"}, {type: "done"}, {type: "error", error}
 */
import { telling } from "./download-job.js";
import { readerFrom } from "./reader.js";
import { holder } from "./resume.js";
import { packError } from "./worker-error.js";
import { mayPass } from "./api.js";

/** @typedef {import("./source.js").Entry & {place: string}} Placed place: its path on the disk */

/**
 * What is written shows in the file only when it is closed. So a long one is closed now and then, and opened again, which may copy it: at every doubling, so
 * that all is copied once at most.
 */
const firstSegment = 256 * 1024 * 1024;

const aborted = new AbortController();
const hold = holder();
let done = 0;
const tell = telling((value) => postMessage({ type: "progress", done: value }));

onmessage = async ({ data: { type, ...work } }) => {
  if (type === "abort") aborted.abort();
  if (type === "pause") hold.pause();
  if (type === "resume") hold.resume();
  if (type !== "start") return;
  try {
    await run(work);
    postMessage({ type: "done" });
  } catch (error) {
    postMessage({ type: "error", error: packError(error) });
  }
};

/**
 * @param {{recipe: import("./source.js").Recipe, folder: FileSystemDirectoryHandle, files: Placed[], folders: string[]}} work
 */
async function run({ recipe, folder, files, folders }) {
  const reader = readerFrom(recipe, { hold, onState: (state) => postMessage({ type: "state", state }) });
  const { signal } = aborted;
  /** @type {Map<string, FileSystemDirectoryHandle>} */
  const made = new Map([["", folder]]);

  /**
   * @param {string} path
   * @returns {Promise<FileSystemDirectoryHandle>}
   */
  async function folderAt(path) {
    const known = made.get(path);
    if (known) return known;
    const cut = path.lastIndexOf("/");
    const parent = await folderAt(path.slice(0, Math.max(0, cut)));
    const handle = await parent.getDirectoryHandle(path.slice(cut + 1), { create: true });
    made.set(path, handle);
    return handle;
  }

  for (const path of folders) await folderAt(path);
  /** @type {{file: Placed, have: number}[]} */
  const left = [];
  for (const file of files) {
    signal.throwIfAborted();
    const have = await sizeAt(file);
    done += have;
    if (have < file.size || (have === 0 && file.size === 0)) left.push({ file, have });
  }
  postMessage({ type: "progress", done });

  // Files of which nothing is there yet come in as few answers as their places in the content allow; one that goes on begins an answer.
  for (let from = 0; from < left.length; ) {
    let to = from + 1;
    while (to < left.length && left[to].have === 0) to++;
    const group = left.slice(from, to);
    let i = 0;
    for await (const { bytes } of reader.readEach(group.map(({ file }) => file), { signal, skip: group[0].have })) await write(group[i].file, group[i++].have, bytes);
    from = to;
  }
  postMessage({ type: "progress", done });

  /**
   * @param {string} place
   * @param {boolean} create
   */
  async function handleOf(place, create) {
    const cut = place.lastIndexOf("/");
    return (await folderAt(place.slice(0, Math.max(0, cut)))).getFileHandle(place.slice(cut + 1), { create });
  }

  /** @param {Placed} file */
  async function sizeAt({ place, size }) {
    try {
      return Math.min(size, (await (await handleOf(place, false)).getFile()).size);
    } catch (error) {
      if (/** @type {DOMException} */ (error).name === "NotFoundError") return 0;
      throw error;
    }
  }

  /**
   * @param {Placed} file
   * @param {number} have
   * @param {AsyncIterable<Uint8Array>} bytes
   */
  async function write({ place, size }, have, bytes) {
    const handle = await handleOf(place, true);
    let at = have;
    let closed = have;
    let writable = await handle.createWritable({ keepExistingData: have > 0 });
    if (have > 0) await writable.seek(have);
    try {
      for await (const piece of bytes) {
        await writable.write(/** @type {Uint8Array<ArrayBuffer>} */ (piece));
        at += piece.length;
        done += piece.length;
        tell(done);
        if (at - closed < Math.max(firstSegment, closed)) continue;
        await writable.close();
        closed = at;
        writable = await handle.createWritable({ keepExistingData: true });
        await writable.seek(at);
      }
      if (at !== size) throw new Error("saving: a file changed its length");
      await writable.close();
    } catch (error) {
      if (mayPass(error)) {
        await writable.close().catch(() => {}); // the line is gone: what there is stays, to go on with
      } else {
        await writable.abort().catch(() => {});
        await removeAt(place);
      }
      throw error;
    }
  }

  /** @param {string} place */
  async function removeAt(place) {
    const cut = place.lastIndexOf("/");
    await (await folderAt(place.slice(0, Math.max(0, cut)))).removeEntry(place.slice(cut + 1)).catch(() => {});
  }
}
