/**
 * A link that is opened, after its password if it has one; and an opened one: its title and note (the sender's words, as isolated text), what it holds, and the ways to save it.
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { icon } from "../icons.js";
import { bytes, hasText, t } from "../texts.js";
import { later } from "../later.js";
import { openLink } from "../open.js";
import { parseLink } from "../sealed.js";
import { setTitle } from "../shell.js";
import { faultName } from "./link-fault.js";
import { linkFiles } from "./link-files.js";
import { lazySaves } from "./link-lazy-saves.js";
import { branchesOf } from "./tree.js";
import { viewKind } from "../view/kinds.js";

/**
 * Opens a link, and shows meanwhile that it does, or asks for its password.
 * @param {HTMLElement} sheet what it shows goes there
 * @param {string} fragment
 * @param {AbortSignal} signal
 * @param {{opened: (link: import("../open.js").Opened, signal: AbortSignal) => Promise<void>, failed: (error: unknown) => void}} ends  failed: not once it is aborted
 */
export async function openInto(sheet, fragment, signal, { opened, failed }) {
  try {
    if (parseLink(fragment).password) return await askForPassword(sheet, fragment, signal, { opened, failed });
    fill(sheet, el("p", { class: "link-wait", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), t("link.opening")));
    await opened(await openLink(fragment, { signal }), signal);
  } catch (error) {
    if (signal.aborted) return;
    failed(/** @type {{code?: string}} */ (error).code === "wrong_token" ? { code: "changed_by_owner" } : error);
  }
}

/**
 * @param {HTMLElement} sheet
 * @param {string} fragment
 * @param {AbortSignal} signal
 * @param {Parameters<typeof openInto>[3]} ends
 */
async function askForPassword(sheet, fragment, signal, { opened, failed }) {
  const { linkPassword } = await later(() => import("./link-password.js"));
  if (signal.aborted) return;
  const form = linkPassword(
    async (password) => opened(await openLink(fragment, { password, signal }), signal),
    (error) => /^(wrong_token|slow_down|password_\w+)$/u.test(/** @type {{code?: string}} */ (error).code ?? ""),
    (error) => {
      if (!signal.aborted) failed(error);
    },
  );
  fill(sheet, form);
  form.querySelector("input")?.focus();
  setTitle(t("link.password"));
}

/**
 * @param {import("../open.js").Opened} opened
 * @returns {Promise<{element: HTMLElement, end: () => void}>}
 */
export async function linkView(opened) {
  const { manifest: { title, note }, source } = opened;
  const { roots, files: count, size } = await branchesOf(source);
  const one = roots.length === 1 ? roots[0].entry : null;
  const name = title || (one ? one.name : t("link.untitled"));
  const running = el("div", { class: "link-running" });

  const { save, choose, ...saves } = lazySaves(opened, running, faultInDownload);

  const all = button(one && !one.folder ? t("link.download") : t("link.download_all"), {
    kind: "primary",
    icon: "download",
    class: "big",
    click: () => (one && !one.folder ? save([one], one.name) : save(roots.map(({ entry }) => entry), name)),
  });
  const folder = choose && button(t("link.folder"), { icon: "folder", class: "big", click: () => choose(null) });
  const files = linkFiles(roots, { source, choose, save: (entries) => save(entries, entries.length === 1 ? entries[0].name : name), fault: faultInView, trays: running, limited: opened.limited });
  const look = one && !one.folder && viewKind(one) ? button(t("link.look"), { icon: "eye", class: "big", click: () => files.look(one) }) : null;

  return {
    element: el(
      "div",
      { class: "link-view" },
      el("h1", { tabindex: "-1", dir: "auto" }, name),
      el("p", { class: "sub" }, [t("link.count", { count }), bytes(size)].join(" · ")),
      note ? el("p", { class: "note", dir: "auto" }, note) : null,
      roots.length > 0 ? el("div", { class: "cta" }, all, look, folder) : el("p", { class: "notice" }, icon("info"), t("link.nothing")),
      running,
      files.element,
    ),
    end() {
      files.end();
      saves.end();
    },
  };
}

/**
 * What went wrong with reading this link.
 * @param {unknown} error
 */
function faultInView(error) {
  const name = faultName(error);
  return `${t(`link.fault.${name}`)}. ${t(`link.fault.${name}.text`)}`;
}

/**
 * What went wrong with a download of this link, where the link page has words of its own for it.
 * @param {unknown} error
 */
function faultInDownload(error) {
  const code = /** @type {{code?: string}} */ (error ?? {}).code ?? "";
  if (hasText(`drive.download.fault.${code}`)) return null;
  const name = faultName(error);
  if (name === "tampered") return t("link.download.tampered");
  return faultInView(error);
}
