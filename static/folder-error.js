/**
 * Why files could not be written into a folder of this computer.
 *
 * folderErrorOf(error, otherwise?) -> unknown      a FolderError where the error's name is one of the File System Access API's; otherwise, by default, the error itself
 */
export class FolderError extends Error {
  /** @param {"no_permission" | "no_space" | "folder_gone" | "busy"} code */
  constructor(code) {
    super(code);
    this.name = "FolderError";
    /** @readonly */
    this.code = code;
  }
}

/** @type {Record<string, "no_permission" | "no_space" | "folder_gone">} */
const codes = {
  NotAllowedError: "no_permission",
  SecurityError: "no_permission",
  NoModificationAllowedError: "no_permission",
  TypeMismatchError: "folder_gone",
  NotFoundError: "folder_gone",
  InvalidStateError: "folder_gone",
  QuotaExceededError: "no_space",
};

/**
 * @param {unknown} error or its name
 * @param {unknown} [otherwise]
 */
export function folderErrorOf(error, otherwise = error) {
  const code = codes[typeof error === "string" ? error : /** @type {Error} */ (error)?.name];
  return code ? new FolderError(code) : otherwise;
}
