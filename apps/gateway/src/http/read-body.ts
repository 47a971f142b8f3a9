import type { IncomingMessage } from 'node:http';
import { GatewayError } from '@penstock/contracts';

/** The client went away before it had sent everything. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

const JSON_TYPE = /^application\/(?:json|[a-z0-9.+-]+\+json)\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** Checks what the headers say of a JSON body, before anything of it is read. Throws GatewayError. */
export function checkBodyHeaders(request: IncomingMessage, maxBytes: number): void {
  const { headers } = request;
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const type = headers['content-type'];
  if (type === undefined || (type !== 'application/json' && !JSON_TYPE.test(type))) {
    throw new GatewayError('unsupported_media_type', "The Content-Type must be 'application/json'.", {
      param: 'content-type',
    });
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new GatewayError('unsupported_media_type', 'A compressed body is not accepted.', {
      param: 'content-encoding',
    });
  }
}

/** Reads the whole body, whatever its framing. Rejects with GatewayError (too large) or {@link ClientGoneError}. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null;
    let chunks: Buffer[] | null = null;
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        request.removeAllListeners('data');
        reject(tooLarge(maxBytes));
      } else if (first === null) first = chunk;
      else if (chunks === null) chunks = [first, chunk];
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks ? Buffer.concat(chunks, length) : (first ?? Buffer.alloc(0))));
    request.on('error', () => reject(new ClientGoneError('the connection broke while the body was read')));
    request.on('close', () => {
      if (!request.complete) reject(new ClientGoneError('the client closed the connection while it sent the body'));
    });
  });
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
}
