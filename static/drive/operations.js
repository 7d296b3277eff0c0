/**
 * Moving and copying many things into a folder, and taking back what was done. No DOM: what to do with a taken name is asked through `ask`. Start from
 * transferAll.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {ReturnType<typeof import("../source-webdav.js").webdavSource>} Drive
 * @typedef {{from: string, to: string, kept: string[]}} Done  kept: ids in the trash of what it replaced
 * @typedef {{name: string, error: unknown}} Failed
 */
import { restore } from "../trash.js";
import { nameBeside } from "./names.js";
import { join, nameOf, parentOf } from "./place.js";

const AT_ONCE = 4;

/**
 * Moves or copies entries into a folder, a few at a time. A taken name is asked about until an answer is for all; what is copied into its own folder gets a
 * name beside. What fails is told, and the rest goes on.
 *
 * @param {Pick<Drive, "list" | "move" | "copy">} drive
 * @param {Entry[]} entries
 * @param {string} to  the folder
 * @param {object} options
 * @param {boolean} [options.copy]
 * @param {import("./arrange.js").Ask} options.ask
 * @param {AbortSignal} [options.signal]  no more are begun once it is aborted
 * @param {(count: number) => void} [options.progress]  so many are dealt with
 * @returns {Promise<{done: Done[], failed: Failed[]}>} in the order of the entries
 */
export async function transferAll(drive, entries, to, { copy = false, ask, signal, progress }) {
  /** @type {Map<number, Done>} */
  const done = new Map();
  /** @type {Map<number, Failed>} */
  const failed = new Map();
  /** @type {Map<boolean, import("./arrange.js").Answer>} answers for all, by whether replacing was possible */
  const standing = new Map();
  /** What lies there, by its name in NFC; it is read where a name is taken. @type {Promise<Map<string, Entry | null>> | null} */
  let reading = null;
  let asking = Promise.resolve();
  let calledOff = false;
  let dealtWith = 0;

  const there = () => (reading ??= drive.list(to).then((list) => new Map(list.map((entry) => [entry.name.normalize("NFC"), entry]))));

  /**
   * What to do about a taken name; one question at a time.
   * @param {Entry} entry
   * @param {Entry | null} other
   */
  function answerTo(entry, other) {
    const canReplace = !entry.folder && other !== null && !other.folder;
    const answer = asking.then(async () => {
      if (calledOff) return null;
      const known = standing.get(canReplace) ?? (await ask({ name: entry.name, folder: nameOf(to), canReplace, more: entries.length > 1 }));
      if (!known) calledOff = true;
      else if (known.all) standing.set(canReplace, known);
      return known;
    });
    asking = answer.then(() => {}, () => {});
    return answer;
  }

  /** @param {Entry} entry @returns {Promise<Done | null>} null: left out */
  async function work(entry) {
    const act = copy ? drive.copy : drive.move;
    let name = entry.name;
    let overwrite = false;
    let beside = copy && parentOf(entry.path) === to;
    for (;;) {
      if (beside) {
        const names = await there();
        name = nameBeside(entry.name, (other) => names.has(other.normalize("NFC")), entry.folder);
        names.set(name.normalize("NFC"), null);
      }
      try {
        return { from: entry.path, to: join(to, name), kept: await act(entry.path, join(to, name), { overwrite }) };
      } catch (error) {
        if (/** @type {{status?: number}} */ (error).status !== 412 || overwrite) throw error;
      }
      if (beside) continue; // somebody was quicker: the next name
      const other = (await there()).get(entry.name.normalize("NFC")) ?? null;
      const answer = await answerTo(entry, other);
      if (!answer || answer.choice === "skip") return null;
      if (answer.choice === "keep") beside = true;
      else {
        overwrite = true;
        name = other?.name ?? name; // in the spelling of Unicode that it has there
      }
    }
  }

  let next = 0;
  const worker = async () => {
    while (next < entries.length && !calledOff && !signal?.aborted) {
      const index = next++;
      try {
        const one = await work(entries[index]);
        if (one) done.set(index, one);
      } catch (error) {
        failed.set(index, { name: entries[index].name, error });
      }
      progress?.(++dealtWith);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, worker));
  return { done: inOrder(done), failed: inOrder(failed) };
}

/**
 * Deletes entries, one after the other.
 * @param {Pick<Drive, "remove">} drive
 * @param {Entry[]} entries
 * @param {{signal?: AbortSignal, progress?: (count: number) => void}} [options]
 * @returns {Promise<{done: {path: string, kept: string[]}[], failed: Failed[]}>}
 */
export async function removeAll(drive, entries, { signal, progress } = {}) {
  const done = [];
  const failed = [];
  for (const [index, { path, name }] of entries.entries()) {
    if (signal?.aborted) break;
    try {
      done.push({ path, kept: await drive.remove(path) });
    } catch (error) {
      failed.push({ name, error });
    }
    progress?.(index + 1);
  }
  return { done, failed };
}

/**
 * Takes back moves or copies, the last one first: what was moved goes back, a copy into the trash, and what was replaced comes out of it. Nothing is replaced by it.
 * @param {Pick<Drive, "move" | "remove">} drive
 * @param {Done[]} done
 * @param {{copy?: boolean}} [options]
 * @returns {Promise<Failed[]>}
 */
export async function takeBackAll(drive, done, { copy = false } = {}) {
  /** @type {Failed[]} */
  const failed = [];
  for (const { from, to, kept } of [...done].reverse()) {
    try {
      if (copy) await drive.remove(to);
      else await drive.move(to, from);
      for (const id of kept) await restore(id);
    } catch (error) {
      failed.push({ name: nameOf(to), error });
    }
  }
  return failed;
}

/**
 * Brings back what was deleted.
 * @param {{path: string, kept: string[]}[]} done
 * @returns {Promise<{failed: Failed[], beside: string[]}>} beside: the paths of what got another name, since its own was taken again
 */
export async function bringBackAll(done) {
  const failed = [];
  const beside = [];
  for (const { path, kept } of [...done].reverse()) {
    try {
      for (const id of kept) {
        const at = (await restore(id)).path;
        if (at !== path) beside.push(at);
      }
    } catch (error) {
      failed.push({ name: nameOf(path), error });
    }
  }
  return { failed, beside };
}

/**
 * @template T
 * @param {Map<number, T>} found
 */
function inOrder(found) {
  return [...found].sort(([a], [b]) => a - b).map(([, one]) => one);
}
