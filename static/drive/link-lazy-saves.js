/**
 * Saving from an opened link (link-saves.js), which is loaded when something is saved, or where an earlier visit left something that goes on.
 */
import { at, ownName } from "../base.js";
import { later } from "../later.js";

/** Milliseconds within which a second click on the same is a double click, or a thumb that trembled. */
const TWICE = 1000;

/**
 * @param {import("../open.js").Opened} opened
 * @param {HTMLElement} place
 * @param {import("./download-tray.js").Fault} fault
 * @returns {{save: (entries: import("../source.js").Entry[], called: string) => void, choose: ((entries: import("../source.js").Entry[] | null) => void) | null, end: () => void}} as
 *   linkSaves gives them; choose: null where nothing can be saved into a folder
 */
export function lazySaves(opened, place, fault) {
  const canSaveFolder = "showDirectoryPicker" in globalThis;
  let over = false;
  let last = { entries: /** @type {import("../source.js").Entry[]} */ ([]), when: 0 };
  /** @type {Promise<ReturnType<typeof import("./link-saves.js").linkSaves>> | null} */
  let loading = null;

  async function load() {
    const { linkSaves } = await later(() => import("./link-saves.js"));
    return linkSaves(opened, place, fault);
  }
  /** @param {(saves: ReturnType<typeof import("./link-saves.js").linkSaves>) => void} act */
  function withSaves(act) {
    loading ??= load();
    loading.then(act, () => {
      loading = null;
    });
  }

  /** Whether an earlier visit may have left something: a download needs the service worker, a folder the database of folder-journal.js. */
  async function wasHere() {
    const registration = await navigator.serviceWorker?.getRegistration(at("/s/")).catch(() => undefined);
    if (registration?.active || !canSaveFolder) return Boolean(registration?.active);
    const there = await globalThis.indexedDB?.databases?.().catch(() => []);
    return there?.some(({ name }) => name === ownName("thorpe-folders")) ?? false;
  }
  void wasHere().then((was) => was && !over && withSaves(() => {}));

  return {
    save(entries, called) {
      if (entries.length === last.entries.length && entries.every((entry, i) => entry === last.entries[i]) && performance.now() - last.when < TWICE) return;
      last = { entries, when: performance.now() };
      withSaves(({ save }) => save(entries, called));
    },
    choose: canSaveFolder && opened.manifest.files.length > 0
      ? (entries) => withSaves(({ choose }) => void choose(entries)) // the browser remembers the click for five seconds
      : null,
    end() {
      over = true;
      loading?.then(({ end }) => end(), () => {});
    },
  };
}
