/**
 * What to do on each system, docs/mounting.md in short: what to know first, the steps, and the lines of a terminal that do the same.
 *
 * guideFor(system, drive) -> Guide
 *
 * @typedef {object} Drive
 * @property {string} address of the WebDAV door, with a slash at its end: "https://files.example.org/dav/"
 * @property {string} name of the account
 * @property {string} password the app password, or what stands in its place: letters, digits and dashes
 *
 * @typedef {object} Step
 * @property {string} text
 * @property {[label: string, value: string][]} [values] to be typed or pasted into what the text names
 * @property {string} [command] lines for a terminal
 *
 * @typedef {object} Guide
 * @property {string[]} limits of that system's own client, to know before they bite
 * @property {Step[]} steps
 * @property {Step[]} others other ways, and what mends a limit
 */
import { t } from "../texts.js";

/** About so many files make a listing longer than Windows takes: FileAttributesLimitInBytes. */
const windowsFiles = 1300;

const parameters = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\WebClient\\Parameters";

/**
 * @param {import("./system.js").System} system
 * @param {Drive} drive
 * @returns {Guide}
 */
export function guideFor(system, drive) {
  return guides[system](drive);
}

/** @type {Record<import("./system.js").System, (drive: Drive) => Guide>} */
const guides = {
  windows: (drive) => ({
    limits: [t("connect.windows.limit_size"), t("connect.windows.limit_list", { many: windowsFiles }), t("connect.windows.limit_large")],
    steps: [
      { text: t("connect.windows.map") },
      { text: t("connect.windows.folder"), values: [address(drive)] },
      { text: t("connect.windows.signin"), values: signIn(drive) },
    ],
    others: [
      {
        text: t("connect.windows.raise"),
        command: [
          `reg add ${parameters} /v FileSizeLimitInBytes /t REG_DWORD /d 4294967295 /f`,
          `reg add ${parameters} /v FileAttributesLimitInBytes /t REG_DWORD /d 20000000 /f`,
          "sc.exe config WebClient start= auto",
          "net stop WebClient",
          "net start WebClient",
        ].join("\n"),
      },
      { text: t("connect.windows.terminal"), command: `net use Z: ${drive.address} * /user:${drive.name} /persistent:yes` },
    ],
  }),
  mac: (drive) => ({
    limits: [t("connect.mac.limit_video"), t("connect.mac.limit_hidden")],
    steps: [
      { text: t("connect.mac.go") },
      { text: t("connect.mac.address"), values: [address(drive)] },
      { text: t("connect.mac.signin"), values: signIn(drive) },
    ],
    others: [],
  }),
  gnome: (drive) => ({
    limits: [t("connect.gnome.limit_trash")],
    steps: [
      { text: t("connect.gnome.network") },
      { text: t("connect.gnome.address"), values: [[t("connect.server_address"), otherScheme("dav", drive)]] },
      { text: t("connect.gnome.signin"), values: [password(drive)] },
    ],
    others: [{ text: t("connect.gnome.terminal"), command: `gio mount ${otherScheme("dav", drive)}` }],
  }),
  kde: (drive) => ({
    limits: [t("connect.kde.limit_programs")],
    steps: [
      { text: t("connect.kde.bar") },
      { text: t("connect.kde.address"), values: [[t("connect.server_address"), otherScheme("webdav", drive)]] },
      { text: t("connect.kde.signin"), values: [password(drive)] },
      { text: t("connect.kde.keep") },
    ],
    others: [],
  }),
  linux: (drive) => ({
    limits: [t("connect.linux.limit_kernel"), t("connect.linux.limit_modes")],
    steps: [
      { text: t("connect.linux.install"), command: "sudo apt install davfs2" },
      { text: t("connect.linux.secret"), command: `echo '${drive.address} ${drive.name} ${drive.password}' | sudo tee -a /etc/davfs2/secrets > /dev/null` },
      { text: t("connect.linux.mount"), command: `sudo mkdir -p /mnt/drive\nsudo mount -t davfs -o uid=$(id -u),gid=$(id -g) ${drive.address} /mnt/drive` },
    ],
    others: [{ text: t("connect.linux.curl"), command: `curl -u ${drive.name}:${drive.password} -T file.txt ${drive.address}` }],
  }),
  ios: (drive) => ({ limits: [t("connect.ios.limit_files"), t("connect.untried")], steps: app(drive, t("connect.ios.app")), others: [] }),
  android: (drive) => ({ limits: [t("connect.untried")], steps: app(drive, t("connect.android.app")), others: [] }),
  rclone: (drive) => ({
    limits: [t("connect.rclone.limit_later"), t("connect.rclone.limit_cache")],
    steps: [
      { text: t("connect.rclone.install") },
      {
        text: t("connect.rclone.create"),
        command: `rclone config create drive webdav url=${drive.address} vendor=owncloud user=${drive.name} pass=${drive.password} --obscure`,
      },
      { text: t("connect.rclone.look"), command: "rclone lsf drive:" },
      { text: t("connect.rclone.mount"), command: "mkdir -p ~/drive\nrclone mount drive: ~/drive --vfs-cache-mode writes" },
    ],
    others: [
      { text: t("connect.rclone.windows"), command: "rclone mount drive: X: --vfs-cache-mode writes" },
      { text: t("connect.rclone.copy"), command: "rclone copy FOLDER drive:FOLDER --progress" },
    ],
  }),
};

/**
 * @param {Drive} drive
 * @returns {[string, string]}
 */
const address = (drive) => [t("connect.address"), drive.address];

/**
 * @param {Drive} drive
 * @returns {[string, string]}
 */
const password = (drive) => [t("connect.password"), drive.password];

/**
 * @param {Drive} drive
 * @returns {[string, string][]}
 */
const signIn = (drive) => [[t("connect.user"), drive.name], password(drive)];

/**
 * The address as file managers of Linux write it, with the name: "davs://ann@files.example.org/dav/".
 * @param {"dav" | "webdav"} scheme over plain http; its encrypted twin ends with an s
 * @param {Drive} drive
 */
function otherScheme(scheme, { address: url, name }) {
  const { protocol, host, pathname } = new URL(url);
  return `${scheme}${protocol === "https:" ? "s" : ""}://${name}@${host}${pathname}`;
}

/**
 * An app of a phone.
 * @param {Drive} drive
 * @param {string} which
 * @returns {Step[]}
 */
const app = (drive, which) => [
  { text: which },
  { text: t("connect.phone.add"), values: [address(drive), ...signIn(drive)] },
  { text: t("connect.phone.page") },
];
