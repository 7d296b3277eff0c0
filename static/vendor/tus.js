/**
 * tus-js-client as a module: the vendored file is a UMD bundle, which leaves its exports on the global object.
 */
import "./tus.min.js";

const { Upload } = /** @type {any} */ (globalThis).tus;
export { Upload };
