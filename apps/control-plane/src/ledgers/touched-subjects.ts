import type { UsageEvent } from '@penstock/contracts';

/** Ids of what usage events belong to. */
export interface TouchedSubjects {
  readonly teams: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  readonly proxies: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
}

/** More than that, and it is simpler to look at everything. */
const MAX_KEPT = 2_000;

/** Collects what was touched, each for two rounds: an event may be committed a little before its limits are settled. */
export class TouchedSubjectsLog {
  #previous = emptySets();
  #current = emptySets();
  #overflown = false;

  note(events: readonly Pick<UsageEvent, 'teamId' | 'virtualKeyId' | 'proxyId' | 'providerId'>[]): void {
    const { teams, keys, proxies, providers } = this.#current;
    for (const { teamId, virtualKeyId, proxyId, providerId } of events) {
      if (teamId !== null) teams.add(teamId);
      if (virtualKeyId !== null) keys.add(virtualKeyId);
      if (proxyId !== null) proxies.add(proxyId);
      if (providerId !== null) providers.add(providerId);
    }
    if (sizeOf(this.#current) <= MAX_KEPT) return;
    this.#overflown = true;
    this.#current = emptySets();
  }

  /** What was touched since the round before the last one; `everything` when that is too much, undefined when it is nothing. */
  take(): TouchedSubjects | 'everything' | undefined {
    const sets = [this.#previous, this.#current];
    const overflown = this.#overflown;
    this.#previous = this.#current;
    this.#current = emptySets();
    this.#overflown = false;
    if (overflown) return 'everything';
    const union = {
      teams: unionOf(sets.map(({ teams }) => teams)),
      keys: unionOf(sets.map(({ keys }) => keys)),
      proxies: unionOf(sets.map(({ proxies }) => proxies)),
      providers: unionOf(sets.map(({ providers }) => providers)),
    };
    return sizeOf(union) === 0 ? undefined : union;
  }
}

type Sets = Readonly<Record<keyof TouchedSubjects, Set<string>>>;

function emptySets(): Sets {
  return { teams: new Set(), keys: new Set(), proxies: new Set(), providers: new Set() };
}

function unionOf(sets: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function sizeOf({ teams, keys, proxies, providers }: TouchedSubjects): number {
  return teams.size + keys.size + proxies.size + providers.size;
}
