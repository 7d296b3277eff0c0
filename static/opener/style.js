/**
 * ui/style.js of the opener: all style sheets stand in the page.
 */

/** @param {string} _name */
export async function needStyle(_name) {}
