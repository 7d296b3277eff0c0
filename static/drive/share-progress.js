/**
 * The dialog while a link is being made: bytes, speed and time left, pause and cancel. A failure is told here, with another try where that can help.
 *
 * @typedef {object} Sending  one attempt
 * @property {number} total  bytes of all files
 * @property {(options: import("../send.js").SendOptions) => Promise<Made>} run
 * @property {string[]} left  what is not among them, though it was chosen
 * @property {Known} known
 *
 * @typedef {{items?: import("../send.js").SendItem[], handles?: FileSystemHandle[]}} Known  what this page holds of the files, or this browser kept
 *
 * @typedef {import("../send.js").Made} Made
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { confirm } from "../ui/confirm.js";
import { openDialog } from "../ui/dialog.js";
import { progressBar } from "../ui/progress.js";
import { icon } from "../icons.js";
import { bytes, hasText, t } from "../texts.js";
import { pauser } from "../send.js";
import { faultOf } from "./fault.js";
import { guardLeaving } from "./leaving.js";
import { paceText } from "./pace-text.js";
import { rate } from "./rate.js";

/**
 * @param {Sending} first
 * @param {() => Promise<Sending | null>} retry  what another try is, after looking at the files once more; null: none, the person did not want it
 * @returns {Promise<Made | null>} null where it was called off, or left for later
 */
export async function shareProgress(first, retry) {
  let sending = first;
  const bar = progressBar(t("share.sending"));
  const amount = el("span", {});
  const speed = el("span", {});
  const state = el("p", { class: "sub", role: "status" }, t("share.state.sending"));
  const fault = el("div", { role: "alert" });
  const hold = pauser();
  const pace = rate();
  let stop = new AbortController();
  let said = "sending";
  let later = false; // whether a later visit can go on

  const pause = button(t("share.pause"), { icon: "pause", click: () => (hold.paused ? hold.resume() : hold.pause()) });
  const again = button(t("share.again"), { kind: "primary", icon: "rotate-ccw", click: () => void tryAgain() });
  const leave = button(t("share.later"), { click: () => dialog.close(null) });
  const cancel = button(t("ui.cancel"), {
    async click() {
      const failed = !again.hidden;
      const text = t(failed ? "share.leave_text" : "share.cancel.text");
      const sure = await confirm({ title: t("share.cancel.title"), text, action: t("share.cancel.yes"), danger: true });
      if (!sure) return;
      if (again.hidden) stop.abort("cancel");
      else dialog.close(null);
    },
  });
  /** @type {import("../ui/dialog.js").Dialog<Made | null>} */
  const dialog = openDialog({
    title: t("share.sending"),
    keep: true,
    content: [state, bar.element, el("div", { class: "share-amount" }, amount, speed), fault],
    actions: [el("span", { class: "left" }, pause), cancel, leave, again],
  });

  /** @param {number} sent */
  function progress(sent) {
    const { total } = sending;
    pace.note(sent);
    bar.set(total > 0 ? sent / total : null);
    amount.textContent = t("drive.amount", { sent: bytes(sent), all: bytes(total) });
    const fast = pace.speed();
    const left = pace.left(total);
    speed.textContent = said === "sending" ? paceText(fast, left) : "";
  }

  /** @param {string} next */
  function inState(next) {
    said = next;
    state.textContent = next === "sending" && later ? t("share.state.kept") : t(`share.state.${next}`);
    const held = next === "paused";
    fill(pause, icon(held ? "play" : "pause"), el("span", {}, t(held ? "share.resume" : "share.pause")));
    if (next !== "waiting") pause.hidden = next === "publishing"; // where the publishing waits, there is nothing to pause
    if (next !== "sending") {
      pace.restart();
      speed.textContent = "";
    }
  }

  async function run() {
    stop = new AbortController();
    fill(fault);
    again.hidden = leave.hidden = true;
    cancel.hidden = pause.hidden = false;
    inState("sending");
    progress(0);
    const release = guardLeaving();
    try {
      const made = await sending.run({
        pause: hold,
        signal: stop.signal,
        onState: inState,
        onProgress: ({ sent }) => progress(sent),
        onPending({ kept }) {
          later = kept;
          if (said === "sending") inState("sending");
        },
      });
      dialog.close(made);
    } catch (error) {
      if (stop.signal.aborted) return dialog.close(null);
      if (/** @type {{status?: number}} */ (error ?? {}).status === 404) later = false;
      state.textContent = later ? t("share.state.failed_kept") : "";
      speed.textContent = "";
      pause.hidden = true;
      again.hidden = false;
      leave.hidden = !later;
      cancel.hidden = later;
      fill(fault, el("div", { class: "notice bad" }, icon("circle-alert"), el("p", {}, shareFault(error))));
      again.focus();
    } finally {
      release();
    }
  }

  async function tryAgain() {
    try {
      const next = await retry();
      if (!next) return;
      sending = next;
      await run();
    } catch (error) {
      fill(fault, el("div", { class: "notice bad" }, icon("circle-alert"), el("p", {}, shareFault(error))));
    }
  }
  void run();
  return (await dialog.closed) ?? null;
}

/**
 * @param {unknown} error of send.js
 */
export function shareFault(error) {
  const { code = "", path = "" } = /** @type {{code?: string, path?: string}} */ (error ?? {});
  if (hasText(`share.fault.${code}`)) return t(`share.fault.${code}`, { path: path || "" });
  return faultOf(error);
}
