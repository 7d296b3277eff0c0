// The router of the signed-in pages: a click on a link to one of them shows it without loading anything anew, so that uploads go on. A new place begins at its top; one that is
// come back to is where it was left.
import { at, below, ownName } from "./base.js";
import { placeOnly } from "./drive/place.js";
import { needStyle } from "./ui/style.js";

/**
 * @typedef {object} Route
 * @property {string} path as in location.pathname
 * @property {URLSearchParams} query
 * @property {boolean} first whether the page was just loaded
 * @property {AbortSignal} left aborted once another view is asked for: one that has waited for something must not draw then
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
 * @property {() => Promise<{show: Show, ahead?: Ahead, style?: string}>} load  style: a style sheet that it needs besides (needStyle)
 */

/**
 * Begins what the view at an address will wait for, before it can be shown.
 * @typedef {(pathname: string) => void} Ahead
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
  let leaving = new AbortController();
  let first = true;
  let shown = ""; // path and query of the present view, whatever is looked at in it

  const viewOf = (/** @type {string} */ pathname) => {
    const path = below(pathname);
    return path === null ? undefined : views.find((view) => view.owns(path));
  };

  const scrolled = scrollKeeper(main);

  async function showPresent(back = false) {
    const mine = ++turn;
    leaving.abort();
    leaving = new AbortController();
    scrolled.leave();
    if (!viewOf(location.pathname)) history.replaceState(history.state, "", at("/")); // such as what only the operator is shown
    const view = viewOf(location.pathname);
    if (!view) throw new Error("router: no view owns /");
    shown = placeOnly(location);
    const route = { path: location.pathname, query: new URLSearchParams(location.search), first, left: leaving.signal };
    first = false;
    try {
      cleanup?.();
      cleanup = undefined;
      const { show, style } = await view.load();
      if (style) await needStyle(style);
      if (mine !== turn) return;
      main.replaceChildren();
      scrolled.arrive(back || route.first);
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
    if (replace || url.href === location.href) history.replaceState(history.state, "", url);
    else history.pushState({ at: crypto.randomUUID() }, "", url);
    showPresent();
  };

  rename = (path) => {
    if (placeOnly(new URL(path, location.href)) === shown) return;
    try {
      history.replaceState(history.state, "", path);
    } catch {
      return; // some browsers take only so many in half a minute
    }
    shown = placeOnly(location);
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
    if (placeOnly(location) !== shown) showPresent(true); // else a dialog was left or is come back to, or only what follows the # is another
  });
  showPresent();
}

const KEPT = 50; // places of the history
const PATIENCE = 10_000; // milliseconds for a page to become as long as it was

/**
 * Keeps how far each place of the history was scrolled, also over a reload: what is come back to is shown where it was left, as soon as it is long enough. The
 * browser's own way comes too early, when a list is still being read.
 * @param {HTMLElement} main
 */
function scrollKeeper(main) {
  const NAME = ownName("thorpe/scrolled");
  history.scrollRestoration = "manual";
  /** @type {Map<string, number>} */
  const places = new Map(readPlaces());
  let here = "";
  let settled = () => {};

  function note() {
    if (!here) return;
    places.delete(here); // the latest come last, and are kept
    places.set(here, scrollY);
  }

  /** @param {number} to */
  function restore(to) {
    const over = new AbortController();
    const go = () => {
      scrollTo(0, to);
      if (Math.abs(scrollY - to) < 1) settled();
    };
    const grown = new ResizeObserver(go);
    const timer = setTimeout(() => settled(), PATIENCE);
    settled = () => {
      settled = () => {};
      over.abort();
      grown.disconnect();
      clearTimeout(timer);
    };
    for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(act, () => settled(), { signal: over.signal, passive: true, capture: true });
    grown.observe(main);
  }

  addEventListener("pagehide", () => {
    note();
    try {
      sessionStorage.setItem(NAME, JSON.stringify([...places].slice(-KEPT)));
    } catch {
      // it begins at the top then
    }
  });

  /** @returns {[string, number][]} */
  function readPlaces() {
    try {
      const read = JSON.parse(sessionStorage.getItem(NAME) ?? "[]");
      return Array.isArray(read) ? read.filter((one) => Array.isArray(one) && typeof one[1] === "number") : [];
    } catch {
      return [];
    }
  }

  return {
    /** The place that was shown is left. */
    leave() {
      settled();
      note();
    },
    /** @param {boolean} again  whether it may have been seen before */
    arrive(again) {
      if (!history.state?.at) history.replaceState({ at: crypto.randomUUID() }, "");
      here = history.state.at;
      const left = again ? (places.get(here) ?? 0) : 0;
      scrollTo(0, 0);
      if (left > 0) restore(left);
    },
  };
}
