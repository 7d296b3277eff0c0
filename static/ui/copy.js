// Copying to the clipboard, with an answer that is seen and heard.
import { t } from "../texts.js";
import { button } from "./button.js";
import { el, fill, lastDialog } from "./element.js";
import { icon } from "../icons.js";
import { say } from "./say.js";
import { toast } from "./toast.js";

/**
 * Copies text, also where the page has no access to the clipboard API (plain http).
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
  area.value = text;
  // Inside an open dialog, since everything beside it is inert.
  const open = lastDialog() ?? document.body;
  const focused = document.activeElement;
  open.append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}

/**
 * A button that copies, and says so on itself for two seconds.
 * @param {() => string} text
 * @param {{label?: string, kind?: "" | "primary" | "soft"}} [options]
 * @returns {HTMLButtonElement}
 */
export function copyButton(text, { label = t("ui.copy"), kind = "" } = {}) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const face = (/** @type {string} */ name, /** @type {string} */ words) => fill(target, icon(name), el("span", {}, words));
  const target = button(label, {
    icon: "copy", kind,
    click: async () => {
      if (!await copy(text())) {
        toast(t("ui.copy_failed"), { kind: "problem" });
        return;
      }
      face("check", t("ui.copied"));
      say(t("ui.copied"));
      clearTimeout(timer);
      timer = setTimeout(() => face("copy", label), 2000);
    },
  });
  face("copy", label);
  return target;
}
