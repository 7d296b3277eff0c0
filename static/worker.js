/**
 * The service worker of /s/: turns what a page sends through a MessagePort into a download of the browser. Served as /s/worker.js, scope /s/, a classic script
 * without imports. It answers nothing but /s/get/..., fetches nothing, keeps nothing, and holds no key: what comes through the port is what lands on the disk.
 *
 * The page: {type: "offer", id, name, size} with two ports, the first its own, the second for the bytes; size -1: not known
 *           {type: "ping", id} with a port, every few seconds, so that the browser does not stop this worker in the middle; through the port comes whether the
 *           download is still under way here
 * The page's port, out:   {type: "offered"}         {type: "taken"}: the browser has asked for /s/get/ID
 * The bytes' port, in:    ArrayBuffer               the next bytes, at most as many buffers as were asked for
 *                         {type: "end"}             all is sent
 *                         {type: "error"}           the browser's download must fail
 * The bytes' port, out:   {type: "more", count}     so many buffers more
 *                         {type: "closed"}          the end was passed on
 *                         {type: "stopped"}         the person stopped the download
 */
(() => {
  /** @typedef {{id: string, name: string, size: number, client: string, page: MessagePort, port: MessagePort}} Offer */

  const worker = /** @type {any} */ (self);
  /** Buffers that may be under way to this worker or wait in it, for each download. */
  const window = 16;
  /** How often a download that waits for bytes looks whether its page is still there, and how long an offer stands. */
  const watch = 5_000;
  const patience = 60_000;

  /** @type {Map<string, Offer>} */
  const offers = new Map();
  /** @type {Set<string>} downloads under way, by id */
  const streams = new Set();

  worker.addEventListener("install", () => worker.skipWaiting());

  worker.addEventListener("message", (/** @type {any} */ event) => {
    if (event.origin !== "" && event.origin !== worker.location.origin) return;
    const { type, id, name, size } = event.data ?? {};
    if (type === "ping") event.ports[0].postMessage(streams.has(id));
    if (type !== "offer") return;
    const [page, port] = event.ports;
    offers.set(id, { id, name, size, client: event.source?.id ?? "", page, port });
    setTimeout(() => offers.delete(id), patience);
    page.postMessage({ type: "offered" });
  });

  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { origin, pathname } = new URL(event.request.url);
    if (origin !== worker.location.origin || !pathname.startsWith("/s/get/")) return;
    const offer = offers.get(pathname.split("/")[3]);
    if (!offer || event.request.method !== "GET") {
      event.respondWith(new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } }));
      return;
    }
    offers.delete(offer.id);
    offer.page.postMessage({ type: "taken" });
    event.respondWith(new Response(bodyOf(offer), { headers: headersFor(offer) }));
  });

  /**
   * All headers of the answer are set here, none comes from the page but through the file's name and length.
   *
   * @param {Offer} offer
   */
  function headersFor({ name, size }) {
    /** @type {Record<string, string>} */
    const headers = {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": disposition(name),
      "Content-Security-Policy": "sandbox; default-src 'none'",
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
    };
    if (size >= 0) headers["Content-Length"] = String(size);
    return headers;
  }

  /**
   * RFC 6266 with RFC 8187: the name for every browser of today, and an ASCII stand-in.
   *
   * @param {string} name
   */
  function disposition(name) {
    const ascii = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
    const extended = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
  }

  /**
   * @param {Offer} offer
   * @returns {ReadableStream<Uint8Array>}
   */
  function bodyOf({ id, port, client }) {
    streams.add(id);
    let asked = 0; // buffers asked for that have not come
    let over = false;
    /** @type {ReturnType<typeof setInterval>} */
    let watching;

    function end() {
      over = true;
      streams.delete(id);
      clearInterval(watching);
    }

    return new ReadableStream(
      {
        start(controller) {
          /** @param {string} why */
          const fail = (why) => {
            if (over) return;
            end();
            controller.error(new Error(why));
            port.close();
          };
          port.onmessage = ({ data }) => {
            if (over) return;
            if (data instanceof ArrayBuffer) {
              asked--;
              controller.enqueue(new Uint8Array(data));
            } else if (data?.type === "end") {
              end();
              controller.close();
              port.postMessage({ type: "closed" });
            } else if (data?.type === "error") {
              fail("the page gave up");
            }
          };
          port.addEventListener("close", () => fail("the page is gone"));
          watching = setInterval(async () => {
            if (asked > 0 && client !== "" && !(await worker.clients.get(client))) fail("the page is gone");
          }, watch);
        },
        pull(controller) {
          const count = (controller.desiredSize ?? 0) - asked;
          if (count <= 0) return;
          asked += count;
          port.postMessage({ type: "more", count });
        },
        cancel() {
          end();
          port.postMessage({ type: "stopped" });
        },
      },
      { highWaterMark: window },
    );
  }
})();
