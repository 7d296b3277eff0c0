/**
 * What is known of something in the trash.
 *
 * folderOf(item), deviceOf(item) -> string        where it was, and by what it was deleted, in words
 * showTrashed(item, acts)                         a dialog with all of it
 *
 * @typedef {import("./trash-list.js").Item} Item
 */
import { agentName } from "../ui/agent.js";
import { button } from "../ui/button.js";
import { openDialog, shortened } from "../ui/dialog.js";
import { bytes, fullDate, relative, t } from "../texts.js";
import { facts } from "./facts.js";
import { parentOf } from "./place.js";

/** @param {Item} item */
export const folderOf = ({ was }) => parentOf(was) || t("drive.root");

/** @param {Item} item */
export function deviceOf({ door, device }) {
  if (device === "") return t("trash.device_unknown");
  return door === "dav" ? device : agentName(device);
}

/**
 * @param {Item} item
 * @param {{restore(items: Item[]): Promise<void>, restoreTo(items: Item[]): Promise<void>, discard(items: Item[]): Promise<void>}} acts
 */
export function showTrashed(item, acts) {
  /** @param {(items: Item[]) => Promise<void>} act */
  const then = (act) => () => {
    dialog.close();
    void act([item]);
  };
  const dialog = openDialog({
    title: item.name,
    content: facts(
      shortened(item.name) !== item.name && ["details.name", item.name],
      ["trash.was", folderOf(item)],
      ["trash.at", fullDate(item.at)],
      ["trash.by", t(item.door === "dav" ? "trash.by_mount" : "trash.by_browser", { device: deviceOf(item) })],
      item.measured && ["details.size", bytes(item.size)],
      ["trash.until", t("trash.until.text", { date: fullDate(item.until), when: relative(item.until) })],
    ),
    actions: [
      button(t("trash.discard"), { kind: "danger", click: then(acts.discard) }),
      button(t("trash.restore_to"), { click: then(acts.restoreTo) }),
      button(t("trash.restore"), { kind: "primary", click: then(acts.restore) }),
    ],
  });
}
