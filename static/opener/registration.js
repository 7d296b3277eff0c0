/**
 * registration.js of the opener: a page on a disk has no service worker.
 */

/** @returns {Promise<ServiceWorker | null>} */
export const serviceWorker = async () => null;

/** @returns {Promise<ServiceWorker | null>} */
export const controller = async () => null;
