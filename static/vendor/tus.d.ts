/** The part of tus-js-client 4.3 that Thorpe uses. Its own types want Node's; these are cut from them. */

export interface HttpRequest {
  getMethod(): string;
  getUnderlyingObject(): XMLHttpRequest;
}

export interface HttpResponse {
  getStatus(): number;
  getHeader(name: string): string | null;
  getBody(): string;
}

export interface DetailedError extends Error {
  originalRequest?: HttpRequest;
  originalResponse?: HttpResponse | null;
  causingError?: Error;
}

export interface SliceResult {
  /** Bytes that carry their length as `size` too, as a Blob does: tus reads that member. */
  value: (Uint8Array<ArrayBuffer> & { size: number }) | null;
  done: boolean;
}

export interface FileSource {
  size: number;
  slice(start: number, end: number): Promise<SliceResult>;
  close(): void;
}

export interface UploadOptions {
  endpoint?: string;
  uploadUrl?: string | null;
  uploadSize?: number;
  chunkSize?: number;
  retryDelays?: number[];
  storeFingerprintForResuming?: boolean;
  metadata?: Record<string, string>;
  fingerprint?: () => Promise<string | null>;
  fileReader?: { openFile(input: unknown, chunkSize: number): Promise<FileSource> };
  onProgress?: (sent: number, total: number) => void;
  onChunkComplete?: (size: number, accepted: number, total: number) => void;
  onSuccess?: () => void;
  onError?: (error: DetailedError) => void;
  onShouldRetry?: (error: DetailedError, attempt: number) => boolean;
  onUploadUrlAvailable?: () => void;
}

export class Upload {
  constructor(file: unknown, options: UploadOptions);
  url: string | null;
  start(): void;
  abort(shouldTerminate?: boolean): Promise<void>;
}
