/**
 * Hands bytes to the service worker (worker.js, "the bytes' port") at the pace it asks for them.
 *
 * sendBytes(reader, port, signal?, sent?) -> Promise<"closed" | "stopped">      closed: all were passed on; stopped: nobody wants more of them
 *   sent(length)   is called after each buffer that was sent
 *   throws what the reader throws, or the signal's reason; the other side is told then that no more comes, and must not take what it has for the whole
 */

/**
 * @typedef {object} ByteReader such as a stream's reader
 * @property {() => Promise<ReadableStreamReadResult<Uint8Array>>} read
 * @property {(reason?: unknown) => Promise<void>} cancel
 */

/**
 * @param {ByteReader} reader
 * @param {MessagePort} port
 * @param {AbortSignal} [signal]
 * @param {(length: number) => void} [sent]
 * @returns {Promise<"closed" | "stopped">}
 */
export async function sendBytes(reader, port, signal, sent) {
  let credit = 0; // buffers that the other side has asked for
  let stopped = false;
  let closed = false;
  let wake = () => {};
  /** @param {() => boolean} enough */
  const until = async (enough) => {
    while (!enough()) {
      signal?.throwIfAborted();
      await new Promise((resolve) => {
        wake = () => resolve(undefined);
      });
    }
    signal?.throwIfAborted();
  };
  const woken = () => wake();
  port.onmessage = ({ data }) => {
    if (data.type === "more") credit += data.count;
    if (data.type === "closed") closed = true;
    if (data.type === "stopped") {
      stopped = true;
      reader.cancel().catch(() => {}); // also where it waits for a byte just now
    }
    woken();
  };
  signal?.addEventListener("abort", woken);
  try {
    for (;;) {
      await until(() => credit > 0 || stopped);
      if (stopped) return "stopped";
      const { done, value } = await reader.read();
      if (stopped) return "stopped";
      if (done) break;
      credit--;
      const whole = value.byteOffset === 0 && value.byteLength === value.buffer.byteLength;
      const buffer = whole ? value.buffer : value.slice().buffer;
      const { length } = value;
      port.postMessage(buffer, [buffer]);
      sent?.(length);
    }
    port.postMessage({ type: "end" });
    await until(() => closed || stopped);
    return closed ? "closed" : "stopped";
  } catch (error) {
    port.postMessage({ type: "error" });
    reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener("abort", woken);
  }
}
