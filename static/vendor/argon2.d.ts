/** The part of hash-wasm 4.13 that Thorpe uses. */
export function argon2id(options: {
  password: Uint8Array;
  salt: Uint8Array;
  /** KiB */
  memorySize: number;
  iterations: number;
  parallelism: number;
  hashLength: number;
  outputType: "binary";
}): Promise<Uint8Array<ArrayBuffer>>;
