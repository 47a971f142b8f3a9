import { hash } from 'node:crypto';
import type { TargetRank } from '../target-ranks.ts';

const HASH_BYTES = 6;
const HASH_RANGE = 2 ** (8 * HASH_BYTES);

/** What a session may be sent to. */
export interface RendezvousPlace extends TargetRank {
  /** Tells it from all others, on every gateway. */
  readonly key: string;
}

/**
 * The order in which a session tries the places: by priority, and within one by weighted rendezvous hashing. Each place is first for the
 * share of sessions that its weight is of the sum, and when one comes or goes only its own sessions move.
 */
export function rendezvous<Place extends RendezvousPlace>(session: string, places: readonly Place[]): readonly Place[] {
  return places
    .map((place) => {
      const drawn = draw(session, place.key);
      // Of exponential draws with these rates the smallest is each as often as its rate is of their sum.
      return { place, drawn, wait: place.weight === 0 ? Infinity : -Math.log(drawn) / place.weight };
    })
    .toSorted((one, other) => {
      if (one.place.priority !== other.place.priority) return one.place.priority - other.place.priority;
      return one.wait === other.wait ? one.drawn - other.drawn : one.wait - other.wait;
    })
    .map(({ place }) => place);
}

/** From 0 to 1, both exclusive; the same for a session and a place, always and everywhere. */
function draw(session: string, key: string): number {
  return (hash('sha1', `${session}\n${key}`, 'buffer').readUIntBE(0, HASH_BYTES) + 0.5) / HASH_RANGE;
}
