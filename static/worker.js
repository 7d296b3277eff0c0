/**
 * The service worker of /s/: turns what a page sends through a MessagePort into a download of the browser, or into what a media element of that page plays.
 * Served as /s/worker.js, scope /s/, a classic script without imports. It answers nothing but /s/get/... and /s/view/..., fetches nothing, keeps nothing, and
 * holds no key: what comes through the port is what lands on the disk or in the element.
 *
 * The page: {type: "offer", id, name, size, tag, job} with two ports, the first its own, the second for the bytes; size -1: not known; tag, job: below
 *           {type: "ping", id} with a port, every few seconds, so that the browser does not stop this worker in the middle; through the port comes whether the
 *           download is still under way here
 *           {type: "orphans", tag} with a port: which downloads of this tag lost their page; through it comes [{id, name, size, at}]
 *           {type: "adopt", id} with two ports, as of an offer: goes on with one of them
 *           {type: "view", id, mime, size} with its own port: a file to look at, as often and from wherever the element likes; mime: one of viewTypes
 *           {type: "claim"}                   answer this page too, which was there before
 * To the page:              {type: "whose", id}       this worker knows no such view (it may have been started anew): offer it again, if it is yours
 * A download's page port, out: {type: "offered"}      {type: "taken"}: the browser has asked for /s/get/ID
 *                           {type: "adopted", at, mark, job} or {type: "lost"}, to "adopt"
 * A view's page port, out:  {type: "read", start, end} with a bytes' port: the element wants these bytes
 * A view's page port, in:   {type: "end"}             the view is over
 * The bytes' port, in:    ArrayBuffer               the next bytes, at most as many buffers as were asked for
 *                         {type: "mark", mark}      what a page needs to know to go on from here
 *                         {type: "end"}             all is sent
 *                         {type: "error"}           the browser's download, or the element's request, must fail
 * The bytes' port, out:   {type: "more", count}     so many buffers more
 *                         {type: "closed"}          the end was passed on
 *                         {type: "stopped"}         nobody wants the rest: the person stopped the download, the element went elsewhere
 *
 * A download with a tag outlives its page for a minute: a page of the same tag, such as the same one loaded again, adopts it by its job, and gives the bytes from
 * `at` on. Nobody does: it fails, and no half file stays. Tag, job and mark are the page's, and forgotten with the download.
 */
(() => {
  /** @typedef {{id: string, name: string, size: number, tag: unknown, job: unknown, client: string, page: MessagePort, port: MessagePort}} Offer */
  /** @typedef {Offer & {feed: Feed, mark: unknown, orphaned: ReturnType<typeof setTimeout> | null}} Download */
  /**
   * @typedef {object} Feed
   * @property {ReadableStream<Uint8Array>} stream
   * @property {number} at bytes that came so far
   * @property {string} client the page at the other end
   * @property {(port: MessagePort, client: string) => void} attach takes the bytes from this port, and from no other
   * @property {() => void} fail
   */
  /** @typedef {{mime: string, size: number, client: string, page: MessagePort}} View */

  const worker = /** @type {any} */ (self);
  /** Whose folder this script is: "/s/", below the base path if there is one. */
  const scope = new URL("./", worker.location.href).pathname;
  /** Buffers that may be under way to this worker or wait in it, for each download, and for each request of a media element, which may go elsewhere soon. */
  const window = 16;
  const viewWindow = 4;
  /** How often a download that waits for bytes looks whether its page is still there, and how long an offer stands. */
  const watch = 5_000;
  const patience = 60_000;
  const askPatience = 2_000;
  /** How long a download waits for a page to go on with it. */
  const orphanPatience = 60_000;

  /** What a view may be given out as: nothing that a browser would run or render as a page. */
  const viewTypes = [
    "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav", "audio/flac", "audio/webm",
    "video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-matroska",
  ];
  const everyAnswer = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  };

  /** @type {Map<string, Offer>} */
  const offers = new Map();
  /** @type {Map<string, Download>} under way */
  const downloads = new Map();
  /** @type {Map<string, View>} */
  const views = new Map();
  /** @type {Map<string, () => void>} what waits for a view to be offered again */
  const awaited = new Map();

  worker.addEventListener("install", () => worker.skipWaiting());
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

  worker.addEventListener("message", (/** @type {any} */ event) => {
    if (event.origin !== "" && event.origin !== worker.location.origin) return;
    const { type, id } = event.data ?? {};
    if (type === "offer") keepOffer(event);
    if (type === "ping") answerPing(event);
    if (type === "orphans") event.waitUntil(tellOrphans(event));
    if (type === "adopt") event.waitUntil(adopt(event, downloads.get(id)));
    if (type === "view") keepView(event);
    if (type === "claim") event.waitUntil(worker.clients.claim());
  });

  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { origin, pathname } = new URL(event.request.url);
    if (origin !== worker.location.origin || !pathname.startsWith(scope)) return;
    const [kind, id] = pathname.slice(scope.length).split("/");
    if (kind === "get" && id !== undefined) event.respondWith(handOut(event.request, id));
    if (kind === "view" && id !== undefined) event.respondWith(show(event, id));
  });

  const missing = () => new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } });

  /** @param {any} event a message */
  function keepOffer({ data: { id, name, size, tag, job }, source, ports: [page, port] }) {
    offers.set(id, { id, name, size, tag, job, client: source?.id ?? "", page, port });
    setTimeout(() => offers.delete(id), patience);
    page.postMessage({ type: "offered" });
  }

  /** @param {any} event a message */
  function answerPing(event) {
    const download = downloads.get(event.data.id);
    event.ports[0].postMessage(download !== undefined);
    if (download?.tag !== undefined) event.waitUntil(new Promise((resolve) => setTimeout(resolve, orphanPatience))); // also should its page go now
  }

  /**
   * @param {Request} request
   * @param {string} id
   */
  function handOut(request, id) {
    const offer = offers.get(id);
    if (!offer || request.method !== "GET") return missing();
    offers.delete(id);
    /** @type {Download} */
    const download = { ...offer, mark: null, orphaned: null, feed: feed(window, offer.size, { lost, ended, marked }) };
    function lost() {
      if (offer?.tag === undefined) download.feed.fail();
      else download.orphaned ??= setTimeout(download.feed.fail, orphanPatience);
    }
    function ended() {
      downloads.delete(id);
      clearTimeout(download.orphaned ?? undefined);
    }
    /** @param {unknown} mark */
    function marked(mark) {
      download.mark = mark;
    }
    downloads.set(id, download);
    download.feed.attach(offer.port, offer.client);
    offer.page.postMessage({ type: "taken" });
    return new Response(download.feed.stream, { headers: headersFor(offer) });
  }

  /**
   * A page that is loaded again may be here before the end of the one before was told.
   *
   * @param {Download} download
   */
  const isOrphan = async (download) => download.orphaned !== null || !(await worker.clients.get(download.feed.client));

  /** @param {any} event a message */
  async function tellOrphans({ data: { tag }, ports: [port] }) {
    const found = [];
    for (const download of downloads.values()) {
      if (download.tag !== tag || tag === undefined || !(await isOrphan(download))) continue;
      found.push({ id: download.id, name: download.name, size: download.size, at: download.feed.at });
    }
    port.postMessage(found);
  }

  /**
   * @param {any} event a message
   * @param {Download | undefined} download
   */
  async function adopt({ source, ports: [page, port] }, download) {
    const before = download?.feed.client;
    if (!download || !(await isOrphan(download)) || !downloads.has(download.id) || download.feed.client !== before) { // of two pages, one may
      page.postMessage({ type: "lost" });
      return;
    }
    clearTimeout(download.orphaned ?? undefined);
    download.orphaned = null;
    page.postMessage({ type: "adopted", at: download.feed.at, mark: download.mark, job: download.job });
    download.feed.attach(port, source?.id ?? "");
  }

  /**
   * All headers of the answer are set here, none comes from the page but through the file's name and length.
   *
   * @param {Offer} offer
   */
  function headersFor({ name, size }) {
    /** @type {Record<string, string>} */
    const headers = {
      ...everyAnswer,
      "Content-Type": "application/octet-stream",
      "Content-Disposition": disposition(name),
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

  /** @param {any} event a message */
  function keepView({ data: { id, mime, size }, source, ports: [page] }) {
    if (!viewTypes.includes(mime) || !Number.isSafeInteger(size) || size < 0) return;
    const view = { mime, size, client: source?.id ?? "", page };
    const forget = () => {
      if (views.get(id) === view) views.delete(id);
    };
    page.onmessage = (/** @type {MessageEvent} */ { data }) => {
      if (data?.type === "end") forget();
    };
    page.addEventListener("close", forget);
    views.set(id, view);
    awaited.get(id)?.();
  }

  /**
   * Only the element of the page that offered it gets to see a view.
   *
   * @param {any} event a fetch
   * @param {string} id
   */
  async function show({ request, clientId }, id) {
    if (request.method !== "GET" || !["audio", "video"].includes(request.destination)) return missing();
    const view = views.get(id) ?? (await askFor(id, clientId));
    if (!view || view.client !== clientId) return missing();
    const { mime, size } = view;
    const asked = request.headers.get("Range");
    const range = asked === null ? { start: 0, end: size } : rangeOf(asked, size);
    /** @type {Record<string, string>} */
    const headers = { ...everyAnswer, "Content-Type": mime, "Accept-Ranges": "bytes" };
    if (!range) return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${size}` } });
    headers["Content-Length"] = String(range.end - range.start);
    if (asked !== null) headers["Content-Range"] = `bytes ${range.start}-${range.end - 1}/${size}`;
    const { port1: port, port2: page } = new MessageChannel();
    const viewed = feed(viewWindow, range.end - range.start, { lost: () => viewed.fail(), ended() {}, marked() {} });
    viewed.attach(port, clientId);
    view.page.postMessage({ type: "read", ...range }, [page]);
    return new Response(viewed.stream, { status: asked === null ? 200 : 206, headers });
  }

  /**
   * @param {string} id
   * @param {string} client
   * @returns {Promise<View | undefined>}
   */
  async function askFor(id, client) {
    const page = await worker.clients.get(client);
    if (!page) return undefined;
    await new Promise((resolve) => {
      awaited.set(id, () => resolve(undefined));
      setTimeout(resolve, askPatience);
      page.postMessage({ type: "whose", id });
    });
    awaited.delete(id);
    return views.get(id);
  }

  /**
   * RFC 9110, 14.1.2, of one range.
   *
   * @param {string} header
   * @param {number} size
   * @returns {{start: number, end: number} | null} null: nothing to satisfy it with
   */
  function rangeOf(header, size) {
    const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
    if (!first && !last) return null;
    const start = first ? Number(first) : Math.max(0, size - Number(last));
    const end = first && last ? Math.min(Number(last) + 1, size) : size;
    return start < end ? { start, end } : null;
  }

  /**
   * A stream of what comes through a bytes' port.
   *
   * @param {number} ahead buffers that may be under way or wait here
   * @param {number} size bytes that were announced, -1 if none were; other than so many fail, since not every browser would notice
   * @param {{lost: () => void, ended: () => void, marked: (mark: unknown) => void}} tell lost: the page is gone; ended: nothing more comes, for whatever reason
   * @returns {Feed}
   */
  function feed(ahead, size, { lost, ended, marked }) {
    let asked = 0; // buffers asked for that have not come
    let over = false;
    /** @type {MessagePort | null} */
    let port = null;
    /** @type {ReadableStreamDefaultController<Uint8Array>} */
    let controller;
    const watching = setInterval(async () => {
      const { client } = self;
      if (asked > 0 && client !== "" && !(await worker.clients.get(client)) && client === self.client && !over) lost();
    }, watch);

    function end() {
      over = true;
      clearInterval(watching);
      ended();
    }

    function ask() {
      const count = (controller.desiredSize ?? 0) - asked;
      if (count <= 0 || !port) return;
      asked += count;
      port.postMessage({ type: "more", count });
    }

    /** @param {any} data */
    function take(data) {
      if (over) return;
      if (data instanceof ArrayBuffer) {
        asked--;
        self.at += data.byteLength;
        if (size >= 0 && self.at > size) self.fail();
        else controller.enqueue(new Uint8Array(data));
      } else if (data?.type === "mark") {
        marked(data.mark);
      } else if (data?.type === "end") {
        if (size >= 0 && self.at < size) return self.fail();
        end();
        controller.close();
        port?.postMessage({ type: "closed" });
      } else if (data?.type === "error") {
        self.fail();
      }
    }

    /** @type {Feed} */
    const self = {
      at: 0,
      client: "",
      attach(from, client) {
        if (port) {
          port.onmessage = null;
          port.close();
        }
        port = from;
        self.client = client;
        asked = 0;
        from.onmessage = ({ data }) => {
          if (port === from) take(data);
        };
        from.addEventListener("close", () => {
          if (port === from && !over) lost();
        });
        ask();
      },
      fail() {
        if (over) return;
        end();
        controller.error(new Error("the page gave up, or is gone"));
        port?.close();
      },
      stream: new ReadableStream(
        {
          start(given) {
            controller = given;
          },
          pull: ask,
          cancel() {
            end();
            port?.postMessage({ type: "stopped" });
          },
        },
        { highWaterMark: ahead },
      ),
    };
    return self;
  }
})();
