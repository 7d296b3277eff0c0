/**
 * The script of the tests' page: lets the test call what a module here exports, and takes its answer as JSON.
 */
const globals = /** @type {any} */ (globalThis);

/**
 * @param {string} module
 * @param {string} name
 * @param {unknown[]} args
 */
globals.run = async (module, name, args) => {
  try {
    return JSON.stringify((await (await import(`./${module}`))[name](...args)) ?? null);
  } catch (error) {
    const { stack, code, status, message } = /** @type {any} */ (error);
    throw new Error(`${code ?? ""} ${status ?? ""} ${message} ${stack}`);
  }
};
globals.ready = true;
