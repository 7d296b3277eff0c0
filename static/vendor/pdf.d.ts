/** The part of pdfjs-dist 6.5 that Thorpe uses; cut from its own types. */

export class PDFDataRangeTransport {
  constructor(length: number, initialData: Uint8Array | null);
  onDataRange(begin: number, chunk: Uint8Array | null): void;
  requestDataRange(begin: number, end: number): void;
  abort(): void;
}

export interface PageViewport {
  width: number;
  height: number;
}

export interface RenderTask {
  promise: Promise<void>;
  cancel(): void;
}

export interface PDFPageProxy {
  getViewport(options: { scale: number }): PageViewport;
  render(options: { canvas: HTMLCanvasElement; viewport: PageViewport; annotationMode?: number; intent?: string }): RenderTask;
  streamTextContent(): ReadableStream;
  cleanup(): boolean;
}

export interface PDFDocumentProxy {
  numPages: number;
  getPage(number: number): Promise<PDFPageProxy>;
}

export interface PDFDocumentLoadingTask {
  promise: Promise<PDFDocumentProxy>;
  onPassword: ((update: (password: string) => void, reason: number) => void) | null;
  destroy(): Promise<void>;
}

export interface DocumentOptions {
  range: PDFDataRangeTransport;
  rangeChunkSize: number;
  disableAutoFetch: boolean;
  disableStream: boolean;
  disableWorkerRendering: boolean;
  enableXfa: boolean;
  useWasm: boolean;
  useWorkerFetch: boolean;
  wasmUrl: string;
  maxImageSize: number;
  canvasMaxAreaInBytes: number;
  verbosity: number;
}

export function getDocument(options: DocumentOptions): PDFDocumentLoadingTask;
export class TextLayer {
  constructor(options: { textContentSource: ReadableStream; container: HTMLElement; viewport: PageViewport });
  render(): Promise<void>;
  cancel(): void;
}
