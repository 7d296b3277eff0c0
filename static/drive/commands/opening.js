// Commands that look at what is chosen.
import { navigate } from "../../router.js";
import { largestEdited, viewKind } from "../../view/kinds.js";
import { opensInTab } from "../kinds.js";
import { addressOf, fileAddress } from "../place.js";

/** @type {import("../commands.js").Command[]} */
export const opening = [
  {
    name: "look", text: "link.look", icon: "eye", group: "manage", offered: ["row"],
    when: ({ chosen }) => chosen.length === 1 && viewKind(chosen[0]) !== null,
    run: ({ chosen, look }) => look(chosen[0]),
  },
  {
    name: "edit", text: "edit.edit", icon: "file-text", group: "manage", offered: ["row"],
    when: ({ chosen: [entry, ...others] }) => entry !== undefined && others.length === 0 && ["text", "markdown"].includes(viewKind(entry) ?? "") && entry.size <= largestEdited,
    run: ({ chosen, look }) => look(chosen[0], true),
  },
  {
    name: "open", text: "drive.open", icon: "folder-open", group: "manage", offered: ["row"],
    when: ({ chosen }) => chosen.length === 1 && chosen[0].folder,
    run: ({ chosen }) => navigate(addressOf(chosen[0].path)),
  },
  {
    name: "open-tab", text: "drive.open_tab", icon: "external-link", group: "manage", offered: ["row"],
    when: ({ chosen }) => chosen.length === 1 && opensInTab(chosen[0]),
    run: ({ chosen }) => void window.open(fileAddress(chosen[0].path), "_blank", "noopener"),
  },
];
