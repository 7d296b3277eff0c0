// Shows a recovery key, this once: to copy, to save, to write down.
import { t } from "../texts.js";
import { button } from "./button.js";
import { copyButton } from "./copy.js";
import { el, freshID } from "./element.js";

/**
 * @param {object} options
 * @param {string} options.recoveryKey as formatRecoveryKey writes it
 * @param {string} options.name of the account
 * @param {string} options.action label of the button that goes on
 * @param {() => void} options.done called when the person says that it is kept, and goes on
 * @returns {HTMLElement}
 */
export function recoveryKeyPanel({ recoveryKey, name, action, done }) {
  const groups = recoveryKey.split(/[\s-]+/);
  const kept = el("input", { type: "checkbox", id: freshID("kept"), autofocus: true });
  const go = button(action, { kind: "primary", class: "big wide", click: () => {
    if (kept.checked) done();
    else kept.focus();
  } });
  const update = () => go.setAttribute("aria-disabled", String(!kept.checked));
  kept.addEventListener("change", update);
  update();
  return el("div", {},
    el("p", { class: "sub" }, t("recovery_key.what")),
    el("div", { class: "value tall" },
      el("div", { class: "recovery-key", role: "text", "aria-label": t("recovery_key.label"), translate: "no" }, groups.map((group) => el("span", {}, group)))),
    el("div", { class: "actions" },
      copyButton(() => recoveryKey, { kind: "soft" }),
      button(t("recovery_key.save"), { icon: "download", click: () => save(recoveryKey, name) }),
      button(t("recovery_key.print"), { icon: "printer", class: "only-wide", click: () => print() })),
    el("label", { class: "check", for: kept.id }, kept, el("span", {}, t("recovery_key.kept"))),
    go);
}

/** @param {string} recoveryKey @param {string} name */
function save(recoveryKey, name) {
  const text = t("recovery_key.file", { name, host: location.host, key: recoveryKey, date: new Date().toISOString().slice(0, 10) });
  const url = URL.createObjectURL(new Blob([text, "\n"], { type: "text/plain;charset=utf-8" }));
  const link = el("a", { href: url, download: `thorpe-recovery-key-${name}.txt`, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
