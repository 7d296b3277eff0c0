/**
 * How fast something goes, and how long it will take: an average over the last seconds, so that it is calm and still follows.
 */

const SPAN = 6000; // milliseconds that count
const SOONEST = 1200; // before that a guess would only jump

/**
 * @param {() => number} [now] milliseconds, rising
 */
export function rate(now = () => performance.now()) {
  /** @type {{at: number, done: number}[]} */
  let marks = [];
  return {
    /**
     * Notes how many bytes are done by now. Fewer than before (something began again) starts the measure over.
     * @param {number} done
     */
    note(done) {
      const at = now();
      const last = marks[marks.length - 1];
      if (last && done < last.done) marks = [];
      if (marks.length > 1 && at - last.at < 100) marks.pop(); // ten marks a second are enough
      marks.push({ at, done });
      while (marks.length > 2 && at - marks[0].at > SPAN) marks.shift();
    },
    /** Bytes a second, or null while it is too early to say. */
    speed() {
      const first = marks[0];
      const last = marks[marks.length - 1];
      if (!first || last.at - first.at < SOONEST) return null;
      const since = Math.max(last.at, now() - 1000); // a second without a byte begins to count as slow
      return ((last.done - first.done) / (since - first.at)) * 1000;
    },
    /**
     * Seconds left, or null where that cannot be said.
     * @param {number} total
     */
    left(total) {
      const speed = this.speed();
      const last = marks[marks.length - 1];
      if (speed === null || speed <= 0 || !last) return null;
      return Math.max(0, (total - last.done) / speed);
    },
    /** Starts over, after a pause. */
    restart() {
      marks = [];
    },
  };
}
