import type { GatewayHeartbeat } from '@penstock/contracts';

/** A gateway that was not heard of for so long counts as lost, as everywhere. */
const LOST_AFTER_MS = 15_000;

interface Watched {
  beat: GatewayHeartbeat | undefined;
  /** When something new was last heard of it, or when it began to be expected. */
  heardAtMs: number;
}

/** Which gateways are still waited for, and which were given up. */
export interface GatewayStanding {
  readonly awaited: readonly string[];
  readonly lost: readonly string[];
}

/**
 * The gateways that have to answer before ledgers can be written back. Times are of the worker's own clock; those in heartbeats
 * are only compared with others of the same heartbeat, since clocks of hosts differ.
 */
export class GatewayWatch {
  readonly #watched = new Map<string, Watched>();

  /** Gateways that are known from elsewhere. */
  expect(ids: Iterable<string>, nowMs: number): void {
    for (const id of ids) {
      if (!this.#watched.has(id)) this.#watched.set(id, { beat: undefined, heardAtMs: nowMs });
    }
  }

  /** The last heartbeats of all that are there now. */
  hear(beats: readonly GatewayHeartbeat[], nowMs: number): void {
    for (const beat of beats) {
      const known = this.#watched.get(beat.instanceId);
      if (known?.beat?.sentAt === beat.sentAt) continue;
      this.#watched.set(beat.instanceId, { beat, heardAtMs: nowMs });
    }
  }

  /**
   * Who has not answered the attempt of this name. A gateway has when Redis holds again what its requests hold, and all usage
   * that it recorded before it heard of the attempt is committed.
   */
  standing(token: string, nowMs: number): GatewayStanding {
    const open = [...this.#watched].filter(([, { beat }]) => !beat || !hasAnswered(beat, token));
    const isLost = ({ heardAtMs }: Watched): boolean => nowMs - heardAtMs >= LOST_AFTER_MS;
    return {
      awaited: open.flatMap(([id, watched]) => (isLost(watched) ? [] : [id])),
      lost: open.flatMap(([id, watched]) => (isLost(watched) ? [id] : [])),
    };
  }
}

function hasAnswered({ ledgerReseed, oldestSpooledAt }: GatewayHeartbeat, token: string): boolean {
  if (ledgerReseed?.token !== token) return false;
  return oldestSpooledAt === null || Date.parse(oldestSpooledAt) > Date.parse(ledgerReseed.heardAt);
}
