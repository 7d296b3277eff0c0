// A form that does one thing: it checks, works visibly, and says what went wrong.
import { icon } from "../icons.js";
import { busy, button, isBusy } from "./button.js";
import { el, fill } from "./element.js";
import { sentence } from "./problem.js";

/**
 * @param {object} options
 * @param {import("./element.js").Child[]} options.content its fields
 * @param {string} options.action label of its button: a verb
 * @param {string} [options.working] what the button says while it works
 * @param {boolean} [options.wide] whether the button takes the whole width
 * @param {HTMLButtonElement[]} [options.others] buttons before it, as in a dialog
 * @param {() => Promise<unknown>} options.send what it does; it throws what went wrong, and just returns where a field tells it
 * @param {(err: unknown) => string} [options.explain] the sentence for an error; empty where a field tells it
 * @returns {{element: HTMLFormElement, problem: (text: string) => void}}
 */
export function form({ content, action, working, wide = false, others = [], send, explain = sentence }) {
  const place = el("div", { role: "alert" });
  const submit = button(action, { kind: "primary", type: "submit", class: wide ? "wide big" : "" });
  const problem = (/** @type {string} */ text) => {
    fill(place, text && el("div", { class: "notice bad" }, icon("circle-alert"), el("p", {}, text)));
  };
  const element = el("form", {
    method: "post", novalidate: true,
    submit: async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (isBusy(submit)) return;
      // What went wrong before stays until the answer is there: if it went now, what stands below would move under the pointer.
      try {
        await busy(submit, send, working);
        problem("");
      } catch (err) {
        problem(explain(err));
      }
      const wrong = element.querySelector('[aria-invalid="true"]');
      if (wrong instanceof HTMLElement) wrong.focus();
    },
  }, content, place, wide ? submit : el("div", { class: "end" }, others, submit));
  return { element, problem };
}
