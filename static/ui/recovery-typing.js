// What is wrong with a recovery key as it was typed, found without asking the server.
import { AccountKeysError, parseRecoveryKey } from "../accountkeys.js";
import { t } from "../texts.js";

/** Characters in a recovery key, without the spaces and dashes between its groups. */
const LENGTH = 56;

/** @param {string} typed */
const plain = (typed) => typed.replace(/[\s\-\u2010-\u2014\u2212]/g, "");

/**
 * @param {string} typed
 * @returns {boolean} whether as many characters are there as a recovery key has
 */
export function looksWhole(typed) {
  return plain(typed).length >= LENGTH;
}

/**
 * Reads a recovery key.
 * @param {string} typed
 * @returns {Promise<{recoveryKey: Uint8Array<ArrayBuffer>, wrong: ""} | {recoveryKey: null, wrong: string}>} wrong: a sentence that says where to look
 */
export async function readRecoveryKey(typed) {
  try {
    return { recoveryKey: await parseRecoveryKey(typed), wrong: "" };
  } catch (err) {
    if (!(err instanceof AccountKeysError)) throw err;
    return { recoveryKey: null, wrong: explain(typed, err.code) };
  }
}

/** @param {string} typed @param {string} code */
function explain(typed, code) {
  const text = plain(typed);
  if (text === "") return t("recover.key_missing");
  switch (code) {
  case "recovery_key_character": return t("recover.key_odd", { char: [...text].find((c) => !/[0-9A-TV-Z]/i.test(c)) ?? "" });
  case "recovery_key_length":
    return text.length < LENGTH ? t("recover.key_short", { count: LENGTH - text.length }) : t("recover.key_long", { count: text.length - LENGTH });
  default: return t("recover.key_typo");
  }
}
