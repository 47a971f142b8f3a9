import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Turn } from './turn/turn.ts';
import type { Frame, TurnWriter } from './vendor.ts';

/** Sends a turn as a stream, with the fault that it carries. True when it was sent to its proper end. */
export async function playStream(
  response: ServerResponse,
  writer: TurnWriter,
  turn: Turn,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { delivery } = turn;
  response.writeHead(200, { 'content-type': writer.contentType, 'cache-control': 'no-cache', ...headers });
  await delay(delivery.firstDelayMs);
  for (const frame of framesToSend(writer, turn)) {
    if (response.destroyed) return false;
    await send(response, frame, delivery.pieceBytes);
    // A frame leaves on its own, as vendors send it.
    await delay(delivery.delayMs);
  }
  if (delivery.fault === 'cut') {
    // What was written still leaves before the FIN; the chunked body stays open.
    response.socket?.end();
    return false;
  }
  response.end();
  return delivery.fault === null;
}

/** Sends a turn as one document. */
export async function playWhole(
  response: ServerResponse,
  writer: TurnWriter,
  turn: Turn,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  await delay(turn.delivery.firstDelayMs);
  const body = Buffer.from(JSON.stringify(writer.whole(turn)));
  const cut = turn.delivery.fault === 'cut';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
  if (cut) {
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    return false;
  }
  response.end(body);
  return true;
}

function framesToSend(writer: TurnWriter, turn: Turn): readonly Frame[] {
  const { fault } = turn.delivery;
  if (fault === 'error-first-event') return [...writer.errorFrames(turn, 0)];
  const frames = [...writer.frames(turn)];
  if (fault === null) return frames;
  const half = frames.slice(0, Math.ceil(frames.length / 2));
  return fault === 'error-mid-stream' ? [...half, ...writer.errorFrames(turn, half.length)] : half;
}

async function send(response: ServerResponse, frame: Frame, pieceBytes: number | null): Promise<void> {
  const bytes = Buffer.from(frame as string);
  const size = pieceBytes ?? bytes.length;
  for (let start = 0; start < bytes.length; start += size) {
    if (response.destroyed) return;
    const piece = bytes.subarray(start, start + size);
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
}
