import type { ServerResponse } from 'node:http';

/** As long as a client may read nothing of an answer that is complete. */
const UNREAD_MS = 60_000;

/** Ends an answer. A client that stops reading what is left of it loses its connection after a minute without progress. */
export function endResponse(response: ServerResponse, bytes?: Buffer | string): void {
  if (bytes === undefined) response.end();
  else response.end(bytes);
  // Mostly everything is with the system at once, though `finish` comes later.
  if (response.writableLength === 0 || response.destroyed) return;
  // Before Node's own listener, which takes the socket away: the next answer on it must not inherit the timeout.
  response.prependOnceListener('finish', stopTimeout);
  // Nobody listens for the timeout, and so Node destroys the socket.
  response.setTimeout(UNREAD_MS);
}

function stopTimeout(this: ServerResponse): void {
  this.setTimeout(0);
}
