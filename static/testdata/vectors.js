/**
 * Runs a vector of sealed links (docs/format.md, part 3): whole, byte by byte, and by range through content.js.
 */
import { contentReader } from "../content.js";
import * as sealed from "../sealed.js";
import { readAll } from "../source.js";
import { recipeBytes } from "./recipe.js";

/** @param {string} [text] */
const bytes = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (sealed.decodeBase64url(text ?? ""));

/** @param {Uint8Array<ArrayBuffer>} data */
async function sha256(data) {
  return Array.from(await sealed.sha256(data), (x) => x.toString(16).padStart(2, "0")).join("");
}

/** Where a refusal was found. */
class Refused extends Error {
  /**
   * @param {string} at
   * @param {any} error
   */
  constructor(at, error) {
    super(error.message, { cause: error });
    this.at = at;
    this.code = error instanceof sealed.SealedError ? error.code : `${error.name}: ${error.message} ${error.stack}`;
  }
}

/**
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} act
 * @returns {Promise<T>}
 */
async function at(name, act) {
  try {
    return await act();
  } catch (error) {
    throw new Refused(name, error);
  }
}

/**
 * @param {string} name of the file
 * @returns {Promise<string[]>} what is wrong
 */
export async function vector(name) {
  const v = await (await fetch(`/vectors/links/${name}`)).json();
  /** @type {string[]} */
  const wrong = [];
  let opened;
  try {
    opened = await openManifest(v, wrong);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.at !== v.expect.at || error.code !== v.expect.error) wrong.push(`refused at the ${error.at} with ${error.code}, want ${v.expect.error} at the ${v.expect.at}`);
    return wrong;
  }
  if (v.expect.at && v.expect.at !== "content") return [...wrong, `not refused, want ${v.expect.error} at the ${v.expect.at}`];
  const { manifest, content } = opened;
  const raw = manifest.key;
  const key = await sealed.streamKey(raw, ["decrypt"]);
  const size = sealed.contentSize(manifest);
  await check("whole", v, wrong, manifest, sealed.openStream(new Blob([content]).stream(), key, size));
  await check("byte by byte", v, wrong, manifest, sealed.openStream(single(content), key, size));
  await check("byte by byte into place", v, wrong, manifest, sealed.openStream(single(content, "bytes"), key, size));
  await checkBytes(v, wrong, key, content);
  await check("by range", v, wrong, manifest, ranges(key, size, content));
  return wrong;
}

/**
 * @param {any} v
 * @param {string[]} wrong
 */
async function openManifest(v, wrong) {
  const link = await at("link", () => sealed.parseLink(v.fragment));
  if (sealed.formatLink(link) !== v.fragment) wrong.push("the fragment comes out different");
  const password = v.password_utf16 ? String.fromCharCode(...v.password_utf16) : v.password;
  const root = await at("password", () => sealed.linkRoot(link, password));
  const id = sealed.encodeBase64url(await sealed.linkID(link.secret));
  if (id !== v.id) wrong.push(`id is ${id}`);
  const hash = sealed.encodeBase64url(await sealed.sha256(await sealed.accessToken(root)));
  await at("token", () => {
    if (hash !== v.token_hash) throw new sealed.SealedError("wrong_token");
  });
  const keyOf = async (/** @type {Uint8Array<ArrayBuffer>} */ salt) => sealed.manifestKey(root, salt, ["encrypt", "decrypt"]);
  const sealedManifest = v.manifest_rule ? await recipeBytes(v.manifest_rule, keyOf) : bytes(v.manifest);
  const manifest = await at("manifest", () => sealed.openManifest(root, sealedManifest));
  const again = await sealed.openManifest(root, await sealed.sealManifest(root, manifest));
  const withoutFractions = JSON.stringify(manifest).replace(/\.\d+Z"/g, '.000Z"'); // a writer writes whole seconds
  if (JSON.stringify(again) !== withoutFractions) wrong.push("sealed anew, the manifest is another");
  const content = v.content_rule ? await recipeBytes(v.content_rule, keyOf) : bytes(v.content);
  return { manifest, content };
}

/**
 * One byte at a time around the ends of chunks, and pieces of an odd size between.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {"bytes"} [type] for a stream that can read straight into a place, as that of an answer
 * @returns {ReadableStream<Uint8Array>}
 */
function single(content, type) {
  const near = 64;
  let at = 0;
  const step = () => {
    const past = at % sealed.sealedChunkSize;
    const left = Math.min(sealed.sealedChunkSize - past, content.length - at);
    return past < near || left <= near ? 1 : Math.min(left - near, 4099);
  };
  return new ReadableStream(/** @type {any} */ ({
    type,
    pull(/** @type {any} */ controller) {
      if (at >= content.length) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const size = step();
      controller.enqueue(content.slice(at, at + size));
      at += size;
    },
  }));
}

/**
 * openBytes must agree with the stream.
 *
 * @param {any} v
 * @param {string[]} wrong
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} content
 */
async function checkBytes(v, wrong, key, content) {
  const code = await sealed.openBytes(key, content).then(() => "", (error) => error.code);
  if (v.expect.error === undefined && code !== "") wrong.push(`in memory: ${code}`);
}

/**
 * Ranges of an odd length in their order, each fetched by itself from a server that holds this content.
 *
 * @param {CryptoKey} key
 * @param {number} size
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {ReadableStream<Uint8Array>}
 */
function ranges(key, size, content) {
  const reader = contentReader({ id: "x", token: "x", ticket: "x", key, size });
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const end = Math.min(size, at + 100_003);
      const real = globalThis.fetch;
      globalThis.fetch = async (_, init) => answer(content, new Headers(init?.headers).get("Range"));
      try {
        const got = await readAll(reader.read(at, end), end - at);
        if (got.length > 0) controller.enqueue(got);
        at = end;
        if (at === size) controller.close();
      } finally {
        globalThis.fetch = real;
      }
    },
  });
}

/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {string | null} range
 */
function answer(content, range) {
  if (!range) return new Response(content, { headers: { "Content-Length": String(content.length) } });
  const [start, last] = /** @type {RegExpExecArray} */ (/^bytes=(\d+)-(\d+)$/.exec(range)).slice(1).map(Number);
  if (start >= content.length) return new Response(null, { status: 416 });
  const end = Math.min(content.length, last + 1);
  return new Response(content.slice(start, end), { status: 206, headers: { "Content-Range": `bytes ${start}-${end - 1}/${content.length}` } });
}

/**
 * @param {string} how
 * @param {any} v
 * @param {string[]} wrong
 * @param {sealed.Manifest} manifest
 * @param {ReadableStream<Uint8Array>} stream
 */
async function check(how, v, wrong, manifest, stream) {
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  let code = "";
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(/** @type {Uint8Array<ArrayBuffer>} */ (value));
      length += value.length;
    }
  } catch (error) {
    code = error instanceof sealed.SealedError ? error.code : String(/** @type {any} */ (error).stack ?? error);
  }
  const { expect } = v;
  if (expect.error !== undefined) {
    const fits = code === expect.error || (expect.or ?? []).includes(code);
    if (!fits) wrong.push(`${how}: ${code || "opened well"}, want ${expect.error} ${expect.or ?? ""}`);
    if (length > expect.opened) wrong.push(`${how}: ${length} bytes came out, ${expect.opened} at most`);
    return;
  }
  if (code !== "") {
    wrong.push(`${how}: ${code}`);
    return;
  }
  if (length !== sealed.contentSize(manifest)) wrong.push(`${how}: ${length} bytes came out of ${sealed.contentSize(manifest)}`);
  await compare(how, expect, wrong, manifest, new Uint8Array(await new Blob(pieces).arrayBuffer()));
}

/**
 * @param {string} how
 * @param {any} expect
 * @param {string[]} wrong
 * @param {sealed.Manifest} manifest
 * @param {Uint8Array<ArrayBuffer>} content
 */
async function compare(how, expect, wrong, manifest, content) {
  /**
   * @param {string} what
   * @param {unknown} got
   * @param {unknown} want
   */
  const same = (what, got, want) => {
    if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(`${how}: ${what} is ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  };
  same("revision", manifest.revision, expect.revision ?? 0);
  same("title", manifest.title, expect.title ?? "");
  same("note", manifest.note, expect.note ?? "");
  same("padding", manifest.padding, expect.padding ?? 0);
  same("folders", manifest.folders, expect.folders ?? []);
  same("count", manifest.files.length, expect.count ?? 0);
  let lines = "";
  for (const [i, { path, size, start, type, modified }] of manifest.files.entries()) {
    const sum = await sha256(content.slice(start, start + size));
    lines += `${path}\t${size}\t${sum}\n`;
    const want = expect.files?.[i];
    if (!want) continue;
    same(`file ${i}`, { path, size, type, sha256: sum }, { path: want.path, size: want.size, type: want.type ?? "", sha256: want.sha256 });
    same(`time of file ${i}`, modified?.getTime() ?? null, want.modified ? Date.parse(want.modified) : null);
  }
  same("digest", await sha256(new TextEncoder().encode(lines)), expect.digest);
}

/** @returns {string[]} */
export const names = () => [...sealed.sealedCodes];
