/**
 * The service worker of /s/ (worker.js), as pages reach it.
 *
 * serviceWorker() -> Promise<ServiceWorker | null>      the running one, registered where there is none; null where the browser has none, such as in a private
 *                                                       window of Firefox
 * controller() -> Promise<ServiceWorker | null>         the same once it answers for this page: only then can the page's elements load what it makes
 */
import { at } from "./base.js";
import { scriptURL } from "./trusted.js";

const patience = 5_000;

/** @returns {Promise<ServiceWorker | null>} */
export async function serviceWorker() {
  if (!("serviceWorker" in navigator) || !navigator.serviceWorker) return null;
  try {
    const registration = await navigator.serviceWorker.register(scriptURL(at("/s/worker.js")), { scope: at("/s/"), updateViaCache: "none" });
    if (registration.active) return registration.active;
    const coming = registration.installing ?? registration.waiting;
    if (!coming) return null;
    await new Promise((resolve) => {
      const look = () => {
        if (coming.state === "activated" || coming.state === "redundant") resolve(undefined);
      };
      coming.addEventListener("statechange", look);
      look();
    });
    return registration.active;
  } catch {
    return null;
  }
}

/**
 * A page that was there before its worker, or was loaded with the shift key held, has no controller until the worker claims it.
 *
 * @returns {Promise<ServiceWorker | null>} null also on a page outside /s/
 */
export async function controller() {
  const active = await serviceWorker();
  if (!active || ours()) return active && ours();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      navigator.serviceWorker.removeEventListener("controllerchange", end);
      resolve(ours());
    };
    const timer = setTimeout(end, patience);
    navigator.serviceWorker.addEventListener("controllerchange", end);
    active.postMessage({ type: "claim" });
  });
}

/** @returns {ServiceWorker | null} what answers for this page, if it is the worker of /s/ and no other of this site */
function ours() {
  const present = navigator.serviceWorker.controller;
  return present && new URL(present.scriptURL).pathname === at("/s/worker.js") ? present : null;
}
