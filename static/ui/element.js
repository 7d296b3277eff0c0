// Makes elements. Text goes in as text nodes, never as markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element with attributes, listeners and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, any>} [attributes] a function is a listener, by its event's name ({click: f}); true is an empty attribute;
 *   false, null and undefined leave it out; everything else is written as the attribute's text
 * @param {...(Child | Child[])} children null, undefined and false are left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  fill(element, ...children);
  return element;
}

/**
 * Puts children into an element in place of what it holds.
 * @template {Element} E
 * @param {E} element
 * @param {...(Child | Child[])} children
 * @returns {E}
 */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    return [typeof child === "number" ? String(child) : child];
  }));
  return element;
}

/** The dialog that was opened last, of those that are: while one is modal, all outside it is inert, and is not read aloud. */
export const lastDialog = () => [...document.querySelectorAll("dialog[open]")].at(-1);

let last = 0;

/**
 * An id that no other element of this page has, to tie labels to controls.
 * @param {string} [prefix]
 * @returns {string}
 */
export function freshID(prefix = "u") {
  return `${prefix}-${++last}`;
}
