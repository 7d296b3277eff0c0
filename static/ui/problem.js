// What to say about an error.
import { ApiError } from "../api.js";
import { duration, hasText, t } from "../texts.js";

/**
 * The plain sentence for an error: by its code from the catalog ("error.CODE"), with what to wait for; else a general one.
 * @param {unknown} err an ApiError, or any error with a code
 * @returns {string}
 */
export function sentence(err) {
  const code = typeof err === "object" && err !== null && "code" in err && typeof err.code === "string" ? err.code : "";
  if (code === "slow_down" && err instanceof ApiError && err.retryAfter !== null) {
    return t("error.slow_down_wait", { wait: duration(err.retryAfter) });
  }
  if (hasText(`error.${code}`)) return t(`error.${code}`);
  return t("error.general");
}
