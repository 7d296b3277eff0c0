// The router of the signed-in pages: a click on a link to one of them shows it without loading anything anew, so that uploads go on.
import { at, below } from "./base.js";

/**
 * @typedef {object} Route
 * @property {string} path as in location.pathname
 * @property {URLSearchParams} query
 * @property {boolean} first whether the page was just loaded
 * @property {boolean} back whether it was come to by the browser's own back or forward: one goes on where one was
 */

/**
 * A view fills main, and may return what must be undone before the next one: listeners, timers, running requests.
 * @typedef {(main: HTMLElement, route: Route) => void | Cleanup | Promise<void | Cleanup>} Show
 * @typedef {() => void} Cleanup
 */

/**
 * @typedef {object} View
 * @property {string} name data-route of its place in the navigation
 * @property {(path: string) => boolean} owns path: such as "/drive/Family", wherever this Thorpe lives
 * @property {() => Promise<{show: Show}>} load
 */

/** @type {(path: string, options?: {replace?: boolean}) => void} */
let go = (path) => location.assign(path);

/**
 * Shows another view of this app, as a link to it would.
 * @param {string} path the address, of at() or addressOf()
 * @param {{replace?: boolean}} [options] replace: in place of the present entry of the history
 */
export function navigate(path, options) {
  go(path, options);
}

/** @type {(path: string) => void} */
let rename = (path) => history.replaceState(history.state, "", path);

/**
 * Gives the view that is shown another address, and leaves it as it is: what it shows is at that address too.
 * @param {string} path the address
 */
export function renameAddress(path) {
  rename(path);
}

/**
 * Starts routing, with the page's present address.
 * @param {object} options
 * @param {HTMLElement} options.main
 * @param {View[]} options.views
 * @param {(view: View, route: Route) => void} options.arrived called when a view has been shown
 * @param {(err: unknown) => void} options.failed called when one could not be
 */
export function startRouting({ main, views, arrived, failed }) {
  /** @type {Cleanup | void} */
  let cleanup;
  let turn = 0;
  let first = true;
  let shown = ""; // path and query of the present view

  const viewOf = (/** @type {string} */ pathname) => {
    const path = below(pathname);
    return path === null ? undefined : views.find((view) => view.owns(path));
  };

  history.scrollRestoration = "manual"; // what is scrolled to is there only later

  async function showPresent(back = false) {
    const mine = ++turn;
    if (!viewOf(location.pathname)) history.replaceState(null, "", at("/")); // such as what only the operator is shown
    const view = viewOf(location.pathname);
    if (!view) throw new Error("router: no view owns /");
    shown = location.pathname + location.search;
    const route = { path: location.pathname, query: new URLSearchParams(location.search), first, back };
    first = false;
    try {
      cleanup?.();
      cleanup = undefined;
      const { show } = await view.load();
      if (mine !== turn) return;
      main.replaceChildren();
      if (!route.first) scrollTo(0, 0);
      const undo = await show(main, route);
      if (mine !== turn) {
        undo?.();
        return;
      }
      cleanup = undo;
      arrived(view, route);
    } catch (err) {
      if (mine === turn) failed(err);
    }
  }

  go = (path, { replace = false } = {}) => {
    const url = new URL(path, location.href);
    if (url.origin !== location.origin || !viewOf(url.pathname)) {
      location.assign(url);
      return;
    }
    if (replace || url.href === location.href) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    showPresent();
  };

  rename = (path) => {
    try {
      history.replaceState(history.state, "", path);
    } catch {
      return; // some browsers take only so many in half a minute
    }
    shown = location.pathname + location.search;
  };

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || link.hash || !viewOf(link.pathname)) return;
    event.preventDefault();
    go(link.href);
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) showPresent(true); // else a dialog was left, or only what follows the # is another
  });
  showPresent();
}
