/**
 * Links that are not finished: what an earlier visit, or another browser of the same person's, has sent so far, and going on with it. Stands above My links, and
 * is not there where there are none.
 */
import { el, fill } from "../ui/element.js";
import { button, busy, iconButton } from "../ui/button.js";
import { confirm } from "../ui/confirm.js";
import { sentence } from "../ui/problem.js";
import { toast } from "../ui/toast.js";
import { icon } from "../icons.js";
import { bytes, date, fullDate, t } from "../texts.js";
import { giveUp } from "../send.js";
import { handlesOf, tidyHandles } from "../send-handles.js";
import { pendingSends, SENDS_CHANGED, sendingElsewhere } from "../send-pending.js";
import { ownTitle } from "../send-request.js";
import { fetchState } from "../send-state.js";
import { sendAndRetry, sendingOn } from "./share-again.js";
import { showMade } from "./share-dialog.js";
import { shareFault } from "./share-progress.js";

/**
 * @param {import("../account-store.js").Account | null} account
 * @param {{made: () => void, signal: AbortSignal}} hooks  made: one became a link
 * @returns {{element: HTMLElement, read: () => Promise<void>}} read: looks at the server again
 */
export function pendingList(account, { made, signal }) {
  const list = el("ul", { class: "lines" });
  const element = el("section", { class: "pending", hidden: true, "aria-label": t("pending.title") }, el("h2", {}, t("pending.title")), list, el("p", { class: "quiet" }, t("pending.text")));

  async function read() {
    if (!account) return;
    try {
      const [uploads, busyOnes] = await Promise.all([pendingSends(), sendingElsewhere()]);
      if (signal.aborted) return;
      element.hidden = uploads.length === 0;
      const rows = uploads.map((upload) => row(upload, account, busyOnes.has(upload.id)));
      fill(list, rows.map(({ element: line }) => line));
      void tidyHandles(uploads.map(({ id }) => id));
      for (const { open } of rows) if (!signal.aborted) await open(); // one after the other: each may be some MB
    } catch {
      element.hidden = true; // My links says what is wrong
    }
  }

  /**
   * @param {import("../send-uploads.js").UploadAnswer} upload
   * @param {import("../account-store.js").Account} owner
   * @param {boolean} elsewhere
   */
  function row(upload, { accountKey, id: accountID }, elsewhere) {
    const title = el("b", {}, "…");
    const facts = el("small", {}, t("pending.kept", { when: date(upload.expires) }));
    const buttons = el("span", { class: "line-buttons" });
    const pill = elsewhere ? el("span", { class: "pill off" }, t("pending.elsewhere")) : null;
    const line = el(
      "li",
      { class: "line", "data-upload": upload.id },
      icon("cloud-upload"),
      el("div", { class: "what" }, el("span", { class: "line-title" }, title, pill), facts),
      buttons,
    );
    let name = t("links.unnamed");

    const remove = iconButton("trash-2", t("pending.give_up"), async () => {
      const sure = await confirm({ title: t("pending.give_up.title", { name }), text: t("pending.give_up.text"), action: t("pending.give_up"), danger: true });
      if (!sure) return;
      try {
        await giveUp(upload.id);
        dispatchEvent(new Event(SENDS_CHANGED));
      } catch (error) {
        toast(sentence(error), { kind: "problem" });
      }
    });

    async function open() {
      try {
        const plan = await fetchState({ accountKey, accountID }, upload.id, signal);
        name = ownTitle(plan);
        fill(title, el("bdi", {}, name));
        const total = plan.files.reduce((sum, { size }) => sum + size, 0);
        const sent = Math.floor(total * (upload.length ? upload.offset / upload.length : 0));
        facts.textContent = [t("pending.sent", { sent: bytes(sent), all: bytes(total) }), t("pending.kept", { when: date(upload.expires) })].join(" · ");
        facts.title = fullDate(upload.expires);
        remove.setAttribute("aria-label", t("pending.give_up_one", { name }));
        const go = button(t("pending.go_on"), { icon: "play", kind: "soft", click: () => void goOn(plan, go) });
        go.setAttribute("aria-label", t("pending.go_on_one", { name }));
        fill(buttons, ...(elsewhere ? [] : [go, remove]));
      } catch (error) {
        if (signal.aborted) return;
        if (/** @type {{status?: number}} */ (error).status === 404) return line.remove(); // it was published or given up meanwhile
        name = t("links.unreadable");
        fill(title, name);
        title.classList.add("unnamed");
        fill(buttons, remove);
      }
    }

    /**
     * @param {import("../send-request.js").Plan} plan
     * @param {HTMLButtonElement} go
     */
    async function goOn(plan, go) {
      const pending = { upload: upload.id, plan, kept: true };
      const owner = { accountKey, accountID };
      try {
        const handles = await handlesOf(upload.id);
        const first = await busy(go, () => sendingOn(pending, owner, { handles }));
        if (!first) return;
        const link = await sendAndRetry(first, owner, pending);
        if (link) {
          made();
          await showMade(link, first.left, plan);
        }
      } catch (error) {
        toast(shareFault(error), { kind: "problem" });
        await read();
      }
    }
    return { element: line, open };
  }

  addEventListener(SENDS_CHANGED, () => void read(), { signal });
  return { element, read };
}
