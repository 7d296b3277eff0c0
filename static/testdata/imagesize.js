/** Measures images that a test made. */
import { imageSize } from "../view/image-size.js";

/** @param {string[]} images base64 */
export function measure(images) {
  return images.map((image) => {
    const found = imageSize(Uint8Array.from(atob(image), (letter) => letter.charCodeAt(0)));
    return found ? `${found.type} ${found.width}x${found.height}` : "";
  });
}
