/**
 * hash-wasm's Argon2 as a module: the vendored file is a UMD bundle, which leaves its exports on the global object.
 */
import "./argon2.umd.min.js";

const { argon2id } = /** @type {any} */ (globalThis).hashwasm;
export { argon2id };
