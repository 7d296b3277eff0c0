/**
 * A small picture of a PDF's first page, drawn in the same frame without an origin as in pdf.js, out of sight.
 *
 * Page to frame, once:  {type: "open", size, picture: true} with the port, after the frame's {type: "ready"}
 * Port:                 as in pdf.js, and from the frame {type: "picture", bitmap}
 */
import { el } from "../ui/element.js";
import { at } from "../base.js";
import { readAll } from "../source.js";
import { isCount, longestRead, mostReads } from "./pdf-reads.js";
import { small } from "./thumbnails.js";
import { ViewError } from "./view-error.js";

const largest = 32 * 1024 * 1024; // bytes
const patience = 12_000; // milliseconds
const side = 2048; // pixels of the picture that the frame may give

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./thumbnails.js").Context} context
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function pdfPicture(entry, { source, signal }) {
  if (entry.size > largest) throw new ViewError("not_that");
  const beginning = Math.min(1024, entry.size);
  const head = new TextDecoder("latin1").decode(await readAll(await source.read(entry, { end: beginning, signal }), beginning));
  if (!head.includes("%PDF-")) throw new ViewError("not_that");

  const frame = el("iframe", { sandbox: "allow-scripts", src: at("/frames/pdf"), class: "unseen", "aria-hidden": "true", tabindex: "-1", title: "", referrerpolicy: "no-referrer" });
  const { port1: port, port2 } = new MessageChannel();
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal, AbortSignal.timeout(patience)]);
  let reads = 0;

  /** @param {MessageEvent} event only the frame's first word counts */
  function ready({ source: from, data }) {
    if (from === null || from !== frame.contentWindow || data?.type !== "ready") return;
    removeEventListener("message", ready);
    frame.contentWindow.postMessage({ type: "open", size: entry.size, picture: true }, "*", [port2]); // a frame without an origin can be named by "*" alone
  }

  try {
    return await new Promise((resolve, reject) => {
      until.addEventListener("abort", () => reject(new ViewError("pdf_lost")), { once: true });

      /** @param {{id: unknown, start: unknown, end: unknown}} asked */
      async function read({ id, start, end }) {
        if (!isCount(id) || !isCount(start) || !isCount(end) || start >= end || end > entry.size || end - start > longestRead || reads >= mostReads) return reject(new ViewError("pdf_lost"));
        reads++;
        try {
          const bytes = await readAll(await source.read(entry, { start, end, signal: until }), end - start);
          port.postMessage({ type: "bytes", id, bytes: bytes.buffer }, [bytes.buffer]);
        } catch (error) {
          reject(error);
        } finally {
          reads--;
        }
      }

      port.onmessage = ({ data }) => {
        if (data?.type === "read") void read(data);
        if (data?.type === "failed") reject(new ViewError("pdf_lost"));
        if (data?.type !== "picture") return;
        const { bitmap } = data;
        if (bitmap instanceof ImageBitmap && bitmap.width > 0 && bitmap.width <= side && bitmap.height <= side) resolve(small(bitmap, { top: true }));
        else reject(new ViewError("pdf_lost"));
      };
      addEventListener("message", ready);
      document.body.append(frame);
    });
  } finally {
    over.abort();
    removeEventListener("message", ready);
    port.close();
    frame.remove();
  }
}
