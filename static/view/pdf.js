/**
 * PDF: drawn by pdf.js in a frame that has no origin, no cookies, no network and no way to this page but one port. Through it the frame asks for pieces of the file,
 * which are read here, and tells which page is seen; the key stays in this page.
 *
 * Page to frame, once:  {type: "open", size} with the port, after the frame's {type: "ready"}
 * Port, to the frame:   {type: "bytes", id, bytes}   {type: "zoom", by}
 * Port, from the frame: {type: "read", id, start, end}   {type: "page", at, of}   {type: "key", key}   {type: "failed", code: "not_that" | "pdf_password" | "pdf_lost"}
 */
import { el } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { readAll } from "../source.js";
import { isCount, longestRead, mostReads } from "./pdf-reads.js";
import { ViewError } from "./view-error.js";

const codes = /** @type {const} */ (["not_that", "pdf_password", "pdf_lost"]);

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<import("./viewer.js").View>}
 */
export async function view(entry, { source, signal, fail, press }) {
  // Looked at before the frame is made: what is no PDF needs none.
  const beginning = Math.min(1024, entry.size);
  const head = new TextDecoder("latin1").decode(await readAll(await source.read(entry, { end: beginning, signal }), beginning));
  if (!head.includes("%PDF-")) throw new ViewError("not_that");

  const where = el("span", { class: "viewer-page nums", role: "status" });
  const frame = el("iframe", { sandbox: "allow-scripts", src: at("/frames/pdf"), class: "view-frame", title: entry.name, referrerpolicy: "no-referrer" });
  const { port1: port, port2 } = new MessageChannel();
  let reads = 0;

  /** @param {MessageEvent} event only the frame's first word counts: whatever else may come to stand in it gets no port */
  function ready({ source: from, data }) {
    if (from === null || from !== frame.contentWindow || data?.type !== "ready") return;
    removeEventListener("message", ready);
    frame.contentWindow.postMessage({ type: "open", size: entry.size }, "*", [port2]); // a frame without an origin can be named by "*" alone
  }

  /**
   * @param {unknown} id
   * @param {unknown} start
   * @param {unknown} end
   */
  async function read(id, start, end) {
    if (!isCount(id) || !isCount(start) || !isCount(end) || start >= end || end > entry.size || end - start > longestRead || reads >= mostReads) return fail(new ViewError("pdf_lost"));
    reads++;
    try {
      const bytes = await readAll(await source.read(entry, { start, end, signal }), end - start);
      port.postMessage({ type: "bytes", id, bytes: bytes.buffer }, [bytes.buffer]);
    } catch (error) {
      if (!signal.aborted) fail(error);
    } finally {
      reads--;
    }
  }

  port.onmessage = ({ data }) => {
    if (signal.aborted) return;
    if (data?.type === "read") void read(data.id, data.start, data.end);
    if (data?.type === "page" && isCount(data.at) && isCount(data.of)) where.textContent = t("view.page", { at: data.at, all: data.of });
    if (data?.type === "key") press(String(data.key));
    if (data?.type === "failed") fail(new ViewError(codes.find((code) => code === data.code) ?? "pdf_lost"));
  };
  addEventListener("message", ready);
  frame.addEventListener("load", () => frame.focus());
  return {
    element: frame,
    tools: [
      where,
      iconButton("zoom-out", t("view.smaller"), () => port.postMessage({ type: "zoom", by: 1 / 1.25 }), "only-wide"), // fingers zoom by themselves
      iconButton("zoom-in", t("view.larger"), () => port.postMessage({ type: "zoom", by: 1.25 }), "only-wide"),
    ],
    end() {
      removeEventListener("message", ready);
      port.close();
      frame.remove();
    },
  };
}
