// A password field that can be looked into; for a new password also one that says how good it is.
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { el, fill } from "./element.js";
import { field } from "./field.js";
import { guessTime, strength } from "./password-strength.js";

/** The fewest characters that a new password may have. */
export const MIN_PASSWORD = 10;

/**
 * A field for a password that exists.
 * @param {{label?: string, name?: string, hint?: string, attributes?: Record<string, any>}} [options]
 * @returns {import("./field.js").Field}
 */
export function passwordField({ label = t("password.label"), name = "password", hint, attributes } = {}) {
  const made = field({ label, name, type: "password", autocomplete: "current-password", hint, attributes: { required: true, ...attributes }, beside: [] });
  addEye(made);
  return made;
}

/**
 * A field for a new password. Its check shows what is wrong and tells whether the password may be used.
 * @param {{label?: string, name?: string, known?: () => string[]}} [options] known: words that make a bad password for this person, such as their name
 * @returns {import("./field.js").Field & {check: () => boolean}}
 */
export function newPasswordField({ label = t("password.new"), name = "new-password", known = () => [] } = {}) {
  const meter = el("div", { class: "strength", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i"));
  const words = el("p", { class: "hint", "aria-live": "polite" });
  const made = field({
    label, name, type: "password", autocomplete: "new-password", beside: [], below: [meter, words],
    attributes: { required: true, minlength: null, passwordrules: `minlength: ${MIN_PASSWORD};` },
  });
  addEye(made);
  const judge = () => {
    const password = made.input.value;
    if (password === "") {
      meter.removeAttribute("data-score");
      fill(words, t("password.hint", { count: MIN_PASSWORD }));
      return;
    }
    const { score, guesses } = strength(password, known());
    meter.setAttribute("data-score", String(score));
    fill(words, t(`password.score_${score}`), " ", t("password.guess", { time: t(`password.time_${guessTime(guesses)}`) }));
  };
  made.input.addEventListener("input", judge);
  judge();
  return {
    ...made,
    check() {
      const password = made.input.value;
      let wrong = "";
      if ([...password.normalize("NFKC")].length < MIN_PASSWORD) wrong = t("password.too_short", { count: MIN_PASSWORD });
      else if (strength(password, known()).score === 0) wrong = t("password.too_weak");
      made.problem(wrong);
      return wrong === "";
    },
  };
}

/** @param {import("./field.js").Field} made */
function addEye({ input }) {
  if (!(input instanceof HTMLInputElement)) return;
  const eye = el("button", {
    type: "button", class: "btn icon-only", "aria-label": t("password.show"), title: t("password.show"), "aria-pressed": "false",
    click: () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      eye.setAttribute("aria-pressed", String(!shown));
      fill(eye, icon(shown ? "eye" : "eye-off"));
      input.focus();
    },
  }, icon("eye"));
  input.after(eye);
  // Managers save what was typed only where the field is a password field again when the form is sent.
  const form = () => input.form?.addEventListener("submit", () => {
    if (input.type === "text") eye.click();
  }, { capture: true });
  queueMicrotask(form);
}
