// Commands about where something lies and what is known of it.
import { navigate } from "../../router.js";
import { addressOf, parentOf } from "../place.js";

/** @type {import("../commands.js").Command[]} */
export const finding = [
  {
    name: "up", text: "drive.up", icon: "arrow-left", keys: ["Alt+ArrowUp", "Backspace"], group: "view",
    when: ({ path }) => Boolean(path),
    run: ({ path }) => navigate(addressOf(parentOf(path ?? ""))),
  },
  {
    name: "show-in-folder", text: "find.show_in_folder", icon: "folder-search", group: "view", offered: ["row"],
    when: ({ chosen, path }) => chosen.length === 1 && parentOf(chosen[0].path) !== path,
    async run({ chosen: [entry] }) {
      const { comeFrom } = await import("../folder-view.js");
      comeFrom(entry.path);
      navigate(addressOf(parentOf(entry.path)));
    },
  },
  {
    name: "details", text: "details.show", icon: "info", keys: ["Alt+Enter"], group: "view", offered: ["row"], asks: true,
    when: ({ chosen }) => chosen.length > 0,
    async run({ chosen, signal }) {
      const { showDetails } = await import("../details-dialog.js");
      showDetails(chosen, signal);
    },
  },
];
