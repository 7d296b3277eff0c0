/**
 * What is known of what is chosen: where it lies, and how much it takes, also of folders, for which the server has to look.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { button } from "../ui/button.js";
import { openDialog, shortened } from "../ui/dialog.js";
import { el, fill } from "../ui/element.js";
import { bytes, fullDate, t } from "../texts.js";
import { folderSize } from "../find.js";
import { facts } from "./facts.js";
import { faultOf } from "./fault.js";
import { parentOf } from "./place.js";

/**
 * @param {Entry[]} chosen
 * @param {AbortSignal} signal  the page is left
 */
export async function showDetails(chosen, signal) {
  const one = chosen.length === 1 ? chosen[0] : null;
  const over = new AbortController();
  const size = el("span", { role: "status" });
  const where = new Set(chosen.map(({ path }) => parentOf(path)));
  const dialog = openDialog({
    title: one ? one.name : t("drive.chosen_count", { count: chosen.length }),
    content: facts(
      one && shortened(one.name) !== one.name && ["details.name", one.name],
      where.size === 1 && ["details.where", [...where][0] || t("drive.root")],
      ["details.size", size],
      one && one.modified && ["details.modified", fullDate(one.modified)],
      one && one.type !== "" && ["details.type", one.type],
    ),
    actions: [button(t("ui.close"), { click: () => dialog.close() })],
  });
  void dialog.closed.then(() => over.abort());
  void weigh(chosen, size, AbortSignal.any([signal, over.signal]));
}

/**
 * @param {Entry[]} chosen
 * @param {HTMLElement} place
 * @param {AbortSignal} signal
 */
async function weigh(chosen, place, signal) {
  const folders = chosen.filter(({ folder }) => folder);
  const sum = { size: 0, files: 0, folders: folders.length, complete: true };
  for (const { folder, size } of chosen) {
    if (!folder) {
      sum.size += size;
      sum.files++;
    }
  }
  if (folders.length === 0) return void fill(place, amount(sum.size));
  fill(place, el("span", { class: "spinner", "aria-hidden": "true" }), " ", t("details.counting"));
  try {
    for (const { path } of folders) {
      const below = await folderSize(path, { signal });
      sum.size += below.size;
      sum.files += below.files;
      sum.folders += below.folders;
      sum.complete &&= below.complete;
    }
  } catch (error) {
    if (!signal.aborted) fill(place, faultOf(error));
    return;
  }
  const inside = chosen.length === 1 ? sum.folders - 1 : sum.folders;
  fill(place, t(sum.complete ? "details.amount" : "details.amount_more", {
    size: amount(sum.size), files: t("details.files", { count: sum.files }), folders: t("details.folders", { count: inside }),
  }));
}

/** @param {number} size */
const amount = (size) => (size < 1000 ? bytes(size) : t("details.bytes", { size: bytes(size), bytes: size }));
