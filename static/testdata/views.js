/**
 * The parts of the views that need no page: names, places, the order of a list, what is chosen, the queue of uploads, and what stands before it.
 */
import { cleanPaths, sealedCodes, SealedError } from "../sealed.js";
import { isHidden } from "../hidden.js";
import { hasText } from "../texts.js";
import { arrange } from "../drive/arrange.js";
import { faultName } from "../drive/link-fault.js";
import { compareNames, faultInName, nameBeside, splitName } from "../drive/names.js";
import { addressOf, placeOf } from "../drive/place.js";
import { rate } from "../drive/rate.js";
import { selection } from "../drive/selection.js";
import { randomPassword } from "../drive/share-password.js";
import { createUploads } from "../drive/uploads.js";
import { strength } from "../ui/password-strength.js";

/** @param {string[]} names */
export const sorted = (names) => [...names].sort(compareNames);
/** @param {string[]} names */
export const split = (names) => names.map(splitName);
/** @param {string} name @param {string[]} taken @param {boolean} folder */
export const beside = (name, taken, folder) => nameBeside(name, (other) => taken.includes(other), folder);
/** @param {string[]} names */
export const faults = (names) => names.map((name) => faultInName(name) ?? "");
/** A lone surrogate is no JSON, so it is made here. */
export const loneSurrogate = () => faultInName("\ud800");
/** @param {string[]} addresses */
export const places = (addresses) => addresses.map(placeOf);
/** @param {string[]} paths */
export const roundTrips = (paths) => paths.filter((path) => placeOf(addressOf(path)) !== path);

/** @param {{name: string, folder?: boolean}[]} list */
export const hidden = (list) => list.map(({ name, folder = false }) => isHidden(name, folder));

/** The codes of sealed links for which the link page has no sentences. */
export const codesWithoutSentence = () =>
  sealedCodes.map((code) => faultName(new SealedError(code))).filter((name) => !hasText(`link.fault.${name}`) || !hasText(`link.fault.${name}.text`));

/** @param {string[][]} lists @returns {(string[] | null)[]} null: refused */
export const cleaned = (lists) =>
  lists.map((paths) => {
    try {
      return cleanPaths(paths, []).files;
    } catch (error) {
      if (error instanceof SealedError && error.code === "bad_path") return null;
      throw error;
    }
  });

/** A folder is listed with what lies in it, and twice. */
export const cleanedFolders = () => cleanPaths(["a\\/x", "a_"], ["a\\", "b\\", "b_", "b\\"]);

export function passwords() {
  const made = Array.from({ length: 200 }, randomPassword);
  /** @param {string} password */
  const score = (password) => strength(password).score;
  return { made, weakest: Math.min(...made.map(score)), weak: ["password", "summer2026", "aaaaaaaaaaaaaaaa", "abcdefghijklmnop"].map(score) };
}

/**
 * Speeds and seconds left as a clock goes on: [milliseconds, bytes done] each.
 * @param {[number, number][]} marks
 * @param {number} total
 */
export function pace(marks, total) {
  let now = 0;
  const measure = rate(() => now);
  return marks.map(([at, done]) => {
    now = at;
    measure.note(done);
    return [measure.speed(), measure.left(total)];
  });
}

/**
 * @param {string[]} before
 * @param {[string, number?][]} acts
 * @param {string[]} after the list as it is read anew
 */
export function chosen(before, acts, after) {
  const list = selection(() => {});
  list.setPaths(before);
  for (const [act, index] of acts) /** @type {any} */ (list)[act](index);
  list.setPaths(after);
  return { paths: list.paths(), focus: list.focus };
}

/**
 * Arranges an upload into a drive that holds these paths (a folder ends with "/").
 * @param {string[]} drive
 * @param {string[]} picked
 * @param {({choice: "replace" | "merge" | "keep" | "skip", all: boolean} | null)[]} answers one for each question
 */
export async function arranged(drive, picked, answers) {
  /** @type {string[]} */
  const asked = [];
  /** @type {string[]} */
  const made = [];
  /** @type {string[]} */
  const listed = [];
  const source = {
    /** @param {string} path */
    async list(path) {
      listed.push(path);
      return [...drive]
        .map((held) => ({ path: held.replace(/\/$/, ""), folder: held.endsWith("/") }))
        .filter((held) => held.path.slice(0, Math.max(0, held.path.lastIndexOf("/"))) === path && held.path !== path)
        .map(({ path: p, folder }) => ({ path: p, name: p.slice(p.lastIndexOf("/") + 1), folder, size: 0, modified: null, type: "" }));
    },
    /** @param {string} path */
    async makeFolder(path) {
      made.push(path);
    },
  };
  const files = picked.map((path) => (path.endsWith("/") ? { path: path.slice(0, -1), file: null } : { path, file: new File([], "x") }));
  const result = await arrange(files, "", {
    source,
    async ask({ name, canReplace, canMerge }) {
      asked.push(`${name} ${canMerge ? "folder" : canReplace ? "file" : "other"}`);
      return answers.shift() ?? null;
    },
  });
  return { put: result && result.map(({ path, replace }) => (replace ? `${path} over` : path)), made, asked, listed };
}

/**
 * Plays a queue of uploads: files of ten bytes named by their numbers, and the acts in turn; after each the state is noted.
 * @param {number} count
 * @param {[act: string, on?: number][]} acts
 */
export async function queue(count, acts) {
  /** @type {Map<string, {resolve: () => void, reject: (error: unknown) => void, onSent: (bytes: number) => void}>} */
  const running = new Map();
  /** @type {string[]} */
  const started = [];
  const uploads = createUploads({
    changed() {},
    finished() {},
    transfer: ({ path }, { onSent, signal }) =>
      new Promise((resolve, reject) => {
        started.push(path);
        running.set(path, { resolve, reject, onSent });
        signal.addEventListener("abort", () => reject(signal.reason));
      }).then(
        () => void running.delete(path),
        (error) => {
          running.delete(path);
          throw error;
        },
      ),
  });
  /** @param {number} from @param {number} many */
  const files = (from, many) => Array.from({ length: many }, (_, i) => ({ path: String(from + i), file: new File(["0123456789"], "f"), replace: false }));
  uploads.add(files(0, count));
  const states = [];
  for (const [act, on = 0] of acts) {
    if (act === "finish") running.get(String(on))?.resolve();
    else if (act === "fail") running.get(String(on))?.reject(new Error("no"));
    else if (act === "send") running.get(String(on))?.onSent(5);
    else if (act === "add") uploads.add(files(count, on));
    else if (act === "cancel") uploads.cancel(/** @type {import("../drive/uploads.js").Upload} */ (uploads.shown(99).find(({ path }) => path === String(on))));
    else /** @type {any} */ (uploads)[act]();
    await new Promise((resolve) => setTimeout(resolve));
    const { count: all, done, failed, sent, bytes } = uploads.total;
    states.push({ all, done, failed, sent, bytes, running: [...running.keys()], busy: uploads.busy });
  }
  return { states, started };
}
