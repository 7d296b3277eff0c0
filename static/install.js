/**
 * Installing the web app from a page of its own, in browsers that offer it: they tell so once, soon after the first page has loaded.
 *
 * watchInstall()                      from the first page on
 * installer() -> (() => Promise<void>) | null      within a click: the browser asks the person; null where it offers nothing, or it was done
 * INSTALLABLE                         the event of the window when that changes
 */

export const INSTALLABLE = "thorpe-installable";

/** @type {{prompt: () => Promise<unknown>} | null} Chromium's BeforeInstallPromptEvent: it works once */
let offer = null;

/** @param {typeof offer} next */
function change(next) {
  offer = next;
  dispatchEvent(new Event(INSTALLABLE));
}

export function watchInstall() {
  addEventListener("beforeinstallprompt", (event) => change(/** @type {any} */ (event)));
  addEventListener("appinstalled", () => change(null));
}

export function installer() {
  const now = offer;
  return now && (async () => {
    await now.prompt();
    change(null);
  });
}
