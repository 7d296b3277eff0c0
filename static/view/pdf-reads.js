/**
 * What the frame that draws a PDF may ask the page for.
 */
export const longestRead = 4 * 1024 * 1024; // bytes asked for at once
export const mostReads = 8; // at a time

/**
 * @param {unknown} value
 * @returns {value is number}
 */
export const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
