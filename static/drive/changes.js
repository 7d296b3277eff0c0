/**
 * Tells whoever shows a folder that something in it is no longer what it was.
 *
 * onChanged(listener) -> () => void        the listener gets the folders; the function ends it
 * tellChanged(folders) -> Promise<void>    done when every listener has shown what is there now
 */

/** @type {Set<(folders: Set<string>) => unknown>} */
const listeners = new Set();

/** @param {(folders: Set<string>) => unknown} listener  may return a promise */
export function onChanged(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {Iterable<string>} folders  their paths */
export async function tellChanged(folders) {
  const changed = new Set(folders);
  await Promise.allSettled([...listeners].map((listener) => listener(changed)));
}
