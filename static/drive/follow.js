/**
 * Keeps a page that shows more than one folder true while this page uploads: read is called soon after something has arrived, never twice at a time, and the less often
 * the longer it takes.
 */

const SOON = 800; // milliseconds

/**
 * @param {import("./upload-desk.js").UploadDesk} desk
 * @param {() => Promise<void>} read
 * @param {AbortSignal} signal  ends it
 */
export function followUploads(desk, read, signal) {
  let timer = 0;
  let missed = false;
  let lasted = 0;
  const wait = () => void (timer = window.setTimeout(look, Math.max(SOON, 4 * lasted)));

  async function look() {
    missed = false;
    const from = performance.now();
    await read();
    lasted = performance.now() - from;
    timer = 0;
    if (missed && !signal.aborted) wait();
  }
  const end = desk.onChange(() => {
    missed = true;
    if (timer === 0) wait();
  });
  signal.addEventListener("abort", () => {
    end();
    clearTimeout(timer);
  }, { once: true });
}
