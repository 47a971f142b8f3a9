import type { IncomingMessage, ServerResponse } from 'node:http';
import { endResponse } from './end-response.ts';

/** Names and values in turn, as `writeHead` takes them without building an object. */
export type HeaderList = string[];

/** More unread body than this is not worth reading to keep the connection. */
const MAX_DRAINED_BYTES = 64 * 1024;
const LINGER_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 2000;

/** Sends a whole answer. The connection is kept unless too much of the request's body is still on its way. */
export function writeWhole(response: ServerResponse, status: number, headers: HeaderList, body: Buffer): void {
  headers.push('content-length', String(body.length));
  const { req: request } = response;
  if (mustLinger(request)) {
    headers.push('connection', 'close');
    response.writeHead(status, headers);
    response.write(body);
    linger(request, response);
    return;
  }
  response.writeHead(status, headers);
  if (request.method === 'HEAD') endResponse(response);
  else endResponse(response, body);
}

/** Ends an answer that has been streamed. While the request's body is still on its way that is read on for a moment. */
export function endAnswer(response: ServerResponse): void {
  if (response.req.complete) endResponse(response);
  else linger(response.req, response);
}

function mustLinger(request: IncomingMessage): boolean {
  if (request.complete) return false;
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined) return true;
  return Number(headers['content-length'] ?? 0) > MAX_DRAINED_BYTES;
}

/**
 * Reads on for a moment after the answer was sent: closing at once would reset the connection of a client that is still
 * sending, and the answer would be lost to it (RFC 9112 §9.6).
 */
function linger(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  const end = (): void => {
    clearTimeout(timer);
    if (!response.writableEnded) endResponse(response);
  };
  const timer = setTimeout(end, LINGER_MS);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) end();
  });
  request.once('end', end);
  request.once('close', end);
  request.resume();
}
