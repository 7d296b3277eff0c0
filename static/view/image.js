/**
 * Images: read whole, measured by their headers, and only then given to the browser, as the type that was found in them.
 *
 * view(entry, context) -> View
 * soundImage(entry, {source, signal}, bounds?) -> Promise<Blob>     of the type found; throws ViewError
 */
import { el } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { bytes as amount, t } from "../texts.js";
import { readAll } from "../source.js";
import { imageSize } from "./image-size.js";
import { ViewError } from "./view-error.js";
import { zoomable } from "./zoom.js";

/** What is read and decoded at most, to be looked at: bytes, pixels in all, and pixels a side. */
const bounds = { size: 64 * 1024 * 1024, pixels: 100_000_000, side: 16_384 };

/**
 * @param {import("../source.js").Entry} entry
 * @param {{source: import("../source.js").Source, signal: AbortSignal}} context
 * @param {{size: number, pixels: number, side: number}} [most]
 * @returns {Promise<Blob>}
 */
export async function soundImage(entry, { source, signal }, most = bounds) {
  if (entry.size > most.size) throw new ViewError("too_large", { size: amount(most.size) });
  const bytes = await readAll(await source.read(entry, { signal }), entry.size);
  const found = imageSize(bytes);
  if (!found) throw new ViewError("not_that");
  const { type, width, height } = found;
  if (width > most.side || height > most.side || width * height > most.pixels) throw new ViewError("too_many_pixels", { width, height });
  return new Blob([bytes], { type });
}

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<import("./viewer.js").View>}
 */
export async function view(entry, context) {
  const url = URL.createObjectURL(await soundImage(entry, context));
  const image = el("img", { src: url, alt: entry.name, class: "view-image", draggable: "false" });
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    throw new ViewError("damaged");
  }
  const box = el("div", { class: "view-picture", tabindex: "-1" }, image);
  const level = el("output", { class: "viewer-page nums only-wide" });
  const size = iconButton("maximize-2", t("view.actual_size"), () => zoom.toggle());
  const smaller = iconButton("zoom-out", t("view.smaller"), () => zoom.by(1 / 1.25), "only-wide"); // fingers zoom by themselves
  const larger = iconButton("zoom-in", t("view.larger"), () => zoom.by(1.25), "only-wide");
  const zoom = zoomable(box, image, ({ scale, whole }) => {
    level.textContent = t("view.zoom", { percent: Math.round(scale * 100) });
    size.setAttribute("aria-pressed", String(!whole));
  });
  return {
    element: box,
    tools: [level, smaller, larger, size],
    key: zoom.key,
    end() {
      zoom.end();
      URL.revokeObjectURL(url);
    },
  };
}
