import type { ServerResponse } from 'node:http';

/** Sends an error in vLLM's shape. */
export function refuse(response: ServerResponse, status: number, message: string, type: string): void {
  const body = JSON.stringify({ error: { message, type, param: null, code: status } });
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
