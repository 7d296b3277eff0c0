/**
 * The search of a folder's page that goes on over the whole drive while a person types: the page shows what lies in the folder at once, and what is found elsewhere as it
 * comes. It says beside the list how far it is.
 *
 * finding({ path, note, changed, asked }) -> {elsewhere(), type(text), again(), busy(), end()}
 */
import { el, fill } from "../ui/element.js";
import { t } from "../texts.js";
import { search } from "../find.js";
import { faultOf } from "./fault.js";
import { matcher } from "./names.js";
import { parentOf } from "./place.js";

const PATIENCE = 180; // milliseconds without a key

/**
 * @param {object} options
 * @param {string} options.path  of the folder
 * @param {HTMLElement} options.note  where it is said how far the search is
 * @param {() => void} options.changed  more was found, or it is another search
 * @param {(text: string) => void} options.asked  this is searched for now, or nothing any more
 */
export function finding({ path, note, changed, asked }) {
  /** @type {import("../find.js").Found[]} */
  let elsewhere = [];
  let over = new AbortController();
  let timer = 0;
  let wanted = "";

  /** @param {string} text */
  function type(text) {
    const next = text.trim();
    if (next === wanted) return;
    wanted = next;
    asked(next);
    const matches = matcher(next);
    elsewhere = elsewhere.filter(({ name }) => matches(name)); // until the server has answered anew
    void begin(PATIENCE);
  }

  /**
   * @param {number} wait
   * @returns {Promise<void> | undefined} when it was searched, or is no more
   */
  function begin(wait) {
    over.abort();
    over = new AbortController();
    clearTimeout(timer);
    if (wanted === "") {
      elsewhere = [];
      fill(note);
      changed();
      return undefined;
    }
    fill(note, el("span", { class: "spinner", "aria-hidden": "true" }), t("find.searching"));
    changed();
    const { signal } = over;
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
      timer = window.setTimeout(() => void run(signal).finally(resolve), wait);
    });
  }

  /** @param {AbortSignal} signal */
  async function run(signal) {
    let first = true; // until something comes, what the search before this one found stays
    /** @param {import("../find.js").Found[]} entries */
    const take = (entries) => {
      elsewhere = first ? entries : [...elsewhere, ...entries];
      first = false;
      changed();
    };
    try {
      const { complete } = await search({ folder: "", text: wanted, signal, found: (entries) => take(entries.filter((entry) => parentOf(entry.path) !== path)) });
      if (signal.aborted) return;
      fill(note, complete ? null : t("find.not_all"));
      if (first) take([]);
      else changed();
    } catch (error) {
      if (signal.aborted) return;
      const again = el("button", { type: "button", class: "link-btn", click: () => void begin(0) }, t("drive.try_again"));
      fill(note, el("span", {}, t("find.failed", { why: faultOf(error) })), " ", again);
      if (first) take([]);
      else changed();
    }
  }

  return {
    /** What was found outside the folder so far. */
    elsewhere: () => elsewhere,
    type,
    /**
     * Looks anew: something was changed.
     * @returns {Promise<void>} when it has
     */
    again: async () => (wanted === "" ? undefined : begin(0)),
    /** Whether more may come. */
    busy: () => note.querySelector(".spinner") !== null,
    end() {
      over.abort();
      clearTimeout(timer);
    },
  };
}
