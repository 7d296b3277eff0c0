/**
 * Asks one question after the other, and remembers what was answered for all that follow: to keep both or to leave out holds for whatever collides, to replace
 * for files, to merge for folders.
 *
 * @typedef {"folder" | "file" | "other"} Kind  both are folders, both are files, or neither
 * @typedef {{name: string, folder: string, kind: Kind, following: () => Iterable<Kind>, sides: () => Promise<import("./arrange.js").Sides | null>}} Taken
 * following: what else may collide, as far as that is known once it is asked about
 */

/**
 * @param {{folder: boolean}} mine
 * @param {{folder: boolean} | null | undefined} theirs
 * @returns {Kind}
 */
export const kindOf = (mine, theirs) => (mine.folder !== theirs?.folder ? "other" : mine.folder ? "folder" : "file");

/** @param {import("./arrange.js").Ask} ask */
export function asking(ask) {
  /** @type {Map<Kind, import("./arrange.js").Answer>} */
  const standing = new Map();
  /** @type {Promise<unknown>} */
  let before = Promise.resolve();
  let calledOff = false;

  /**
   * @param {Taken} taken
   * @returns {Promise<import("./arrange.js").Answer | null>}
   */
  async function next({ name, folder, kind, following, sides }) {
    if (calledOff) return null;
    const known = standing.get(kind);
    if (known) return known;
    const both = await sides();
    const more = [...following()].some((other) => !standing.has(other));
    const answer = await ask({ name, folder, canReplace: kind === "file", canMerge: kind === "folder", more, sides: both });
    if (!answer) calledOff = true;
    else if (answer.all) {
      /** @type {Kind[]} */
      const held = answer.choice === "replace" || answer.choice === "merge" ? [kind] : ["folder", "file", "other"];
      for (const one of held) if (!standing.has(one)) standing.set(one, answer);
    }
    return answer;
  }

  return Object.assign(
    (/** @type {Taken} */ taken) => {
      const mine = before.then(() => next(taken));
      before = mine.catch(() => {});
      return mine;
    },
    { calledOff: () => calledOff },
  );
}
