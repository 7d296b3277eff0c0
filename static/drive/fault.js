/**
 * What to tell a person about a failure in the drive: by the status that WebDAV answered, or by the API's code.
 */
import { at } from "../base.js";
import { hasText, t } from "../texts.js";
import { sentence } from "../ui/problem.js";
import { toast } from "../ui/toast.js";

/** Events of the window: the server answers again (line.js); something was not where it was thought to be. */
export const BACK = "thorpe-server-back";
export const GONE = "thorpe-gone";

const SILENCE = 20_000; // milliseconds that the server may take to say that it is there

/**
 * Whether the server is there. What stands before it may answer in its place while it is not: that is no.
 * @returns {Promise<boolean>}
 */
export async function serverAnswers() {
  try {
    const { status } = await fetch(at("/healthz"), { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(SILENCE) });
    return ![502, 503, 504].includes(status);
  } catch {
    return false;
  }
}

/**
 * Tells a person about a failure. That the session has ended is told by the app itself; that there was no answer holds only until there is one.
 * @param {unknown} error
 */
export function complain(error) {
  const { status } = /** @type {{status?: unknown}} */ (error ?? {});
  if (status === 401) return;
  const close = toast(faultOf(error), { kind: "problem" });
  if (status === 404 || status === 409) dispatchEvent(new Event(GONE));
  if (status !== 0) return;
  const over = new AbortController();
  const end = () => {
    over.abort();
    close();
  };
  for (const event of [BACK, "online"]) addEventListener(event, end, { signal: over.signal });
}

/**
 * @param {unknown} error of source-webdav.js, transfer.js or api.js
 * @returns {string} one plain sentence
 */
export function faultOf(error) {
  const { status, code } = /** @type {{status?: unknown, code?: unknown}} */ (error ?? {});
  if (code === "unreadable" || code === "slow_down") return code === "unreadable" ? t("drive.fault.unreadable") : sentence(error);
  if (typeof status === "number") {
    if (hasText(`drive.fault.${status}`)) return t(`drive.fault.${status}`);
    if (status >= 500) return t("drive.fault.500");
  }
  return sentence(error);
}

/** Of a name that is not taken, or taken already, of what is not allowed, or too large. */
const lasting = new Set([400, 403, 405, 412, 413]);

/**
 * @param {unknown} error as for faultOf
 * @returns {boolean} whether another try of the same may help
 */
export function mayHelp(error) {
  return !lasting.has(/** @type {{status?: any}} */ (error ?? {}).status);
}
