// Long names keep their extension in sight: what does not fit is cut before it.
import { el } from "../ui/element.js";
import { splitName } from "./names.js";

const SHORT = 24; // fits everywhere, in characters

/**
 * @param {{name: string, folder?: boolean}} entry
 * @returns {HTMLElement} the name, in its own direction of writing
 */
export function nameText({ name, folder }) {
  const [stem, extension] = folder || name.length <= SHORT ? [name, ""] : splitName(name);
  if (extension === "") return el("bdi", {}, name);
  return el("bdi", { class: "long-name" }, el("span", { class: "stem" }, stem), el("span", {}, extension));
}
