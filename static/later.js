/**
 * Loads a module only when it is needed, so that a first visit stays light. A module of a page that is older than the server is not there any more
 * (/static/HASH is another): that is told as what it is.
 *
 *   const { work } = await later(() => import(...));
 */
import { toast } from "./ui/toast.js";
import { t } from "./texts.js";

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>} fails as the import does, after a person was told
 */
export async function later(load) {
  try {
    return await load();
  } catch (error) {
    toast(t("view.unavailable"), { kind: "problem", action: t("shell.again"), act: () => location.reload() });
    throw error;
  }
}
