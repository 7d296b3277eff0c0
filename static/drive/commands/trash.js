// Commands of the trash.
import { view } from "./view.js";

/**
 * @typedef {import("../trash-list.js").Item} Item
 * @typedef {object} TrashParts
 * @property {(items: Item[]) => Promise<void>} restore  to where they were
 * @property {(items: Item[]) => Promise<void>} restoreTo  asks for a folder
 * @property {(items: Item[]) => Promise<void>} discard  asks first
 * @property {() => Promise<void>} empty  asks first
 * @property {(item: Item) => void} details
 * @property {boolean} holds  there is something in the trash
 * @typedef {import("../commands.js").PaneContext & TrashParts} TrashContext
 */

/** @param {TrashContext} context @returns {Item[]} */
const items = ({ chosen }) => /** @type {Item[]} */ (chosen);

/** @type {import("../commands.js").Command<TrashContext>[]} */
export const trashCommands = [
  {
    name: "restore", text: "trash.restore", icon: "archive-restore", group: "manage", offered: ["bar", "row"], look: "soft",
    when: ({ chosen }) => chosen.length > 0,
    run: (context) => context.restore(items(context)),
  },
  {
    name: "restore-to", text: "trash.restore_to", icon: "folder-input", group: "manage", offered: ["bar", "row"], asks: true,
    when: ({ chosen }) => chosen.length > 0,
    run: (context) => context.restoreTo(items(context)),
  },
  {
    name: "details", text: "details.show", icon: "info", keys: ["Alt+Enter"], group: "manage", offered: ["row"],
    when: ({ chosen }) => chosen.length === 1,
    run: (context) => context.details(items(context)[0]),
  },
  {
    name: "discard", text: "trash.discard", icon: "trash-2", keys: ["Delete"], group: "remove", offered: ["bar", "row"], look: "danger",
    when: ({ chosen }) => chosen.length > 0,
    run: (context) => context.discard(items(context)),
  },
  {
    name: "empty", text: "trash.empty", icon: "trash-2", group: "remove", offered: ["place"], look: "danger",
    when: ({ holds }) => holds,
    run: (context) => context.empty(),
  },
  .../** @type {import("../commands.js").Command<any>[]} */ (view),
];
