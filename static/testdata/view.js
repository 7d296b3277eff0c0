/**
 * Plays a file of a link as a page does, through a view; with small reports for the test to look at.
 */
import { fragmentFrom, openLink } from "../open.js";
import { currentAccount } from "../account-store.js";
import { itemsFromFiles, send } from "../send.js";
import { offerView } from "../views.js";

/** @type {{view: import("../views.js").View, audio: HTMLAudioElement} | null} */
let shown = null;

/**
 * @param {string} link
 * @param {string} path
 */
export async function show(link, path) {
  const { source } = await openLink(fragmentFrom(link));
  const entry = (await source.list("")).find((candidate) => candidate.path === path);
  if (!entry) throw new Error(`no ${path}`);
  const view = await offerView(source, entry, "audio/wav");
  if (!view) return { none: true };
  const audio = document.createElement("audio");
  audio.preload = "metadata";
  const known = once(audio, "loadedmetadata");
  audio.src = view.url;
  document.body.append(audio);
  await known;
  shown = { view, audio };
  return { url: view.url, duration: audio.duration };
}

/**
 * @param {EventTarget} target
 * @param {string} event
 */
function once(target, event) {
  return new Promise((resolve, reject) => {
    target.addEventListener(event, resolve, { once: true });
    target.addEventListener("error", () => reject(new Error(`the element fails: ${/** @type {HTMLMediaElement} */ (target).error?.message}`)), { once: true });
  });
}

/**
 * Goes to a place and plays a little from there.
 *
 * @param {number} seconds
 */
export async function playFrom(seconds) {
  const { audio } = /** @type {NonNullable<typeof shown>} */ (shown);
  audio.muted = true;
  const sought = once(audio, "seeked");
  audio.currentTime = seconds;
  await sought;
  await audio.play();
  while (audio.currentTime < seconds + 0.2) await once(audio, "timeupdate");
  audio.pause();
  return audio.currentTime;
}

/** Ends the view and loads the element anew, which must fail. */
export async function playEnded() {
  const { audio, view } = /** @type {NonNullable<typeof shown>} */ (shown);
  view.end();
  const failed = new Promise((resolve) => audio.addEventListener("error", resolve, { once: true }));
  audio.load();
  await failed;
  return audio.error?.code;
}

/** @param {string} url asked for by everything that is no media element of this page */
export async function askOtherwise(url) {
  const image = new Image();
  const noImage = new Promise((resolve) => (image.onerror = resolve));
  image.src = url;
  await noImage;
  return [(await fetch(url)).status, (await fetch(url, { headers: { Range: "bytes=0-9" } })).status];
}

/**
 * Sends a sound: a WAV file of 48,000 samples a second, 192,000 bytes.
 *
 * @param {number} seconds
 */
export async function sendSound(seconds) {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const size = seconds * 192_000;
  const header = new DataView(new ArrayBuffer(44));
  /** @type {[number, string][]} */ ([[0, "RIFF"], [8, "WAVEfmt "], [36, "data"]]).forEach(([at, text]) => {
    [...text].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  });
  header.setUint32(4, size + 36, true);
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 2, true);
  header.setUint32(24, 48_000, true);
  header.setUint32(28, 192_000, true);
  header.setUint16(32, 4, true);
  header.setUint16(34, 16, true);
  header.setUint32(40, size, true);
  const file = new File([header, new Uint8Array(size)], "sound.wav", { lastModified: Date.UTC(2026, 7, 1) });
  return send({ items: itemsFromFiles([{ path: "sound.wav", file }]), lifetime: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id });
}
