/**
 * Which uploads into the drive are under way, in this tab and in others of the browser: each holds a lock while it runs.
 *
 * holdUpload(address) -> () => void        while a transfer runs; the function ends it. Tells the window by the event TAKEN, whose detail is the upload's id
 * inTransfer() -> Promise<Set<string>>     ids
 * uploadID(address) -> string              the id of the upload there
 */
import { heldBelow } from "../sends-waiting.js";

export const TAKEN = "thorpe-upload-taken";
const lockName = "thorpe/upload/";

/** @param {string} address */
export const uploadID = (address) => address.slice(address.lastIndexOf("/") + 1);

/** @param {string} address */
export function holdUpload(address) {
  const id = uploadID(address);
  dispatchEvent(new CustomEvent(TAKEN, { detail: id }));
  let release = () => {};
  void navigator.locks?.request(lockName + id, () => new Promise((resolve) => (release = () => resolve(null))));
  return () => release();
}

export const inTransfer = () => heldBelow(lockName);
