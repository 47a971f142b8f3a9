import type { IncomingHttpHeaders } from 'node:http';

const MAX_ERROR_BYTES = 64 * 1024;

/** An upstream's answer that is no success, as far as it is worth reading. */
export class ErrorAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(status: number, headers: IncomingHttpHeaders) {
    this.status = status;
    this.headers = headers;
  }

  get body(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  /** Whether that was all that is read of it. */
  push(chunk: Buffer): boolean {
    if (this.#bytes >= MAX_ERROR_BYTES) return false;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes >= MAX_ERROR_BYTES;
  }
}
