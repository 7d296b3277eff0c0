/**
 * Keeps something that is shown in step with the server: asks, waits, asks again. While the tab is hidden nothing is asked, while the last answer is on its way nothing else, and
 * while the server does not answer ever less often.
 */

const LONGEST = 60_000; // milliseconds between two tries

/**
 * @template T
 * @param {object} options
 * @param {() => Promise<T>} options.load
 * @param {(answer: T) => void} options.show
 * @param {(error: unknown) => void} options.failed the next try comes by itself
 * @param {number} options.every milliseconds from an answer to the next question
 * @param {AbortSignal} options.signal ends it
 * @returns {() => void} asks at once; while an answer is on its way, right after it
 */
export function follow({ load, show, failed, every, signal }) {
  let timer = 0;
  let asking = false;
  let again = false;
  let pause = every;

  async function ask() {
    clearTimeout(timer);
    again = asking;
    if (asking || signal.aborted) return;
    asking = true;
    try {
      const answer = await load();
      if (signal.aborted) return;
      pause = every;
      show(answer);
    } catch (error) {
      if (signal.aborted) return;
      pause = Math.min(LONGEST, pause * 2);
      failed(error);
    } finally {
      asking = false;
      if (!signal.aborted && document.visibilityState === "visible") timer = window.setTimeout(ask, again ? 0 : pause);
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void ask();
    else clearTimeout(timer);
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  void ask();
  return ask;
}
