/**
 * Whether a file of this computer can still be read: a browser reports one that changed or went away during the upload like a broken network.
 * @param {File} file
 */
export async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
