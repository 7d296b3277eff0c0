/**
 * The inside of the frame that draws a PDF (view/pdf.js has the outside, and what the two say to each other). It runs sandboxed, without an origin: what a PDF that
 * breaks out of pdf.js could reach here is that PDF. Scripts, forms and links of the document are not run; links are drawn and lead nowhere.
 */
import "../vendor/pdf.worker.js";
import { getDocument, PDFDataRangeTransport, TextLayer } from "../vendor/pdf.js";

/** @typedef {{box: HTMLElement, width: number, height: number, drawing: AbortController | null}} Sheet */

const chunk = 256 * 1024; // what is asked for at a time: as a link's content is sealed
const longest = 4 * 1024 * 1024; // bytes that the page gives at a time
const atOnce = 8; // pieces
const maxCanvas = 16_000_000; // pixels
const gap = 16; // CSS pixels around a page
const beyond = "100% 0px"; // how far out of sight a page is kept drawn

addEventListener("message", function opened(event) {
  // location.origin is that of the address, though this document has none of its own.
  if (event.source !== parent || event.origin !== location.origin || event.data?.type !== "open") return;
  removeEventListener("message", opened);
  void show(event.ports[0], event.data.size, event.data.picture === true);
});
parent.postMessage({ type: "ready" }, location.origin);

/**
 * @param {MessagePort} port
 * @param {number} size
 * @param {boolean} picture  whether a small picture of the first page is all that is wanted
 */
async function show(port, size, picture) {
  const reader = pieces(port);
  const transport = new PDFDataRangeTransport(size, null);
  transport.requestDataRange = async (start, end) => transport.onDataRange(start, await reader.read(start, Math.min(end, size)));
  let zoom = 1;
  /** @type {() => void} */
  let arrange = () => {};
  port.onmessage = ({ data }) => {
    if (data.type === "bytes") reader.came(data.id, new Uint8Array(data.bytes));
    if (data.type === "zoom") {
      zoom = Math.min(8, Math.max(0.25, zoom * data.by));
      arrange();
    }
  };
  addEventListener("keydown", (event) => {
    const turns = event.key === "Escape" || ((event.key === "ArrowLeft" || event.key === "ArrowRight") && document.documentElement.scrollWidth <= innerWidth);
    if (!turns || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    port.postMessage({ type: "key", key: event.key });
  });

  try {
    const task = getDocument({
      range: transport,
      rangeChunkSize: chunk,
      disableAutoFetch: true,
      disableStream: true,
      disableWorkerRendering: true, // a frame without an origin can make no worker
      enableXfa: false,
      useWasm: false,
      useWorkerFetch: false,
      wasmUrl: new URL("../vendor/", import.meta.url).href, // where the stand-ins for WebAssembly lie
      maxImageSize: 100_000_000,
      canvasMaxAreaInBytes: 4 * maxCanvas,
      verbosity: 0,
    });
    task.onPassword = () => {
      port.postMessage({ type: "failed", code: "pdf_password" });
      void task.destroy();
    };
    const pdf = await task.promise;
    if (picture) {
      const bitmap = await firstPage(pdf);
      port.postMessage({ type: "picture", bitmap }, [bitmap]);
      return;
    }
    arrange = await sheets(pdf, () => zoom, (at) => port.postMessage({ type: "page", at, of: pdf.numPages }));
  } catch (error) {
    const { name = "" } = /** @type {Error} */ (error);
    port.postMessage({ type: "failed", code: /^(InvalidPDF|Format)/u.test(name) ? "not_that" : "pdf_lost" });
  }
}

/**
 * @param {import("../vendor/pdf.js").PDFDocumentProxy} pdf
 * @returns {Promise<ImageBitmap>}
 */
async function firstPage(pdf) {
  const page = await pdf.getPage(1);
  const whole = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: Math.min(480 / whole.width, 1920 / whole.height) });
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  await page.render({ canvas, viewport, annotationMode: 1, intent: "print" }).promise; // for print it waits for no frame, of which a hidden one has none
  return createImageBitmap(canvas);
}

/**
 * Asks the page for bytes: however much pdf.js wants at once, in pieces, and a few of them at a time.
 *
 * @param {MessagePort} port
 */
function pieces(port) {
  let lastID = 0;
  /** @type {(() => void)[]} */
  const waiting = [];
  /** @type {Map<number, (bytes: Uint8Array) => void>} */
  const asked = new Map();

  /**
   * @param {number} start
   * @param {number} end
   * @returns {Promise<Uint8Array>}
   */
  const ask = (start, end) =>
    new Promise((resolve) => {
      waiting.push(() => {
        asked.set(++lastID, resolve);
        port.postMessage({ type: "read", id: lastID, start, end });
      });
      next();
    });
  function next() {
    while (asked.size < atOnce && waiting.length > 0) waiting.shift()?.();
  }

  return {
    /**
     * @param {number} start
     * @param {number} end
     */
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      const starts = [];
      for (let at = start; at < end; at += longest) starts.push(at);
      await Promise.all(starts.map(async (at) => bytes.set(await ask(at, Math.min(end, at + longest)), at - start)));
      return bytes;
    },
    /**
     * @param {number} id
     * @param {Uint8Array} bytes
     */
    came(id, bytes) {
      asked.get(id)?.(bytes);
      asked.delete(id);
      next();
    },
  };
}

/**
 * @param {import("../vendor/pdf.js").PDFDocumentProxy} pdf
 * @param {() => number} zoom
 * @param {(at: number) => void} seen  says which page is in the middle
 * @returns {Promise<() => void>} arranges the pages anew
 */
async function sheets(pdf, zoom, seen) {
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const main = document.createElement("main");
  /** @type {Sheet[]} */
  const all = Array.from({ length: pdf.numPages }, () => {
    const box = document.createElement("section");
    main.append(box);
    return { box, width: first.width, height: first.height, drawing: null }; // until its own size is known
  });

  /** @param {Sheet} sheet */
  function scaleOf(sheet) {
    return (Math.max(120, Math.min(innerWidth - 2 * gap, 1100)) / sheet.width) * zoom();
  }
  /** @param {Sheet} sheet */
  function place(sheet) {
    sheet.box.style.setProperty("width", `${Math.floor(sheet.width * scaleOf(sheet))}px`);
    sheet.box.style.setProperty("height", `${Math.floor(sheet.height * scaleOf(sheet))}px`);
    sheet.box.style.setProperty("--total-scale-factor", String(scaleOf(sheet)));
  }

  /** @param {number} index */
  async function draw(index) {
    const sheet = all[index];
    if (sheet.drawing) return;
    const stop = (sheet.drawing = new AbortController()).signal;
    const page = await pdf.getPage(index + 1);
    if (stop.aborted) return;
    ({ width: sheet.width, height: sheet.height } = page.getViewport({ scale: 1 }));
    place(sheet);
    const scale = scaleOf(sheet);
    const sharp = Math.min(devicePixelRatio, Math.sqrt(maxCanvas / (sheet.width * scale * sheet.height * scale)));
    const viewport = page.getViewport({ scale: scale * sharp });
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    const drawing = page.render({ canvas, viewport, annotationMode: 1 }); // 1: drawn, without elements to act on
    stop.addEventListener("abort", () => drawing.cancel());
    await drawing.promise;
    if (stop.aborted) return;
    const words = document.createElement("div");
    words.className = "textLayer";
    sheet.box.replaceChildren(canvas, words);
    await new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport: page.getViewport({ scale }) }).render();
  }

  /** @param {number} index */
  function drop(index) {
    all[index].drawing?.abort();
    all[index].drawing = null;
    all[index].box.replaceChildren();
  }

  /** @type {Map<Element, number>} */
  const numbers = new Map(all.map(({ box }, index) => [box, index]));
  const near = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const index = /** @type {number} */ (numbers.get(target));
        if (isIntersecting) void draw(index).catch(() => {}); // a page that cannot be drawn stays blank, the others do not
        else drop(index);
      }
    },
    { root: document, rootMargin: beyond }, // without a root of its own, a frame of another origin has no margin
  );
  const middle = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) if (isIntersecting) seen(/** @type {number} */ (numbers.get(target)) + 1);
    },
    { root: document, rootMargin: "-49% 0px" },
  );

  let at = 0;
  function arrange() {
    const before = document.documentElement.scrollHeight;
    const top = scrollY;
    for (const [index, sheet] of all.entries()) {
      place(sheet);
      if (!sheet.drawing) continue;
      drop(index);
      near.unobserve(sheet.box); // and once more, which draws what is in sight
      near.observe(sheet.box);
    }
    scrollTo(scrollX, (top * document.documentElement.scrollHeight) / before);
  }
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(at);
    at = setTimeout(arrange, 150);
  });

  for (const sheet of all) place(sheet);
  document.body.replaceChildren(main);
  for (const { box } of all) {
    near.observe(box);
    middle.observe(box);
  }
  seen(1);
  return arrange;
}
