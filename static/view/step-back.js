/**
 * Has the browser's way back, on a phone a button or a gesture, do what a person expects of it: close the dialog, and stay on the page.
 *
 * @param {() => void} close
 * @param {() => boolean} stays  whether the dialog has to stay for now, such as because it asks something first
 * @returns {{end: () => Promise<void>, forget: () => void}} end: the dialog is closed; forget: and the history is another's
 */
export function stepBack(close, stays) {
  let stands = true; // our entry is the present one
  let arrived = () => {};
  const back = () => {
    if (stays()) return history.pushState(null, "");
    removeEventListener("popstate", back);
    stands = false;
    arrived();
    close();
  };
  addEventListener("popstate", back);
  history.pushState(null, "");
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
