/** Imported for what it does: it puts globalThis.pdfjsWorker in place, with which pdf.js works in the page's own thread. */
export {};
