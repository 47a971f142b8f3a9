import type { IncomingMessage } from 'node:http';
import { GatewayError } from '@penstock/contracts';

const MAX_HEADERS = 100;
const MAX_TARGET_LENGTH = 2048;
/** A host name, IPv4 or bracketed IPv6 address with an optional port: nothing that a URL parser could read otherwise. */
const HOST = /^[A-Za-z0-9._-]+(?::\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](?::\d{1,5})?$/;

/** Headers of which a second one would be seen differently by the next server: Node takes the first or joins them. */
const SINGLE_HEADERS: ReadonlyMap<string, number> = new Map(
  [
    'host',
    'authorization',
    'x-api-key',
    'api-key',
    'x-goog-api-key',
    'content-type',
    'content-length',
    'content-encoding',
    'x-provider',
  ].map((name, index) => [name, 1 << index]),
);
const SINGLE_HEADER_LENGTHS: ReadonlySet<number> = new Set([...SINGLE_HEADERS.keys()].map((name) => name.length));

/** Refuses what Node's parser lets through although it is ambiguous (RFC 9112 §3.2, §11). Throws GatewayError. */
export function checkRequestHead(request: IncomingMessage): void {
  if (request.httpVersion !== '1.1') {
    throw new GatewayError('invalid_request', 'Only HTTP/1.1 is served.', { status: 505 });
  }
  const { rawHeaders } = request;
  if (rawHeaders.length > MAX_HEADERS * 2) {
    throw new GatewayError('headers_too_large', `More than ${MAX_HEADERS} headers.`);
  }
  checkSingleHeaders(rawHeaders);
  if (!HOST.test(request.headers.host ?? '')) {
    throw new GatewayError('invalid_request', 'The Host header is not valid.', { param: 'host' });
  }
  checkTarget(request.url ?? '');
}

function checkSingleHeaders(rawHeaders: readonly string[]): void {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index] ?? '';
    if (!SINGLE_HEADER_LENGTHS.has(raw.length)) continue;
    const name = raw.toLowerCase();
    const bit = SINGLE_HEADERS.get(name) ?? 0;
    if ((seen & bit) !== 0) throw new GatewayError('invalid_request', `More than one ${name} header.`, { param: name });
    seen |= bit;
  }
}

function checkTarget(target: string): void {
  if (target.length > MAX_TARGET_LENGTH) {
    throw new GatewayError('invalid_request', `The request target is longer than ${MAX_TARGET_LENGTH} bytes.`, {
      status: 414,
    });
  }
  if (target.charCodeAt(0) !== 0x2f) throw new GatewayError('invalid_request', 'The request target must be a path.');
}
