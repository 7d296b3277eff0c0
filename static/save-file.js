/**
 * Asks where to save a file, where the browser lets a page write one itself (File System Access API).
 *
 * chooseFile(name) -> Promise<FileSystemFileHandle | null>      soon after a click; null: this browser, or this page, cannot
 *   throws DownloadError "stopped" where the person chose none
 */
import { DownloadError } from "./download-job.js";

const page = /** @type {any} */ (globalThis);

/**
 * @param {string} name
 * @returns {Promise<FileSystemFileHandle | null>}
 */
export async function chooseFile(name) {
  if (typeof page.showSaveFilePicker !== "function") return null;
  try {
    return await page.showSaveFilePicker({ suggestedName: name, startIn: "downloads" });
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === "AbortError") throw new DownloadError("stopped");
    return null; // such as in a frame, or too long after the click
  }
}
