import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { GatewayError } from '@penstock/contracts';

/** A request's body on its way to the vendor, as fast as that reads. It fails with payload_too_large beyond its bound. */
export class BoundedBody extends Transform {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(request: IncomingMessage, maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
    // Whoever sends it hears of its failure; what is destroyed before that must not end the process.
    this.on('error', () => request.unpipe(this));
    request.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) done(bodyTooLarge(this.#maxBytes));
    else done(null, chunk);
  }
}

export function bodyTooLarge(maxBytes: number): GatewayError {
  return new GatewayError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
}
