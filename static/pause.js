/**
 * Long work in slices, so that the page answers meanwhile.
 *
 *   const rest = pacer();
 *   for (...) { ...; if (rest.due()) await rest.take(); }
 */

const slice = 8; // milliseconds of work between two pauses: half of a frame

/** Lets what waits come first: input, drawing, other work. */
export function pause() {
  const { scheduler } = /** @type {{scheduler?: {yield?: () => Promise<void>}}} */ (globalThis);
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((/** @type {(value: void) => void} */ resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export function pacer() {
  let from = performance.now();
  return {
    due: () => performance.now() - from > slice,
    async take() {
      await pause();
      from = performance.now();
    },
  };
}
