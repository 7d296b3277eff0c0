/**
 * The field for a link's password: optional, shown as typed, with a generator and a hint at its strength.
 */
import { el, freshID } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { fill } from "../ui/element.js";
import { t } from "../texts.js";

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"; // none that is read as another
const WEAK = 45; // bits: what a rich guesser with the link could try, at Argon2id's cost
const STRONG = 70;

/** @returns {{element: HTMLElement, value: () => string, fault: (words: string) => void}} */
export function sharePassword() {
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
    const bits = bitsOf(field.value);
    meter.hidden = field.value === "";
    meter.dataset.score = String(bits < WEAK / 2 ? 1 : bits < WEAK ? 2 : bits < STRONG ? 3 : 4);
    hint.textContent = field.value === "" ? t("share.password.hint") : t(`share.password.${bits < WEAK ? "weak" : bits < STRONG ? "fair" : "strong"}`);
    hint.classList.remove("problem");
    field.removeAttribute("aria-invalid");
  }
  field.addEventListener("input", judge);
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

/**
 * A rough guess at the bits of a password, on the low side: repeated and rising runs count little.
 * @param {string} password
 */
export function bitsOf(password) {
  let pool = 0;
  if (/[a-z]/u.test(password)) pool += 26;
  if (/[A-Z]/u.test(password)) pool += 26;
  if (/[0-9]/u.test(password)) pool += 10;
  if (/[^a-zA-Z0-9]/u.test(password)) pool += 20;
  let length = 0;
  const characters = [...password];
  for (const [i, character] of characters.entries()) {
    const step = i > 0 ? (character.codePointAt(0) ?? 0) - (characters[i - 1].codePointAt(0) ?? 0) : 9;
    length += Math.abs(step) <= 1 ? 0.25 : 1;
  }
  const words = /^[a-z]+\d{0,4}[!.?]?$/iu.test(password) ? 0.55 : 1; // one word, perhaps with a year
  return pool === 0 ? 0 : length * Math.log2(pool) * words;
}
