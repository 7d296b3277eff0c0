/**
 * The queue of uploads into the drive: what waits, what runs, what failed. No DOM and no network: it starts transfers (transfer.js) a few at a
 * time and counts what they report. Start from createUploads; its `changed` is called after every change, often.
 *
 * @typedef {"waiting" | "running" | "paused" | "done" | "failed" | "canceled"} State  paused: by itself, while others go on
 *
 * @typedef {object} Upload
 * @property {string} path  where it goes, below the drive's root
 * @property {string} base  the folder of the drive into which it was dropped, by itself or within another
 * @property {File} file
 * @property {boolean} replace  a file that is there already may be replaced
 * @property {State} state
 * @property {number} sent  bytes that have arrived
 * @property {unknown} problem  why it failed
 * @property {AbortController | null} running
 * @property {string | null} address  of the upload that the server holds of it, where a transfer can go on with one
 * @property {string | null} remains  address of what the server holds of it while it is paused
 *
 * @typedef {(upload: Upload, hooks: {onSent: (bytes: number) => void, signal: AbortSignal, cut: AbortSignal}) => Promise<void>} Transfer
 * A transfer ends when the file is in its place. Its signal is aborted with "pause" or "pause one" (it will be started again) or "cancel" (nothing
 * may stay, unless it ends all the same: then the file is in its place). cut is aborted after a "cancel" that shall not even wait for that.
 *
 * @typedef {ReturnType<typeof createUploads>} Uploads
 */

const AT_ONCE = 4;

/**
 * @param {object} hooks
 * @param {Transfer} hooks.transfer
 * @param {() => void} hooks.changed
 * @param {(upload: Upload) => void} hooks.finished  a file has just arrived, or may have: it was cut off
 * @param {(upload: Upload) => void} [hooks.dropped]  it was canceled while it did not run
 * @param {(upload: Upload) => void} [hooks.broken]  it has just failed
 * @param {number} [hooks.parts]  of which a place has so many
 * @param {(file: File) => number} [hooks.partsOf]  how many of them a file takes: all, if it goes by itself
 */
export function createUploads({ transfer, changed, finished, dropped = () => {}, broken = () => {}, parts = 1, partsOf = () => parts }) {
  /** @type {Upload[]} */
  let uploads = [];
  let next = 0; // all before this index have been started once
  /** @type {Set<Upload>} */
  const running = new Set();
  /** What runs or is paused by itself, in the order in which it began: a line that is paused stays where it is. @type {Set<Upload>} */
  const begun = new Set();
  let taken = 0; // parts, by what runs
  /** @type {Upload[]} */
  let again = []; // paused ones, and failed ones to be retried
  let paused = false;
  let calledOff = false; // all of them
  let cut = new AbortController(); // of what runs, when it shall not even end
  const total = { count: 0, bytes: 0, done: 0, failed: 0, sent: 0, canceled: 0 };

  /**
   * @param {Upload} upload
   * @param {number} sent
   */
  function note(upload, sent) {
    total.sent += sent - upload.sent;
    upload.sent = sent;
  }

  function fill() {
    while (!paused && taken < AT_ONCE * parts) {
      const upload = again.shift() ?? uploads[next++];
      if (!upload) {
        next = uploads.length;
        return;
      }
      if (upload.state === "waiting") void run(upload);
    }
  }

  /** @param {Upload} upload */
  async function run(upload) {
    const control = new AbortController();
    const mine = cut;
    upload.state = "running";
    upload.remains = null;
    upload.running = control;
    running.add(upload);
    begun.add(upload);
    taken += partsOf(upload.file);
    changed();
    try {
      await transfer(upload, {
        signal: control.signal,
        cut: mine.signal,
        onSent(bytes) {
          if (upload.running !== control) return; // a late report of a transfer that was stopped
          note(upload, Math.min(bytes, upload.file.size));
          changed();
        },
      });
      note(upload, upload.file.size);
      upload.state = "done";
      total.done++;
      finished(upload);
    } catch (error) {
      if (control.signal.aborted) {
        if (control.signal.reason === "pause one") upload.state = "paused";
        else if (control.signal.reason !== "cancel") wait(upload);
        else {
          drop(upload);
          if (mine.signal.aborted) finished(upload);
        }
      } else {
        upload.state = "failed";
        upload.problem = error;
        total.failed++;
        note(upload, 0);
        broken(upload);
      }
    } finally {
      upload.running = null;
      running.delete(upload);
      if (upload.state !== "paused") begun.delete(upload);
      taken -= partsOf(upload.file);
      fill();
      changed();
    }
  }

  /** Something is added, or tried again. */
  function begin() {
    calledOff = false;
    if (cut.signal.aborted) cut = new AbortController();
  }

  /** @param {Upload} upload */
  function wait(upload) {
    upload.state = "waiting";
    again.push(upload);
  }

  /** @param {Upload} upload */
  function drop(upload) {
    note(upload, 0);
    if (!begun.delete(upload) || upload.state === "paused") dropped(upload);
    upload.state = "canceled";
    total.count--;
    if (calledOff) total.canceled++;
    total.bytes -= upload.file.size;
  }

  return {
    /**
     * @param {{path: string, file: File, replace: boolean}[]} files
     * @param {string} base
     */
    add(files, base) {
      if (!this.busy && total.failed === 0) this.clear();
      begin();
      for (const { path, file, replace } of files) {
        uploads.push({ path, base, file, replace, state: "waiting", sent: 0, problem: null, running: null, address: null, remains: null });
        total.count++;
        total.bytes += file.size;
      }
      fill();
      changed();
    },
    /** Something runs, waits, or is paused. */
    get busy() {
      return running.size > 0 || total.done + total.failed < total.count;
    },
    get paused() {
      return paused;
    },
    /** Nothing runs, for all that is left was paused, by itself or with all. */
    get still() {
      return paused || (this.busy && running.size === 0 && begun.size > 0);
    },
    /** All that runs was canceled, and some of it still ends. */
    get ending() {
      return calledOff && this.busy;
    },
    /** All that runs was cut off: some of it may have arrived, which nobody counted. */
    get cutOff() {
      return calledOff && cut.signal.aborted;
    },
    /** Counts of files and bytes; canceled ones are in none of them but `canceled`: those that were when all were. */
    get total() {
      return /** @type {Readonly<typeof total>} */ (total);
    },
    /**
     * The uploads worth a line of their own: what failed, what runs, and then what comes next.
     * @param {number} limit
     */
    shown(limit) {
      const waiting = [...again, ...uploads.slice(next, next + limit)].filter(({ state }) => state === "waiting");
      const failed = total.failed > 0 ? uploads.filter(({ state }) => state === "failed") : [];
      return [...new Set([...failed, ...begun, ...waiting])].slice(0, limit);
    },
    /** @param {Upload} upload */
    pauseOne(upload) {
      if (upload.state === "running") upload.running?.abort("pause one");
      else if (upload.state === "waiting") {
        again = again.filter((other) => other !== upload);
        upload.state = "paused";
        begun.add(upload);
      }
      changed();
    },
    /** @param {Upload} upload */
    resumeOne(upload) {
      if (upload.state !== "paused") return;
      begun.delete(upload);
      wait(upload);
      fill();
      changed();
    },
    /** Where files go that wait, run, or may be tried again. */
    underWay: () => uploads.filter(({ state }) => state !== "done" && state !== "canceled").map(({ path }) => path),
    /** Why those failed that did. */
    problems: () => (total.failed > 0 ? uploads.filter(({ state }) => state === "failed").map(({ problem }) => problem) : []),
    pause() {
      paused = true;
      for (const { running: control } of running) control?.abort("pause");
      changed();
    },
    /** Starts again what is paused, also what was by itself. */
    resume() {
      paused = false;
      for (const upload of begun) if (upload.state === "paused") wait(upload);
      fill();
      changed();
    },
    /** @param {Upload} upload */
    cancel(upload) {
      if (upload.state === "running") upload.running?.abort("cancel");
      else if (upload.state === "waiting" || upload.state === "paused" || upload.state === "failed") {
        if (upload.state === "failed") total.failed--;
        again = again.filter((other) => other !== upload);
        drop(upload);
      }
      changed();
    },
    cancelAll() {
      calledOff = true;
      for (const upload of uploads) {
        if (upload.state === "waiting" || upload.state === "paused") drop(upload);
        else if (upload.state === "running") upload.running?.abort("cancel");
      }
      again = [];
      paused = false;
      changed();
    },
    /** Cuts off what was canceled and still ends. */
    stopNow() {
      if (calledOff) cut.abort();
      changed();
    },
    /**
     * Starts what failed once more.
     * @param {Upload} [one]  this one alone
     */
    retry(one) {
      begin();
      for (const upload of one ? [one] : uploads) {
        if (upload.state !== "failed") continue;
        upload.problem = null;
        total.failed--;
        wait(upload);
      }
      fill();
      changed();
    },
    /** Forgets everything, once nothing runs. */
    clear() {
      if (this.busy) return;
      uploads = [];
      again = [];
      next = 0;
      Object.assign(total, { count: 0, bytes: 0, done: 0, failed: 0, sent: 0, canceled: 0 });
      changed();
    },
  };
}
