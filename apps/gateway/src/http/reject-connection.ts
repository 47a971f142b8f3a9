import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError } from '@penstock/contracts';
import { renderOpenAiError } from '@penstock/dialects';
import { randomUUID } from 'node:crypto';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};

/** Answers what never became a request, and closes the connection: what follows on it cannot be told apart any more. */
export function rejectConnection(cause: Error, socket: Duplex): void {
  const current = (socket as { readonly _httpMessage?: ServerResponse })._httpMessage;
  if (!socket.writable || current?.headersSent) {
    socket.destroy();
    return;
  }
  const error = cause instanceof GatewayError ? cause : errorFor((cause as NodeJS.ErrnoException).code ?? '');
  const body = renderOpenAiError(error);
  const head = [
    `HTTP/1.1 ${error.status} ${REASONS[error.status] ?? 'Bad Request'}`,
    'content-type: application/json',
    `x-request-id: ${randomUUID()}`,
    `content-length: ${body.length}`,
    'connection: close',
    '',
    '',
  ].join('\r\n');
  socket.end(Buffer.concat([Buffer.from(head), body]));
}

function errorFor(code: string): GatewayError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('headers_too_large', 'The headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('request_timeout', 'The request did not arrive in time.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new GatewayError('payload_too_large', 'The chunk extensions are too large.');
    default:
      return new GatewayError('invalid_request', 'The request is not valid HTTP.');
  }
}
