/**
 * Sends that are not finished: what an earlier visit left on the server, and how it goes on.
 *
 * pendingSends() -> Promise<UploadAnswer[]>               oldest first; only those whose state is kept
 * sendingElsewhere() -> Promise<Set<string>>              the uploads that some tab of this browser sends right now
 * holdUpload(upload, work) -> Promise<T>                  runs work while no other tab sends it; throws SendError busy
 * matchFiles(plan, items) -> {items, missing, changed}    items: in the plan's order where nothing is missing
 */
import { SendError } from "./send-error.js";
import { isUnchanged } from "./send-request.js";
import { lockName } from "./sends-waiting.js";

export { pendingSends, SENDS_CHANGED, sendingElsewhere } from "./sends-waiting.js";

/**
 * @template T
 * @param {string} upload
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function holdUpload(upload, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(lockName + upload, { ifAvailable: true }, (lock) => {
    if (!lock) throw new SendError("busy");
    return work();
  });
}

/**
 * Finds the plan's files among what is at hand now.
 *
 * @param {import("./send-request.js").Plan} plan
 * @param {import("./send.js").SendItem[]} items
 * @returns {{items: import("./send.js").SendItem[], missing: import("./send-request.js").PlanFile[], changed: string[]}} items: those that were found, changed ones included
 */
export function matchFiles({ files }, items) {
  /** @type {Map<string, import("./send.js").SendItem[]>} */
  const at = new Map();
  for (const item of items) {
    const there = at.get(placeOf(item));
    if (there) there.push(item);
    else at.set(placeOf(item), [item]);
  }
  /** @type {(import("./send.js").SendItem | null)[]} */
  const found = files.map(() => null);
  /** @param {(file: import("./send-request.js").PlanFile, item: import("./send.js").SendItem) => boolean} fits */
  const assign = (fits) => {
    for (const [i, file] of files.entries()) {
      if (found[i]) continue;
      const there = at.get(file.drive ? `drive/${file.drive.path}` : `here/${file.path}`) ?? [];
      const place = there.findIndex((item) => fits(file, item));
      if (place >= 0) [found[i]] = there.splice(place, 1);
    }
  };
  assign(isUnchanged); // first, so that of two with one name each finds its own
  assign(() => true);
  return {
    items: found.filter((item) => item !== null),
    missing: files.filter((_, i) => found[i] === null),
    changed: files.filter((file, i) => found[i] !== null && !isUnchanged(file, /** @type {import("./send.js").SendItem} */ (found[i]))).map(({ path }) => path),
  };
}

/** @param {import("./send.js").SendItem} item */
const placeOf = ({ path, from }) => (from.kind === "drive" ? `drive/${from.entry.path}` : `here/${path}`);
