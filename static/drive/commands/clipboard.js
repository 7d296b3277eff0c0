// Commands of cutting, copying, pasting, and taking back.
import { hold, inClipboard, release } from "../clipboard.js";
import { later } from "../../later.js";
import { canUndo, undoLast } from "../undo.js";

/** Nothing in the page is marked: the browser copies that. */
const isBare = () => getSelection()?.isCollapsed !== false;

/** @type {import("../commands.js").Command[]} */
export const clipboard = [
  {
    name: "cut", text: "drive.cut", icon: "scissors", keys: ["Ctrl+X"], group: "clipboard", offered: ["row"],
    when: ({ chosen }) => chosen.length > 0 && isBare(),
    run: ({ chosen }) => hold(chosen, { cut: true }),
  },
  {
    name: "copy", text: "drive.copy", icon: "copy", keys: ["Ctrl+C"], group: "clipboard", offered: ["row"],
    when: ({ chosen }) => chosen.length > 0 && isBare(),
    run: ({ chosen }) => hold(chosen),
  },
  {
    name: "paste", text: "drive.paste", icon: "clipboard-paste", keys: ["Ctrl+V"], byEvent: true, group: "clipboard", offered: ["place", "new"],
    when: ({ path }) => path !== null && inClipboard() !== null,
    run: paste,
  },
  {
    name: "undo", text: "drive.undo", icon: "undo-2", keys: ["Ctrl+Z"], group: "clipboard", offered: ["place"],
    when: canUndo,
    run: undoLast,
  },
];

/** @param {Pick<import("../drive-context.js").DriveContext, "drive" | "path" | "pane">} context */
export async function paste({ drive, path, pane }) {
  const held = inClipboard();
  if (!held || path === null) return;
  if (held.cut) release();
  const { carry } = await later(() => import("../carrying.js"));
  const arrived = await carry(drive, held.entries, path, { copy: !held.cut });
  if (arrived.length > 0) pane.chooseAll(arrived);
}
