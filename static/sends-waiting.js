/**
 * How many sends wait to be finished: what every page of the app shows, apart from send-pending.js, which goes on with them.
 */
import { listUploads } from "./send-uploads.js";

/** Begins the name of the lock that a tab holds on an upload while it sends it. */
export const lockName = "thorpe/send/";

/** The name of the event, on window, that tells that a send began, ended or was given up here: who shows how many are unfinished looks again. */
export const SENDS_CHANGED = "thorpe-sends-changed";

/** @param {import("./send-uploads.js").UploadAnswer} upload */
export const isPendingSend = ({ use, state }) => use === "sealed" && state !== null;

export async function pendingSends() {
  return (await listUploads()).filter(isPendingSend);
}

/**
 * What is held by some tab of this browser, of the locks whose names begin so.
 * @param {string} beginning
 * @returns {Promise<Set<string>>} the rest of each name
 */
export async function heldBelow(beginning) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map(({ name = "" }) => name).filter((name) => name.startsWith(beginning)).map((name) => name.slice(beginning.length)));
}

export const sendingElsewhere = () => heldBelow(lockName);
