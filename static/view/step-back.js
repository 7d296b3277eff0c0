/**
 * Has the browser's way back, on a phone a button or a gesture, do what a person expects of it: close the dialog, and stay on the page.
 *
 * @typedef {{state: unknown, address?: string}} Step  what the browser keeps with a step of its history, so that a reload and the way forward find it; without an address
 *   the page's stays as it is
 * @typedef {"new" | "there" | "alone"} Way  how the dialog comes to a step: a new one is made for it; it is there already, after the page's own (a reload, or the way
 *   forward); or it is all there is of this page (a bookmark, a link), and closing it leaves the page in its place
 *
 * @param {object} options
 * @param {() => void} options.close
 * @param {() => boolean} options.stays  whether the dialog has to stay for now, such as because it asks something first
 * @param {() => Step} options.step
 * @param {Way} options.way
 * @param {() => Step} options.closed  the page without the dialog
 * @returns {{mark: () => void, end: () => Promise<void>, forget: () => void}} mark: the step is another now; end: the dialog is closed; forget: and the history is another's
 */
export function stepBack({ close, stays, step, way, closed }) {
  let stands = true; // our entry is the present one
  let arrived = () => {};
  const back = () => {
    if (stays()) return put("pushState", step());
    removeEventListener("popstate", back);
    stands = false;
    arrived();
    close();
  };
  addEventListener("popstate", back);
  if (way === "new") put("pushState", step());
  return {
    mark: () => put("replaceState", step()),
    end() {
      if (!stands) return Promise.resolve();
      if (way === "alone") {
        removeEventListener("popstate", back);
        put("replaceState", closed());
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        arrived = resolve;
        history.back();
        setTimeout(resolve, 5000); // lest nothing could be looked at any more
      });
    },
    forget() {
      stands = false;
      removeEventListener("popstate", back);
    },
  };
}

/**
 * @param {"pushState" | "replaceState"} how
 * @param {Step} step
 */
function put(how, { state, address }) {
  try {
    history[how](state, "", address);
  } catch {
    // some browsers take only so many in half a minute: the next one says where one is
  }
}
