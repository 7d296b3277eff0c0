// Settings: the language and the theme of all pages.
import { chooseLanguage, chooseTheme, chosen } from "../choices.js";
import { t } from "../texts.js";
import { el, freshID } from "./element.js";

/**
 * What the footer's switches offer, and for the language also what the browser asks for.
 * @returns {HTMLElement}
 */
export function looksSection() {
  return el("section", { class: "section looks" },
    el("h2", {}, t("settings.looks")), el("p", {}, t("settings.looks_what")),
    el("div", { class: "two" },
      choice(t("language.label"), [el("option", { value: "" }, t("language.browser")), ...offered("language")], chosen("language"), chooseLanguage),
      choice(t("theme.label"), offered("theme"), chosen("theme"), chooseTheme)));
}

/**
 * The options of a switch in the footer, which the server wrote.
 * @param {string} name
 * @returns {HTMLOptionElement[]}
 */
function offered(name) {
  return [...document.querySelectorAll(`#choices select[name=${name}] option`)].map((option) => {
    const copy = /** @type {HTMLOptionElement} */ (option.cloneNode(true));
    copy.removeAttribute("selected");
    return copy;
  });
}

/** @param {string} label @param {HTMLOptionElement[]} options @param {string} now @param {(value: string) => void} choose */
function choice(label, options, now, choose) {
  const id = freshID("choice");
  const select = el("select", { id, class: "input", change: () => choose(select.value) }, ...options);
  select.value = now;
  return el("div", { class: "field" }, el("label", { for: id }, label), select);
}
