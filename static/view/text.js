/**
 * Text and source: the beginning, and the next part when it is asked for. It stands in the page as text, whatever it says; what is no text is not shown.
 */
import { el } from "../ui/element.js";
import { button, busy } from "../ui/button.js";
import { t } from "../texts.js";
import { readAll } from "../source.js";
import { ViewError } from "./view-error.js";

const piece = 1024 * 1024; // bytes read at a time
const linesShown = 5000; // at a time: a line may be nothing but its end
const together = 250; // lines laid out together, once they come near

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<import("./viewer.js").View>}
 */
export async function view(entry, { source, signal, fault, edit }) {
  const text = textReader(entry, source, signal);
  const page = el("pre", { class: "view-lines", tabindex: "0", "aria-label": entry.name, translate: "no" });
  let shown = 0;

  async function next() {
    const lines = await text.lines(linesShown);
    for (let at = 0; at < lines.length; at += together) {
      const block = el("div", { class: "view-block" });
      const some = lines.slice(at, at + together);
      block.style.setProperty("counter-reset", `line ${shown + at}`);
      block.style.setProperty("contain-intrinsic-size", `auto ${some.length * 20}px`);
      for (const line of some) block.append(el("span", { class: "view-line" }, `${line}\n`));
      page.append(block);
    }
    shown += lines.length;
    if (text.ended() && more.contains(document.activeElement)) page.focus({ preventScroll: true });
    more.hidden = text.ended();
  }

  const problem = el("p", { class: "view-problem", role: "alert" });
  const show = button(t("view.show_next"), {
    kind: "soft",
    click: () =>
      void busy(show, async () => {
        problem.textContent = "";
        await next().catch((error) => {
          if (!signal.aborted) problem.textContent = fault(error);
        });
      }),
  });
  const more = el("div", { class: "view-more", hidden: true }, el("p", { class: "quiet" }, t("view.not_all")), show, problem);
  await next();
  return { element: el("div", { class: "view-text" }, page, more), tools: edit ? [button(t("edit.edit"), { icon: "pencil", click: edit })] : [] };
}

/**
 * Reads a file as lines of text, a part at a time.
 *
 * @param {import("../source.js").Entry} entry
 * @param {import("../source.js").Source} source
 * @param {AbortSignal} signal
 */
export function textReader(entry, source, signal) {
  /** @type {TextDecoder | null} */
  let decoder = null;
  let position = 0;
  let pending = ""; // decoded, not handed out

  async function read() {
    const end = Math.min(entry.size, position + piece);
    const bytes = await readAll(await source.read(entry, { start: position, end, signal }), end - position);
    decoder ??= new TextDecoder(encodingOf(bytes));
    position = end;
    pending += decoder.decode(bytes, { stream: end < entry.size });
  }

  return {
    ended: () => position === entry.size && pending === "",
    /**
     * @param {number} most
     * @returns {Promise<string[]>} the next lines, without their ends; a line that is longer than what is read at a time comes in parts
     */
    async lines(most) {
      if (position < entry.size && !pending.includes("\n")) await read();
      /** @type {string[]} */
      const lines = [];
      let at = 0;
      while (lines.length < most) {
        const end = pending.indexOf("\n", at);
        if (end < 0) break;
        lines.push(pending.slice(at, end).replace(/\r$/u, ""));
        at = end + 1;
      }
      // The rest is no whole line: it is shown where nothing follows, or where it would go on for ever.
      if (lines.length < most && at < pending.length && (position === entry.size || at === 0)) {
        lines.push(pending.slice(at));
        at = pending.length;
      }
      pending = pending.slice(at);
      return lines;
    },
  };
}

/**
 * @param {Uint8Array} bytes how the file begins
 * @returns {string}
 */
function encodingOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes.subarray(0, 8192).includes(0)) throw new ViewError("binary");
  return "utf-8";
}
