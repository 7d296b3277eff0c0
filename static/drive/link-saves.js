/**
 * What is saved of an opened link, and how far it is: in trays at `place`, each with its own pause and stop.
 *
 * linkSaves(opened, place, fault) -> {save(entries, called), choose(entries | null), end()}
 *   save    one file as it is, all else as a zip of this name
 *   choose  within a click: saves these, or all, into a folder of this computer that the person chooses, where canSaveFolder()
 *   end     to be called when another link is shown; what is under way goes on in its tray
 * Downloads of this link that lost their page, such as by a reload, go on at once; what was saved into a folder goes on when the person says so.
 */
import { el } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { t } from "../texts.js";
import { orphans } from "../download.js";
import { canSaveFolder, chooseFolder, forgetFolder, goOnSavingFolder, pendingFolder, saveFolder } from "../save-folder.js";
import { downloadInTray, goOnInTray, runInTray } from "./download-tray.js";

/**
 * @param {import("../open.js").Opened} opened
 * @param {HTMLElement} place
 * @param {import("./download-tray.js").Fault} fault
 */
export function linkSaves(opened, place, fault) {
  const { id, source, manifest } = opened;
  let running = 0;

  /** @param {Promise<unknown>} ended */
  function count(ended) {
    running++;
    void ended.finally(() => running--);
  }

  /**
   * @param {import("../source.js").Entry[]} entries
   * @param {string} called
   */
  function save(entries, called) {
    const single = entries.length === 1 && !entries[0].folder;
    count(downloadInTray(place, source, entries, { name: single ? called : `${called}.zip`, zipName: called, tag: id, fault }));
  }

  /** @param {(options: import("../download.js").DownloadOptions) => Promise<import("../save-folder.js").Saved>} work */
  function intoFolder(work) {
    /** @type {import("../save-folder.js").FolderNote | null} */
    let begun = null;
    count(
      runInTray(
        place,
        manifest.title || t("link.untitled"),
        async (options) => {
          const { name, changed } = begun ? await goOnSavingFolder(opened, begun, options) : await work(options);
          const [first] = changed;
          const renamed = first ? t("link.folder.renamed", { count: changed.length, ...first }) : "";
          return [t("link.folder.done", { name }), renamed].filter(Boolean).join(" ");
        },
        { fault, before: async () => (begun = await pendingFolder(opened)) },
      ),
    );
  }

  /** @param {import("../source.js").Entry[] | null} entries */
  async function choose(entries) {
    const directory = await chooseFolder().catch((error) => {
      intoFolder(() => Promise.reject(error));
      return null;
    });
    if (directory) intoFolder((options) => saveFolder(opened, directory, entries, options));
  }

  /** @param {import("../save-folder.js").FolderNote} note */
  function offerToGoOn(note) {
    const notice = el("section", { class: "tray", "aria-label": t("drive.download.label") },
      el("div", { class: "t" }, el("b", {}, t("link.folder.unfinished")), el("span", { class: "tray-buttons" }, iconButton("x", t("link.folder.leave"), () => {
        notice.remove();
        void forgetFolder(id);
      }))),
      el("div", { class: "tray-failed" }, el("p", { class: "plain" }, t("link.folder.unfinished.text")), button(t("link.folder.go_on"), {
        kind: "soft",
        icon: "play",
        click() {
          notice.remove();
          intoFolder((options) => goOnSavingFolder(opened, note, options));
        },
      })));
    place.append(notice);
  }

  /** @param {PageTransitionEvent} event the person went elsewhere and back, and the browser had kept the page, but not what it was doing */
  function back({ persisted }) {
    if (persisted && running > 0) location.reload();
  }

  addEventListener("pageshow", back);
  void orphans(id).then((found) => {
    for (const orphan of found) count(goOnInTray(place, source, orphan, { fault }));
  });
  if (canSaveFolder()) void pendingFolder(opened).then((note) => note && offerToGoOn(note));
  return {
    save,
    choose,
    end: () => removeEventListener("pageshow", back),
  };
}
