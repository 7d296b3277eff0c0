// The signed-in app: one page whose views change without loading it anew, so that uploads go on while one looks at something else.
import { currentAccount, onOtherTab } from "../account-store.js";
import { SIGNED_IN, SIGNED_OUT } from "../api.js";
import { at, below } from "../base.js";
import { watchInstall } from "../install.js";
import { navigate, startRouting } from "../router.js";
import { isPendingSend, SENDS_CHANGED, sendingElsewhere } from "../sends-waiting.js";
import { later } from "../later.js";
import { dropZone } from "../drive/drop-zone.js";
import { pickedFromDrop } from "../drive/picked.js";
import { listUploads } from "../send-uploads.js";
import { failedView, mainElement, setTitle, watchConnection } from "../shell.js";
import { showSpace } from "../space.js";
import { t } from "../texts.js";
import { iconButton } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { say } from "../ui/say.js";
import { leaveProblems, toast } from "../ui/toast.js";
import { sentence } from "../ui/problem.js";
import { unsupported } from "../ui/unsupported.js";

const main = mainElement();
const data = document.body.dataset;

/** @type {import("../router.js").View[]} */
const views = [
  { name: "drive", owns: (path) => path === "/" || path === "/drive" || path.startsWith("/drive/"), load: () => import("./drive.js") },
  { name: "drive", owns: (path) => path === "/search", load: () => import("./search.js") },
  { name: "recent", owns: (path) => path === "/recent", load: () => import("./recent.js") },
  { name: "trash", owns: (path) => path === "/trash", load: () => import("./trash.js") },
  { name: "links", owns: (path) => path === "/links", load: () => import("./links.js") },
  { name: "connect", owns: (path) => path === "/connect", load: () => import("./connect.js") },
  { name: "share", owns: (path) => path === "/share/", load: () => import("./share.js") },
  { name: "settings", owns: (path) => path === "/settings", load: () => import("./settings.js") },
  { name: "people", owns: (path) => path === "/people" && data.operator === "true", load: () => import("./people.js") },
  { name: "operator", owns: (path) => path === "/operator" && data.operator === "true", load: () => import("./operator.js") },
  { name: "operator", owns: (path) => path === "/operator/links" && data.operator === "true", load: () => import("./operator-links.js") },
  { name: "operator", owns: (path) => path === "/operator/reports" && data.operator === "true", load: () => import("./operator-reports.js") },
];

start();

async function start() {
  const lacking = unsupported();
  if (lacking) {
    main.append(lacking);
    return;
  }
  void views.find(({ owns }) => owns(below(location.pathname) ?? ""))?.load().then(({ ahead }) => ahead?.(location.pathname), () => {}); // beside the look for the key
  try {
    const account = await currentAccount();
    if (account?.id === data.account) run();
    else await askForPassword();
  } catch (err) {
    main.append(failedView(err, () => location.reload()));
  }
}

/** The session is alive, but this browser does not have its account's key: it is made anew from the password. */
async function askForPassword() {
  const { signInForm } = await import("../ui/signin-form.js");
  const app = document.getElementById("app");
  const heading = el("h1", {}, t("signin.key_title"));
  setTitle(t("signin.key_title"));
  app?.classList.add("locked");
  fill(main, el("div", { class: "sheet narrow" },
    el("p", { class: "top", "aria-hidden": "true" }, el("span", { class: "mark" }, "#"), "Thorpe"), heading, el("p", { class: "sub" }, t("signin.key_missing")),
    signInForm({ name: data.name ?? "", unlocking: true, done: () => {
      app?.classList.remove("locked");
      run();
    } }),
    el("p", { class: "after" }, el("button", { type: "button", class: "link-btn", click: leave }, t("signin.other")))));
  const password = main.querySelector("[name=password]");
  if (password instanceof HTMLElement) password.focus();
}

function run() {
  for (const link of document.querySelectorAll('[data-route="people"], [data-route="operator"]')) {
    if (link instanceof HTMLElement) link.hidden = data.operator !== "true";
  }
  const who = document.getElementById("who");
  if (who) {
    who.hidden = false;
    fill(who, el("span", { class: "cut" }, data.name), iconButton("log-out", t("shell.sign_out"), leave));
  }
  if (main.parentElement) watchConnection(main.parentElement);
  addEventListener(SIGNED_OUT, ended);
  addEventListener(SENDS_CHANGED, showUnfinished);
  watchInstall();
  addEventListener("appinstalled", takeShares);
  if (matchMedia("(display-mode: standalone)").matches) takeShares();
  onOtherTab((id) => {
    if (id !== data.account) return location.reload();
    dispatchEvent(new Event(SIGNED_IN));
    if (!toldEnded) return;
    toldEnded();
    toldEnded = null;
    toast(t("shell.signed_in_again"), { kind: "done" });
  });
  takesDropsAnywhere();
  startRouting({
    main, views,
    arrived(view, route) {
      leaveProblems();
      void showSpace();
      showUnfinished();
      for (const link of document.querySelectorAll(".nav-item[data-route]")) {
        if (link instanceof HTMLElement && link.dataset.route === view.name) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      if (route.first) return;
      // A keyboard or a screen reader goes on at the top of what is new, unless the view has put the focus somewhere itself.
      if (!main.contains(document.activeElement)) {
        const heading = main.querySelector("h1");
        heading?.setAttribute("tabindex", "-1");
        (heading ?? main).focus({ preventScroll: true });
      }
      say(document.title);
    },
    failed(err) {
      console.error(err);
      fill(main, failedView(err, () => navigate(location.pathname + location.search, { replace: true })));
    },
  });
}

/** Files that are dropped on a page without a list go into the drive's root: the page must not be left for them. */
function takesDropsAnywhere() {
  dropZone({
    text: t("drive.drop.root"),
    under: t("drive.drop.under", { folder: t("drive.root") }),
    drop(transfer) {
      const picking = pickedFromDrop(transfer);
      void later(() => import("../drive/opened.js")).then(({ openedDrive }) => openedDrive().desk.take(picking, ""));
    },
  });
}

let offered = false;

/**
 * Offers to go on with what an earlier visit did not finish to upload into the drive.
 * @param {import("../send-uploads.js").UploadAnswer[]} uploads
 */
async function offerUnfinished(uploads) {
  offered = true;
  if (!uploads.some(({ use }) => use === "drive")) return;
  const [unfinished, { openedDrive }] = await Promise.all([import("../drive/unfinished.js"), import("../drive/opened.js")]);
  await unfinished.showUnfinished(uploads, openedDrive().desk);
}

/** Says beside My links how many links wait to be finished; one that a tab is sending does not wait. Likewise no more than a help. */
async function showUnfinished() {
  const link = document.querySelector('[data-route="links"]');
  try {
    const [uploads, busy] = await Promise.all([listUploads(), sendingElsewhere()]);
    if (!offered) void offerUnfinished(uploads);
    const count = uploads.filter((upload) => isPendingSend(upload) && !busy.has(upload.id)).length;
    link?.querySelector(".nav-count")?.remove();
    if (count === 0) return;
    const words = t("pending.count", { count });
    link?.append(el("span", { class: "nav-count", title: words }, el("span", { "aria-hidden": "true" }, count), el("span", { class: "unseen" }, words)));
  } catch {
    // the page below says what is wrong
  }
}

/** Once it is installed, other apps of the device may share into this one. */
function takeShares() {
  void import("../share-store.js").then(({ registerShareTarget }) => registerShareTarget());
}

/** Takes away what says that the session ended. @type {(() => void) | null} */
let toldEnded = null;

/**
 * The session ended elsewhere: by sign-out in another tab, a changed password, or time. What is unsaved is not thrown away: one signs in beside it then, and
 * goes on here.
 */
function ended() {
  toldEnded ??= toast(t("shell.ended"), { kind: "problem", keep: true, action: t("signin.action"), act() {
    if (!wouldLose()) return location.reload();
    open(location.href, "_blank", "noopener");
    toldEnded = toast(t("shell.signing_in_beside"), { kind: "problem", keep: true });
  } });
}

/** Whether loading the page anew would take something from the person: typed text, running work, files that wait for another try. */
const wouldLose = () => document.querySelector("dialog[open], .tray:not([hidden])") !== null || !dispatchEvent(new Event("beforeunload", { cancelable: true }));

async function leave() {
  try {
    const { signOut } = await later(() => import("../account.js"));
    await signOut();
    location.assign(at("/"));
  } catch (err) {
    toast(sentence(err), { kind: "problem" });
  }
}
