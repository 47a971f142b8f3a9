import { randomUUID } from 'node:crypto';

const CLIENT_REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

let lastTime = -1;
let lastPrefix = '';

/** A UUIDv7 (RFC 9562 §5.7): sortable by its time, random otherwise. `now` is epoch ms. */
export function createEventId(now: number): string {
  if (now !== lastTime) {
    const time = now.toString(16).padStart(12, '0');
    lastTime = now;
    lastPrefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  }
  return lastPrefix + randomUUID().slice(15);
}

/** The id that the client gave its request, if it may be echoed and logged. */
export function clientRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && CLIENT_REQUEST_ID.test(header) ? header : undefined;
}
