/**
 * What is known of something, as names and values.
 *
 * facts(["details.where", "Photos"], null, ...) -> HTMLElement       a value may be an element; null is left out
 */
import { el } from "../ui/element.js";
import { t } from "../texts.js";

/** @param {...([key: string, value: string | Node] | null | false)} all */
export function facts(...all) {
  return el(
    "dl",
    { class: "facts" },
    all.map((one) => one && el("div", {}, el("dt", {}, t(one[0])), el("dd", { dir: "ltr" }, one[1]))),
  );
}
