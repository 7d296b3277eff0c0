/**
 * Tests the way from here to the drive as a computer would use it, and says where it ends. Nothing is stored: every change is asked of a folder that is not there.
 *
 * testConnection({address, name, password, signal?}) -> AsyncGenerator<Result>      one result a check, in order; it ends at the first that makes the rest pointless
 *
 * @typedef {object} Result
 * @property {"reach" | "signin" | "methods" | "move" | "size" | "plain"} check
 * @property {"good" | "warning" | "bad"} state
 * @property {string} fault  "" where it is good, else "connect.fault." and this is the sentence
 * @property {number} status  of the answer, 0 for none
 * @property {string} method
 */

/** Milliseconds that an answer may take. */
const patience = 30_000;

/** What proxies cut off when nobody has told them otherwise is 1 MiB. */
const large = 1024 * 1024 + 64 * 1024;

/** What a computer sends that browsers and their proxies seldom see, with the answer for a place that is not there. @type {[string, number][]} */
const changes = [["MKCOL", 409], ["LOCK", 409], ["PROPPATCH", 404], ["COPY", 404], ["DELETE", 404]];

const lockBody = '<?xml version="1.0" encoding="utf-8"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>';
const patchBody = '<?xml version="1.0" encoding="utf-8"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><x xmlns="thorpe:test"/></D:prop></D:set></D:propertyupdate>';

/**
 * @param {object} options
 * @param {string} options.address  of the WebDAV door, on the origin of this page
 * @param {string} options.name
 * @param {string} options.password  an app password
 * @param {AbortSignal} [options.signal]
 * @returns {AsyncGenerator<Result>}
 */
export async function* testConnection({ address, name, password, signal }) {
  const authorization = `Basic ${btoa(`${name}:${password}`)}`;
  const nowhere = `thorpe-connection-test-${Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => n.toString(16).padStart(2, "0")).join("")}`;
  const place = new URL(`${nowhere}/file`, address).href;

  /**
   * @param {string} method
   * @param {string} url
   * @param {Record<string, string>} [headers]
   * @param {BodyInit} [body]
   * @returns {Promise<Response | null>} null where no answer came
   */
  async function ask(method, url, headers = {}, body) {
    try {
      // Neither cookie nor the browser's own question for a password: only what a computer sends.
      return await fetch(url, {
        method, body, headers: { Authorization: authorization, ...headers }, credentials: "omit", redirect: "manual", cache: "no-store",
        signal: AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])]),
      });
    } catch (error) {
      signal?.throwIfAborted();
      return null;
    }
  }

  /** @param {Result["check"]} check @param {string} method @param {Response | null} answer @param {string} fault @returns {Result} */
  const result = (check, method, answer, fault) => ({ check, method, fault, state: fault === "" ? "good" : "bad", status: answer?.status ?? 0 });

  const options = await ask("OPTIONS", address);
  const reached = faultOfReach(options);
  yield result("reach", "OPTIONS", options, reached);
  if (reached !== "") return;

  const list = await ask("PROPFIND", address, { Depth: "0" });
  const listed = faultOfSignIn(list);
  yield result("signin", "PROPFIND", list, listed);
  if (listed !== "") return;

  /** @type {Result | null} */
  let blocked = null;
  for (const [method, wanted] of changes) {
    const body = method === "LOCK" ? lockBody : method === "PROPPATCH" ? patchBody : undefined;
    /** @type {Record<string, string>} */
    const headers = method === "COPY" ? { Destination: `${place}-2` } : body ? { "Content-Type": "application/xml" } : {};
    const answer = await ask(method, place, headers, body);
    const passed = answer?.status === wanted || (method === "COPY" && answer?.status === 502); // of another host: the next check tells
    if (!passed) blocked ??= result("methods", method, answer, answer ? "method" : "silent");
  }
  yield blocked ?? result("methods", "", null, "");

  const move = await ask("MOVE", place, { Destination: `${place}-2`, Overwrite: "F" });
  yield result("move", "MOVE", move, move?.status === 404 ? "" : move?.status === 502 ? "host" : move ? "method" : "silent");

  const put = await ask("PUT", place, { "If-Match": '"never"', "Content-Type": "application/octet-stream" }, new Blob([new Uint8Array(large)]));
  yield result("size", "PUT", put, put === null ? "cut" : put.status === 413 ? "size" : put.status === 412 || put.status === 409 ? "" : "method");

  if (new URL(address).protocol !== "https:") yield { check: "plain", method: "", status: 0, state: "warning", fault: "plain" };
}

/** @param {Response | null} answer */
function faultOfReach(answer) {
  if (!answer) return "silent";
  if (answer.type === "opaqueredirect") return "redirect";
  if (answer.status === 421) return "host";
  return /\b1\b.*\b2\b/.test(answer.headers.get("DAV") ?? "") ? "" : answer.status === 405 || answer.status === 501 ? "method" : "options";
}

/** @param {Response | null} answer */
function faultOfSignIn(answer) {
  if (!answer) return "silent";
  if (answer.type === "opaqueredirect") return "redirect";
  switch (answer.status) {
    case 207:
      return "";
    case 401:
      return /Thorpe/.test(answer.headers.get("WWW-Authenticate") ?? "") ? "signin" : "gate";
    case 403:
    case 405:
    case 501:
      return "method";
    case 421:
      return "host";
    case 429:
      return "slow";
    case 502:
    case 503:
    case 504:
      return "behind";
  }
  return "odd";
}
