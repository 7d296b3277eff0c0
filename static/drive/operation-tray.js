/**
 * A line in the trays for work on many files that the server does: how many are done, and a button that begins no more. It stands there only where the work takes
 * longer than a moment.
 */
import { el } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { say } from "../ui/say.js";
import { progressBar } from "../ui/progress.js";
import { t } from "../texts.js";
import { guardLeaving } from "./leaving.js";
import { traysPlace } from "./trays.js";

const MOMENT = 400; // milliseconds
const DRAWN = 250; // milliseconds from one drawing of how far it is to the next: of thousands each would cost as much as the request for a file

/**
 * @param {string} title
 * @param {number} count  1: nobody tells how far it is
 * @param {string} [note]  said then
 * @returns {{signal: AbortSignal, progress: (done: number) => void, end: () => void}}
 */
export function operationTray(title, count, note = t("drive.operation.one")) {
  const over = new AbortController();
  const before = document.activeElement;
  const bar = progressBar(title);
  const amount = el("span", {}, count === 1 ? note : "");
  const stop = iconButton("x", t("drive.operation.stop"), () => {
    over.abort();
    giveBack();
    stop.disabled = true;
    amount.textContent = t("drive.operation.stopping");
    say(amount.textContent);
  });
  stop.hidden = count === 1; // what the server has begun, it ends
  const element = el(
    "section",
    { class: "tray", "aria-label": title },
    el("div", { class: "t" }, el("b", {}, title), el("span", { class: "tray-buttons" }, stop)),
    bar.element,
    el("div", { class: "f" }, amount),
  );
  const timer = setTimeout(() => {
    traysPlace().append(element);
    say(title);
  }, MOMENT);
  let known = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let drawing;
  draw();

  /** The keyboard goes back to where it was when the work began, rather than nowhere with the button that it is on. */
  function giveBack() {
    if (element.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
  }

  /** @param {number} done */
  function progress(done) {
    known = done;
    drawing ??= setTimeout(draw, DRAWN);
  }

  function draw() {
    drawing = undefined;
    if (count === 1) return;
    bar.set(known / count);
    if (!over.signal.aborted) amount.textContent = t("drive.operation.of", { done: known, all: count });
  }
  return {
    signal: over.signal,
    progress,
    end() {
      clearTimeout(timer);
      clearTimeout(drawing);
      giveBack();
      element.remove();
    },
  };
}

/**
 * Works with a line in the trays, and warns before the page is left.
 * @template T
 * @param {string} title
 * @param {number} count
 * @param {(hooks: {signal: AbortSignal, progress: (count: number) => void}) => Promise<T>} work
 */
export async function atWork(title, count, work) {
  const done = guardLeaving();
  const tray = operationTray(title, count);
  try {
    return await work({ signal: tray.signal, progress: tray.progress });
  } finally {
    tray.end();
    done();
  }
}
