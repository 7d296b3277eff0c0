/**
 * Uploads of links on the server, as the sender's page sees them (docs/api.md, Uploads); their bytes are the matter of send-worker.js.
 *
 * createUpload(length, {signal?}) -> Promise<string>           its id
 * uploadStanding(id) -> Promise<{offset, length}>              how many bytes the server holds, and of how many; ApiError 404 where it holds nothing any more
 * deleteUpload(id) -> Promise<void>                            also where it is gone already
 * listUploads() -> Promise<UploadAnswer[]>                     unfinished ones, and finished ones that are not published
 */
import { api, ApiError, failure } from "./api.js";
import { at } from "./base.js";
import { accountHeader } from "./whose.js";

/** @typedef {{id: string, use: "sealed" | "drive", offset: number, length: number | null, state: number | null, created: string, expires: string}} UploadAnswer */

const uploads = at("/api/uploads/");
const idForm = /^[A-Za-z0-9_-]{22}$/;

/**
 * @param {number} length sealed bytes
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<string>}
 */
export async function createUpload(length, { signal } = {}) {
  const answer = await tus("POST", "/api/uploads/sealed", { "Upload-Length": String(length) }, signal);
  const place = answer.headers.get("Location") ?? "";
  const id = place.slice(uploads.length);
  if (!place.startsWith(uploads) || !idForm.test(id)) throw new ApiError(answer.status, "internal", "");
  return id;
}

/** @param {string} id */
export async function uploadStanding(id) {
  const answer = await tus("HEAD", `/api/uploads/${id}`, {});
  const [offset, length] = ["Upload-Offset", "Upload-Length"].map((name) => Number(answer.headers.get(name) ?? NaN));
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0) throw new ApiError(answer.status, "internal", "");
  return { offset, length };
}

/** @param {string} id */
export async function deleteUpload(id) {
  try {
    await tus("DELETE", `/api/uploads/${id}`, {});
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

/** @returns {Promise<UploadAnswer[]>} */
export async function listUploads() {
  return (await api("GET", "/api/uploads/")).uploads;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {AbortSignal} [signal]
 */
async function tus(method, path, headers, signal) {
  let answer;
  try {
    answer = await fetch(at(path), {
      method,
      signal,
      headers: { "Tus-Resumable": "1.0.0", ...headers, ...accountHeader() },
      credentials: "same-origin",
      redirect: "error",
      cache: "no-store",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "no_connection", "No answer from the server.");
  }
  if (!answer.ok) throw await failure(answer);
  return answer;
}
