/**
 * Has the browser's way back, on a phone a button or a gesture, do what a person expects of it: close the dialog, and stay on the page.
 *
 * @param {() => void} close
 * @param {() => boolean} stays  whether the dialog has to stay for now, such as because it asks something first
 * @param {() => unknown} [note]  what the browser keeps with this step of the history, so that a reload and the way forward find it: never in the address
 * @param {boolean} [there]  this step of the history is there already
 * @returns {{end: () => Promise<void>, forget: () => void}} end: the dialog is closed; forget: and the history is another's
 */
export function stepBack(close, stays, note = () => null, there = false) {
  let stands = true; // our entry is the present one
  let arrived = () => {};
  const back = () => {
    if (stays()) return history.pushState(note(), "");
    removeEventListener("popstate", back);
    stands = false;
    arrived();
    close();
  };
  addEventListener("popstate", back);
  if (!there) history.pushState(note(), "");
  return {
    end() {
      if (!stands) return Promise.resolve();
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
