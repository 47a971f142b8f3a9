import { isFree } from '@penstock/testing';

/** The ports that `npm run up` uses without an offset. */
const PORTS = [8080, 8081, 3000, 3001, 3002, 8090, 15_432, 16_379];
/** Keeps the highest port below the range from which the system takes the ports of outgoing connections. */
const HIGHEST_OFFSET = 16_000;
const ATTEMPTS = 50;

/** A `--port-offset` with which nobody listens on any of the ports. */
export async function freePortOffset(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const offset = 100 + Math.floor(Math.random() * HIGHEST_OFFSET);
    const free = await Promise.all(PORTS.map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error(`No free --port-offset was found in ${ATTEMPTS} attempts.`);
}
