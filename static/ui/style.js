/**
 * Style sheets of views that not everybody opens.
 *
 * needStyle(name) -> Promise<void>      once it is in force, or cannot be loaded: the view is then shown without it
 */

/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/**
 * @param {string} name of a file beside style.css
 * @returns {Promise<void>}
 */
export function needStyle(name) {
  let coming = asked.get(name);
  if (!coming) {
    coming = new Promise((resolve) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.onload = () => resolve();
      link.onerror = () => {
        asked.delete(name); // the next view that needs it tries again
        resolve();
      };
      link.href = new URL(`../${name}`, import.meta.url).href;
      document.head.append(link);
    });
    asked.set(name, coming);
  }
  return coming;
}
