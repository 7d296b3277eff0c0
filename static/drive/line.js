/**
 * Whether the server answers, for all uploads together: what broke off waits here, and goes on by itself.
 *
 * answered(signal) -> Promise<boolean>      once the server answers; true if that had to be waited for. Rejects with the signal's reason
 * silentSince() -> number | null            Date.now() of when it was found gone; null while it answers, or nobody waits
 * tryNow()                                  asks it at once; so does the browser's word that it is online again
 * onLine(listener) -> () => void            told when silentSince() changes; the function ends it
 * acrossBreaks(call, signal) -> Promise     repeats a call while what is in the way may pass
 *
 * When it answers again, the window is told by the event BACK.
 */
import { mayPass } from "../api.js";
import { pause } from "../resume.js";
import { BACK, serverAnswers } from "./fault.js";
import { PAUSES } from "./pauses.js";

const RESTS = [1000, 2000, 4000, 8000]; // milliseconds between two questions, and the last one over and over

/** @type {number | null} */
let since = null;
/** @type {Promise<boolean> | null} */
let looking = null;
let waiting = 0;
let wake = () => {};
/** @type {Set<() => void>} */
const listeners = new Set();

export const silentSince = () => since;
export const tryNow = () => wake();

/** @param {() => void} listener */
export function onLine(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {number | null} next */
function tell(next) {
  if (next === since) return;
  since = next;
  for (const listener of listeners) listener();
}

/** @param {AbortSignal} signal */
export async function answered(signal) {
  signal.throwIfAborted();
  looking ??= look().finally(() => (looking = null));
  let stop = () => {};
  /** @type {Promise<boolean>} */
  const stopped = new Promise((_, reject) => (stop = () => reject(signal.reason)));
  signal.addEventListener("abort", stop);
  waiting++;
  try {
    return await Promise.race([looking, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    if (--waiting === 0) wake(); // nobody wants to know any more
  }
}

async function look() {
  let there = await serverAnswers();
  for (let asked = 0; !there && waiting > 0; asked++) {
    tell(since ?? Date.now());
    await rest(RESTS[Math.min(asked, RESTS.length - 1)]);
    there = waiting > 0 && (await serverAnswers());
  }
  const back = there && since !== null;
  tell(null);
  if (back) dispatchEvent(new Event(BACK));
  return back;
}

/**
 * @param {number} milliseconds
 * @returns {Promise<void>} earlier where tryNow or the browser ends it
 */
async function rest(milliseconds) {
  const early = new AbortController();
  wake = () => early.abort();
  await pause(milliseconds, early.signal).catch(() => {});
}

/**
 * @template T
 * @param {() => Promise<T>} call
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
export async function acrossBreaks(call, signal) {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error) || tries >= PAUSES.length) throw error;
      if (await answered(signal)) tries = 0;
      else await pause(PAUSES[tries], signal);
    }
  }
}
