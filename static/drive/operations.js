/**
 * Moving and copying many things into a folder, and taking back what was done. No DOM: what to do with a taken name is asked through `ask`. Start from
 * transferAll.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {ReturnType<typeof import("../source-webdav.js").webdavSource>} Drive
 * @typedef {{from: string, to: string, kept: string[]}} Done  kept: ids in the trash of what it replaced; to: "" where a folder was deleted, for all that lay in it has gone into another
 * @typedef {{name: string, error: unknown}} Failed
 */
import { restore, restoreEach } from "../trash.js";
import { asking, kindOf } from "./asking.js";
import { nameBeside } from "./names.js";
import { join, nameOf, parentOf } from "./place.js";

const AT_ONCE = 6; // as many as a browser keeps open by HTTP/1.1

/**
 * Moves or copies entries into a folder, a few at a time. A taken name is asked about until an answer is for all; what is copied into its own folder gets a
 * name beside. A folder may become one with the one of its name: what lies in it goes there one by one, folders below likewise, and files are asked about. What fails is told, and
 * the rest goes on.
 *
 * @param {Pick<Drive, "list" | "stat" | "move" | "copy" | "remove">} drive
 * @param {Entry[]} entries
 * @param {string} to  the folder
 * @param {object} options
 * @param {boolean} [options.copy]
 * @param {import("./arrange.js").Ask} options.ask
 * @param {AbortSignal} [options.signal]  no more are begun once it is aborted
 * @param {(count: number) => void} [options.progress]  so many of the entries are dealt with
 * @returns {Promise<{done: Done[], arrived: string[], failed: Failed[]}>} done: each step, to be taken back; arrived: where those of the entries are of which something was done
 */
export async function transferAll(drive, entries, to, { copy = false, ask, signal, progress }) {
  /** @type {Map<number, {at: string, steps: Done[]}>} */
  const done = new Map();
  /** @type {Failed[]} */
  const failed = [];
  const act = copy ? drive.copy : drive.move;
  const answerTo = asking(ask);
  let dealtWith = 0;
  const goesOn = () => !answerTo.calledOff() && !signal?.aborted;

  /** What may still be asked about, by the places into which something goes. @type {Set<() => Iterable<import("./asking.js").Kind>>} */
  const open = new Set();
  function* following() {
    for (const kinds of open) yield* kinds();
  }

  /**
   * Puts entries into one folder.
   * @param {string} folder
   * @param {Entry[]} all  that go there
   * @param {boolean} below  folders become one with others unasked
   */
  function into(folder, all, below) {
    /** What lies there, by its name in NFC; read before many go there, and else where a name is taken. @type {Promise<Map<string, Entry | null>> | null} */
    let reading = null;
    /** @type {Map<string, Entry | null> | null} */
    let known = null;
    const there = () =>
      (reading ??= drive.list(folder).then(
        (list) => (known = new Map(list.map((entry) => [entry.name.normalize("NFC"), entry]))),
        (error) => {
          reading = null;
          throw error;
        },
      ));
    const undecided = new Set(all);
    open.add(function* () {
      for (const entry of undecided) {
        const other = known?.get(entry.name.normalize("NFC"));
        if (other === undefined ? known !== null : copy && parentOf(entry.path) === folder) continue;
        const kind = kindOf(entry, other ?? entry);
        if (kind !== "folder" || !below) yield kind;
        if (kind === "folder") yield /** @type {const} */ ("file"); // that lies in both
      }
    });

    /**
     * @param {Entry} entry
     * @param {Turn} [turn]
     * @returns {Promise<{at: string, steps: Done[]} | null>} null: left out
     */
    async function put(entry, { earlier, decided } = {}) {
      let name = entry.name;
      let overwrite = false;
      let beside = copy && parentOf(entry.path) === folder;
      for (;;) {
        if (beside) {
          const names = await there();
          name = nameBeside(entry.name, (other) => names.has(other.normalize("NFC")), entry.folder);
          names.set(name.normalize("NFC"), null);
        }
        const at = join(folder, name);
        try {
          return { at, steps: [{ from: entry.path, to: at, kept: await act(entry.path, at, { overwrite }) }] };
        } catch (error) {
          if (/** @type {{status?: number}} */ (error).status !== 412 || overwrite) throw error;
        }
        if (beside) continue; // somebody was quicker: the next name
        if (!(await there()).has(entry.name.normalize("NFC"))) reading = null; // it came after that was read
        const other = (await there()).get(entry.name.normalize("NFC")) ?? null;
        const kind = kindOf(entry, other);
        await earlier;
        undecided.delete(entry);
        const sides = async () => (kind === "file" && other ? { mine: entry.modified ? entry : await drive.stat(entry.path), theirs: other } : null);
        const answer = below && kind === "folder" ? { choice: "merge" } : await answerTo({ name: entry.name, folder: nameOf(folder), kind, following, sides: () => sides().catch(() => null) });
        decided?.();
        if (!answer || answer.choice === "skip") return null;
        if (answer.choice === "keep") beside = true;
        else if (answer.choice === "merge" && other) return merge(entry.path, other.path);
        else {
          overwrite = true;
          name = other?.name ?? name; // in the spelling of Unicode that it has there
        }
      }
    }
    const looked = all.length > 1 ? there().catch(() => {}) : null; // what is wrong there, each says itself
    return async (/** @type {Entry} */ entry, /** @type {Turn} */ turn = {}) => {
      await looked;
      return put(entry, turn).finally(() => undecided.delete(entry));
    };
  }

  /**
   * Puts what lies in one folder into another, and deletes the first when nothing is left in it.
   * @param {string} from
   * @param {string} at
   */
  async function merge(from, at) {
    const unread = function* () {
      yield /** @type {const} */ ("file");
    };
    open.add(unread);
    const children = await drive.list(from).finally(() => open.delete(unread));
    const put = into(at, children, true);
    /** @type {Done[]} */
    const steps = [];
    /** @param {Entry} child @param {Turn} [turn] */
    const one = async (child, turn = {}) => {
      if (!goesOn()) return;
      try {
        const { steps: its } = (await put(child, turn)) ?? { steps: [] };
        steps.push(...its);
      } catch (error) {
        failed.push({ name: child.name, error });
      }
    };
    await inTurns(children.filter(({ folder }) => !folder), (child, _, turn) => one(child, turn));
    for (const child of children) if (child.folder) await one(child);
    if (!copy && (await drive.list(from)).length === 0) steps.push({ from, to: "", kept: await drive.remove(from) });
    return steps.length > 0 || children.length === 0 ? { at, steps } : null;
  }

  const put = into(to, entries, false);
  await inTurns(entries, async (entry, index, turn) => {
    if (!goesOn()) return;
    try {
      const one = await put(entry, turn);
      if (one) done.set(index, one);
    } catch (error) {
      failed.push({ name: entry.name, error });
    }
    progress?.(++dealtWith);
  });
  const inOrder = [...done].sort(([a], [b]) => a - b).map(([, one]) => one);
  return { done: inOrder.flatMap(({ steps }) => steps), arrived: inOrder.map(({ at }) => at), failed };
}

/** @typedef {{earlier?: Promise<unknown>, decided?: () => void}} Turn  earlier: nothing more is to be asked about those before; decided: nor about this one */

/**
 * Works on a few at a time. Questions come in the order of the items, whichever is answered by the server first.
 * @template T
 * @param {T[]} items
 * @param {(item: T, index: number, turn: Turn) => Promise<void>} work
 * @param {number} [atOnce]
 */
async function inTurns(items, work, atOnce = AT_ONCE) {
  let next = 0;
  /** @type {Promise<unknown>} */
  let asked = Promise.resolve();
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      const earlier = asked;
      let decided = () => {};
      asked = Promise.all([earlier, new Promise((resolve) => (decided = () => resolve(null)))]);
      try {
        await work(items[index], index, { earlier, decided });
      } finally {
        decided();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

/**
 * Deletes entries, a few at a time.
 * @param {Pick<Drive, "remove">} drive
 * @param {Entry[]} entries
 * @param {{signal?: AbortSignal, progress?: (count: number) => void}} [options]
 * @returns {Promise<{done: {path: string, kept: string[]}[], failed: Failed[]}>}
 */
export async function removeAll(drive, entries, { signal, progress } = {}) {
  /** @type {({path: string, kept: string[]} | Failed | undefined)[]} */
  const results = new Array(entries.length);
  let dealtWith = 0;
  await inTurns(entries, async ({ path, name }, index) => {
    if (signal?.aborted) return;
    results[index] = await drive.remove(path).then((kept) => ({ path, kept }), (error) => ({ name, error }));
    progress?.(++dealtWith);
  });
  const known = results.filter((one) => one !== undefined);
  return { done: known.filter((one) => "kept" in one), failed: known.filter((one) => "error" in one) };
}

/** @typedef {{signal?: AbortSignal, progress?: (count: number) => void}} Hooks  signal: no more are begun once it is aborted; progress: so many are dealt with */

/**
 * Takes back moves or copies, the last one first: what was moved goes back, a copy into the trash, and what was replaced comes out of it. Nothing is replaced by it.
 * @param {Pick<Drive, "move" | "remove">} drive
 * @param {Done[]} done
 * @param {{copy?: boolean} & Hooks} [options]
 * @returns {Promise<{failed: Failed[], left: Done[]}>} left: not begun
 */
export async function takeBackAll(drive, done, { copy = false, ...hooks } = {}) {
  const work = async (/** @type {Done} */ { from, to, kept }) => {
    if (copy) await drive.remove(to);
    else if (to !== "") await drive.move(to, from);
    for (const id of kept) await restore(id);
  };
  // A folder that was deleted once it was empty is there again before anything goes back into it.
  return backwards(done, ({ from, to }) => nameOf(to || from), work, { ...hooks, atOnce: done.every(({ to }) => to !== "") ? AT_ONCE : 1 });
}

/**
 * Brings back what was deleted, the last one first.
 * @param {{path: string, kept: string[]}[]} done
 * @param {Hooks} [hooks]
 * @returns {Promise<{failed: Failed[], beside: string[], left: {path: string, kept: string[]}[]}>} beside: the paths of what got another name, since its own was taken again; left: not begun
 */
export async function bringBackAll(done, { signal, progress } = {}) {
  const order = [...done].reverse().flatMap((one) => one.kept.map((id, index) => ({ id, one, last: index === one.kept.length - 1 })));
  /** @type {Map<object, unknown>} */
  const faults = new Map();
  /** @type {Set<object>} */
  const dealtWith = new Set();
  /** @type {string[]} */
  const beside = [];
  await restoreEach(order.map(({ id }) => id), (index, { path, error }) => {
    const { id, one, last } = order[index];
    if (path === undefined) faults.set(one, faults.get(one) ?? error);
    else if (path !== one.path) beside.push(path);
    one.kept = one.kept.filter((other) => other !== id); // of one that is stopped in between the rest is left
    if (last) progress?.(dealtWith.add(one).size);
  }, { signal });
  return {
    failed: [...faults].map(([one, error]) => ({ name: nameOf(/** @type {{path: string}} */ (one).path), error })),
    beside,
    left: done.filter((one) => !dealtWith.has(one)),
  };
}

/**
 * Puts into the trash again what came out of it, with what was changed in it since; what had lain in a folder before that, so that each is there by itself again.
 * @param {Pick<Drive, "list" | "remove">} drive
 * @param {{from: string, kept: string[]}[]} done  a folder before what lies in it
 * @param {Hooks} [hooks]
 */
export async function putAwayAgain(drive, done, hooks = {}) {
  // A drive that has listed a folder knows what macOS put beside the files in it, and need not ask for each.
  for (const folder of new Set(done.map(({ from }) => parentOf(from)))) if (!hooks.signal?.aborted) await drive.list(folder).catch(() => []);
  const all = new Set(done.map(({ from }) => from));
  const lieWithin = done.some(({ from }) => {
    for (let above = parentOf(from); above !== ""; above = parentOf(above)) if (all.has(above)) return true;
    return false;
  });
  return backwards(done, ({ from }) => nameOf(from), async ({ from }) => void (await drive.remove(from)), { ...hooks, atOnce: lieWithin ? 1 : AT_ONCE });
}

/**
 * Works on each, the last one first, and goes on past what fails.
 * @template T
 * @param {T[]} done
 * @param {(one: T) => string} named
 * @param {(one: T) => Promise<void>} work
 * @param {Hooks & {atOnce?: number}} [hooks]
 * @returns {Promise<{failed: Failed[], left: T[]}>}
 */
async function backwards(done, named, work, { signal, progress, atOnce } = {}) {
  /** @type {Failed[]} */
  const failed = [];
  /** @type {T[]} */
  const left = [];
  let dealtWith = 0;
  await inTurns([...done].reverse(), async (one) => {
    if (signal?.aborted) return void left.unshift(one);
    try {
      await work(one);
    } catch (error) {
      failed.push({ name: named(one), error });
    }
    progress?.(++dealtWith);
  }, atOnce);
  return { failed, left };
}
