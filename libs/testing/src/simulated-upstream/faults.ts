import type { ServerResponse } from 'node:http';
import { resetConnection } from '../reset-connection.ts';
import type { Fault } from './behaviour.ts';

/** Closes the connection under an answer: with RST, or with FIN. */
export function cutConnection(response: ServerResponse, reset: boolean): void {
  const { socket } = response;
  if (!socket) return;
  if (reset) resetConnection(socket);
  // Written bytes still leave before the FIN.
  else socket.end(() => socket.destroy());
}

/** Plays a fault that replaces the answer. False for a fault that only changes it. */
export function playFault(response: ServerResponse, fault: Fault): boolean {
  switch (fault.kind) {
    case 'status':
      answerStatus(response, fault);
      return true;
    case 'hang':
      return true;
    case 'hang-after-headers':
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return true;
    case 'garbage':
      response.socket?.end('SSH-2.0-OpenSSH_9.2p1 Debian\r\n');
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please log in</body></html>');
      return true;
    case 'cut':
      if (fault.beforeEvent !== undefined) return false;
      cutConnection(response, fault.reset);
      return true;
    default:
      return false;
  }
}

function answerStatus(response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>): void {
  const error = { message: fault.message, type: 'SimulatedError', param: null, code: fault.status };
  const body = fault.body ?? JSON.stringify({ error });
  response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(body);
}
