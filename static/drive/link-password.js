/**
 * Asks for a link's password. The page stays alive while it is stretched, which takes a second or more: that happens in a worker.
 */
import { el, fill, freshID } from "../ui/element.js";
import { button, busy, iconButton, isBusy } from "../ui/button.js";
import { icon } from "../icons.js";
import { duration, hasText, t } from "../texts.js";

/**
 * @param {(password: string) => Promise<void>} open  throws SealedError or ApiError
 * @param {(error: unknown) => boolean} ours  whether a failure is about the password, and told here; other ones are thrown to `failed`
 * @param {(error: unknown) => void} failed
 * @returns {HTMLElement}
 */
export function linkPassword(open, ours, failed) {
  const id = freshID("password");
  const faultID = freshID("fault");
  const field = el("input", { id, class: "input", type: "password", name: "link-password", autocomplete: "off", "aria-describedby": faultID, autofocus: true });
  const fault = el("p", { class: "problem", id: faultID, role: "alert" });
  const submit = button(t("link.open"), { kind: "primary", icon: "lock-open", type: "submit" });
  const eye = iconButton("eye", t("share.password.show"), () => {
    const visible = field.type === "password";
    field.type = visible ? "text" : "password";
    const label = t(visible ? "share.password.hide" : "share.password.show");
    eye.title = label;
    eye.setAttribute("aria-label", label);
    fill(eye, icon(visible ? "eye-off" : "eye"));
  });
  field.addEventListener("input", () => {
    fill(fault);
    field.removeAttribute("aria-invalid");
  });

  return el(
    "section",
    { class: "link-password" },
    icon("lock"),
    el("h1", {}, t("link.password")),
    el("p", { class: "sub" }, t("link.password.text")),
    el(
      "form",
      {
        novalidate: true,
        async submit(/** @type {SubmitEvent} */ event) {
          event.preventDefault();
          if (isBusy(submit)) return;
          try {
            await busy(submit, () => open(field.value), t("link.password.checking"));
          } catch (error) {
            if (!ours(error)) return failed(error);
            const { code = "", retryAfter = null } = /** @type {{code?: string, retryAfter?: number | null}} */ (error);
            const words = code === "slow_down" && retryAfter
              ? t("link.fault.slow_down.wait", { wait: duration(retryAfter) })
              : t(hasText(`link.password.fault.${code}`) ? `link.password.fault.${code}` : "link.password.fault.wrong_token");
            fill(fault, words);
            field.setAttribute("aria-invalid", "true");
            field.focus();
            field.select();
          }
        },
      },
      el("div", { class: "field" }, el("label", { for: id }, t("link.password.label")), el("div", { class: "with-button" }, field, eye), fault),
      submit,
    ),
  );
}
