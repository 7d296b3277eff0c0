/**
 * The field for a link's password: optional, shown as typed, with a generator and a hint at its strength.
 */
import { el, freshID } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { fill } from "../ui/element.js";
import { guessTime, strength } from "../ui/password-strength.js";
import { t } from "../texts.js";

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"; // none that is read as another

/**
 * @param {string} [given] what stands in it at first
 * @param {(password: string) => void} [changed]
 * @returns {{element: HTMLElement, value: () => string, fault: (words: string) => void}}
 */
export function sharePassword(given = "", changed = () => {}) {
  const id = freshID("password");
  const hintID = freshID("hint");
  const field = el("input", {
    id,
    class: "input mono",
    type: "password",
    autocomplete: "new-password",
    spellcheck: "false",
    "aria-describedby": hintID,
    placeholder: t("share.password.none"),
  });
  const meter = el("div", { class: "strength", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i"));
  const hint = el("p", { class: "hint", id: hintID });
  const eye = iconButton("eye", t("share.password.show"), () => show(field.type === "password"));
  const generate = button(t("share.password.generate"), {
    icon: "key-round",
    click() {
      field.value = randomPassword();
      show(true);
      judge();
      changed(field.value);
      field.focus();
      field.select();
    },
  });

  /** @param {boolean} visible */
  function show(visible) {
    field.type = visible ? "text" : "password";
    const label = t(visible ? "share.password.hide" : "share.password.show");
    eye.title = label;
    eye.setAttribute("aria-label", label);
    fill(eye, icon(visible ? "eye-off" : "eye"));
  }

  function judge() {
    const { score, guesses } = strength(field.value);
    meter.hidden = field.value === "";
    meter.dataset.score = String(score);
    hint.textContent = field.value === "" ? t("share.password.hint") : `${t(`password.score_${score}`)} ${t("password.guess", { time: t(`password.time_${guessTime(guesses)}`) })}`;
    hint.classList.remove("problem");
    field.removeAttribute("aria-invalid");
  }
  field.value = given;
  field.addEventListener("input", () => {
    judge();
    changed(field.value);
  });
  judge();

  return {
    element: el(
      "div",
      { class: "field" },
      el("label", { for: id }, t("share.password")),
      el("div", { class: "password-line" }, el("div", { class: "with-button" }, field, eye), generate),
      meter,
      hint,
    ),
    value: () => field.value,
    fault(words) {
      hint.textContent = words;
      hint.classList.add("problem");
      field.setAttribute("aria-invalid", "true");
      field.focus();
    },
  };
}

/** Four groups of five letters and digits: 99 bits, easy to read out. */
export function randomPassword() {
  let out = "";
  const draw = new Uint8Array(1);
  while (out.replaceAll("-", "").length < 20) {
    crypto.getRandomValues(draw);
    if (draw[0] >= 256 - (256 % LETTERS.length)) continue; // so that each letter is as likely
    if (out.length % 6 === 5) out += "-";
    out += LETTERS[draw[0] % LETTERS.length];
  }
  return out;
}
