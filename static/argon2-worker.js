/**
 * The worker of argon2.js: one hash, then it is ended. Its parameters are compiled in: no message, file or server can change them.
 */
import { argon2id } from "./vendor/argon2.js";

onmessage = async ({ data: { password, salt } }) => {
  try {
    postMessage(
      await argon2id({ password, salt, memorySize: 65536, iterations: 3, parallelism: 1, hashLength: 32, outputType: "binary" }),
    );
  } catch (cause) {
    postMessage(String(cause));
  }
};
