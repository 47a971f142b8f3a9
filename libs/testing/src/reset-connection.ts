import type { Socket } from 'node:net';

/**
 * Closes a connection with RST. One that is being ended is only closed: Node fails to reset it (`reset EINVAL`) and takes its
 * handle for closed from then on; no `close` follows, and the process spins for ever at its exit, waiting for that handle.
 */
export function resetConnection(socket: Socket): void {
  const isEnding = socket.writableEnded && !socket.writableFinished;
  if (isEnding) socket.destroy();
  else socket.resetAndDestroy();
}
