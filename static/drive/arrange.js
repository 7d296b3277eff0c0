/**
 * Before an upload: makes the folders it needs, and finds the names that are taken. arrange(picked, folder, {source, ask, signal}) walks down
 * level by level, lists only folders that were there before, and asks about a taken name until the answer is for all. A folder that becomes one with another does so with all
 * folders below it.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./picked.js").Picked} Picked
 * @typedef {{name: string, folder: string, canReplace: boolean, canMerge: boolean, more: boolean, sides: Sides | null}} Collision  canMerge: both are folders; more: there may be others
 * @typedef {{size: number, modified: Date | null}} Side  size: bytes
 * @typedef {{mine: Side, theirs: Side}} Sides  what comes and what is there, where both are files
 * @typedef {{choice: "replace" | "merge" | "keep" | "skip", all: boolean}} Answer
 * @typedef {(collision: Collision) => Promise<Answer | null>} Ask  null: the whole upload is called off
 * @typedef {{list(path: string): Promise<Entry[]>, makeFolder(path: string): Promise<unknown>}} Place
 * @typedef {{path: string, file: File, replace: boolean}} Arranged
 *
 * @typedef {{folders: Map<string, Branch>, files: Map<string, File>}} Branch
 */
import { join, nameOf } from "./place.js";
import { asking, kindOf } from "./asking.js";
import { nameBeside } from "./names.js";

const AT_ONCE = 6;

/**
 * @param {Picked[]} picked
 * @param {string} folder where it all goes
 * @param {{source: Place, ask: Ask, signal?: AbortSignal}} options
 * @returns {Promise<Arranged[] | null>} null where the person called it off
 */
export async function arrange(picked, folder, { source, ask, signal }) {
  /** @type {Arranged[]} */
  const arranged = [];
  const answerTo = asking(ask);
  const trunk = branchOf(picked);
  let level = [{ branch: trunk, path: folder, isNew: false }];

  while (level.length > 0) {
    signal?.throwIfAborted();
    const listings = await inPool(level, ({ path, isNew }) => (isNew ? Promise.resolve([]) : source.list(path)));
    /** @type {typeof level} */
    const below = [];
    const places = level.map((one, index) => ({ ...one, there: new Map(listings[index].map((entry) => [entry.name.normalize("NFC"), entry])) }));
    const open = collisions(places, folder);
    /** What may still collide: what is known to on this level, and what lies in folders that become one. */
    function* following() {
      for (const { kinds } of open.values()) yield* kinds;
      if (below.some(({ branch, isNew }) => !isNew && holds(branch))) yield /** @type {const} */ ("file");
    }
    for (const { branch, path, there } of places) {
      /** @param {string} name */
      const taken = (name) => there.has(name) || branch.files.has(name) || branch.folders.has(name);
      for (const [name, file] of branch.files) {
        const known = there.get(name);
        if (!known) {
          arranged.push({ path: join(path, name), file, replace: false });
          continue;
        }
        open.delete(known);
        const sides = async () => (known.folder ? null : { mine: { size: file.size, modified: new Date(file.lastModified) }, theirs: known });
        const answer = await answerTo({ name, folder: nameOf(path), kind: kindOf({ folder: false }, known), following, sides });
        if (!answer) return null;
        if (answer.choice === "replace") arranged.push({ path: join(path, known.name), file, replace: true });
        if (answer.choice === "keep") {
          const free = nameBeside(name, taken);
          arranged.push({ path: join(path, free), file, replace: false });
          there.set(free, { ...known, name: free });
        }
      }
      for (const [name, next] of branch.folders) {
        const known = there.get(name);
        if (!known) {
          below.push({ branch: next, path: join(path, name), isNew: true });
          continue;
        }
        open.delete(known);
        const kind = kindOf({ folder: true }, known);
        const answer = kind === "folder" && path !== folder ? { choice: "merge" } : await answerTo({ name, folder: nameOf(path), kind, following, sides: async () => null });
        if (!answer) return null;
        if (answer.choice === "merge") below.push({ branch: next, path: join(path, known.name), isNew: false });
        if (answer.choice === "keep") below.push({ branch: next, path: join(path, nameBeside(name, taken, true)), isNew: true });
      }
    }
    const made = below.filter(({ isNew }) => isNew);
    await inPool(made, async (place) => {
      signal?.throwIfAborted();
      try {
        await source.makeFolder(place.path);
      } catch (error) {
        if (/** @type {{status?: number}} */ (error).status !== 405) throw error;
        place.isNew = false; // someone made it in the meantime: see what is in it
      }
    });
    level = below;
  }
  return arranged;
}

/** @param {Branch} branch */
const holds = ({ files, folders }) => files.size + folders.size > 0;

/**
 * What is known to collide on a level.
 * @param {{branch: Branch, path: string, there: Map<string, Entry>}[]} places
 * @param {string} top  the folder where folders are asked about
 * @returns {Map<Entry, {kinds: import("./asking.js").Kind[]}>} by what is there: what it may ask about
 */
function collisions(places, top) {
  /** @type {Map<Entry, {kinds: import("./asking.js").Kind[]}>} */
  const all = new Map();
  for (const { branch, path, there } of places) {
    for (const name of branch.files.keys()) {
      const known = there.get(name);
      if (known) all.set(known, { kinds: [kindOf({ folder: false }, known)] });
    }
    for (const [name, next] of branch.folders) {
      const known = there.get(name);
      if (!known) continue;
      const kind = kindOf({ folder: true }, known);
      if (kind === "other") all.set(known, { kinds: [kind] });
      else all.set(known, { kinds: [...(path === top ? [kind] : []), ...(holds(next) ? [/** @type {const} */ ("file")] : [])] });
    }
  }
  return all;
}

/**
 * @param {Picked[]} picked
 * @returns {Branch}
 */
function branchOf(picked) {
  /** @type {Branch} */
  const trunk = { folders: new Map(), files: new Map() };
  for (const { path, file } of picked) {
    const parts = path.split("/");
    const name = file ? /** @type {string} */ (parts.pop()) : "";
    let branch = trunk;
    for (const part of parts) {
      let next = branch.folders.get(part);
      if (!next) branch.folders.set(part, (next = { folders: new Map(), files: new Map() }));
      branch = next;
    }
    if (!file) continue;
    // Two names that NFC makes one: both are kept.
    branch.files.set(nameBeside(name, (other) => branch.files.has(other)), file);
  }
  return trunk;
}

/**
 * Runs a few at a time, and returns all results in order.
 * @template T, R
 * @param {T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
async function inPool(items, work) {
  /** @type {R[]} */
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
