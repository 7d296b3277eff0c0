/**
 * Asks one question after the other, and remembers answers for all by what was possible.
 * @param {import("./arrange.js").Ask} ask
 */
export function asking(ask) {
  /** @type {Map<string, import("./arrange.js").Answer>} */
  const standing = new Map();
  /** @type {Promise<unknown>} */
  let before = Promise.resolve();
  let calledOff = false;

  /**
   * @param {import("./arrange.js").Collision} collision
   * @returns {Promise<import("./arrange.js").Answer | null>}
   */
  async function next(collision) {
    if (calledOff) return null;
    const kind = collision.canMerge ? "folder" : collision.canReplace ? "file" : "other";
    const answer = standing.get(kind) ?? (await ask(collision));
    if (!answer) calledOff = true;
    else if (answer.all) standing.set(kind, answer);
    return answer;
  }

  return Object.assign(
    (/** @type {import("./arrange.js").Collision} */ collision) => {
      const mine = before.then(() => next(collision));
      before = mine.catch(() => {});
      return mine;
    },
    { calledOff: () => calledOff },
  );
}
