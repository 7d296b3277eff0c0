/**
 * Asks what to do with a name that is taken: replace, merge two folders, keep both, or leave it out; for this one or for all that follow. Of two files it shows
 * how large and how old each is.
 */
import { el } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { bytes, fullDate, t } from "../texts.js";

/** @type {import("./arrange.js").Ask} */
export async function askAboutCollision({ name, folder, canReplace, canMerge, more, sides }) {
  const all = el("input", { type: "checkbox" });
  /** @type {import("../ui/dialog.js").Dialog<"replace" | "merge" | "keep" | "skip">} */
  const dialog = openDialog({
    title: t("drive.collision.title", { name }),
    content: [
      el("p", { class: "sub" }, t(canMerge ? "drive.collision.folders" : canReplace ? "drive.collision.file" : "drive.collision.folder", { folder: folder || t("drive.root") })),
      sides && el("dl", { class: "facts sides" }, side("drive.collision.theirs", sides.theirs, sides.mine), side("drive.collision.mine", sides.mine, sides.theirs)),
      more ? el("label", { class: "check" }, all, el("span", {}, t("drive.collision.all"))) : null,
    ],
    actions: [
      el("span", { class: "left" }, button(t("drive.collision.skip"), { click: () => dialog.close("skip") })),
      canReplace ? button(t("drive.collision.replace"), { kind: "danger", click: () => dialog.close("replace") }) : null,
      button(t("drive.collision.keep"), { kind: canMerge ? undefined : "primary", click: () => dialog.close("keep") }),
      canMerge ? button(t("drive.collision.merge"), { kind: "primary", click: () => dialog.close("merge") }) : null,
    ],
  });
  const choice = await dialog.closed;
  return choice ? { choice, all: all.checked } : null;
}

/**
 * @param {string} key  of what it is
 * @param {import("./arrange.js").Side} one
 * @param {import("./arrange.js").Side} other
 */
function side(key, one, other) {
  const marks = [
    one.size > other.size && t("drive.collision.larger"),
    seconds(one) > seconds(other) && t("drive.collision.newer"),
    one.size === other.size && t("drive.collision.same_size"),
    seconds(one) === seconds(other) && t("drive.collision.same_time"),
  ].filter((mark) => mark !== false);
  const said = [bytes(one.size), fullDate(one.modified)].filter(Boolean).join(" · ");
  return el("div", {}, el("dt", {}, t(key)), el("dd", {}, said, marks.flatMap((mark) => [" ", el("span", { class: "pill" }, mark)])));
}

/** A drive knows times by the second. @param {import("./arrange.js").Side} side */
const seconds = ({ modified }) => (modified ? Math.floor(modified.getTime() / 1000) : NaN);
