import type { LedgerDifference } from '@penstock/contracts';
import { windowAt } from '@penstock/rate-limiting';
import { type AttachedLedger, ledgerPortions } from '../ledgers/attached-ledgers.ts';
import { ledgerOrganizations } from '../ledgers/ledger-organizations.ts';
import type { LedgerStore } from '../ledgers/ledger-store.ts';
import { sumEvents } from '../ledgers/sum-events.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { judgeDifference, type JudgedDifference } from './judge-difference.ts';

interface LedgerParts {
  readonly client: PrismaClient;
  readonly store: LedgerStore;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What was found. */
export interface LedgerFindings {
  readonly checked: number;
  /** Too low first, then the largest first. */
  readonly differences: readonly LedgerDifference[];
  /** Ledgers that had less than their events, although they had been there since the beginning of their window. */
  readonly unexplained: number;
}

const MAX_DIFFERENCES = 200;

/** Which of the ledgers that one run finds and the next one finds again are the same. */
export function differenceKey({ subject, quota, unit, window, windowStart }: LedgerDifference): string {
  return [subject, quota, unit, window, windowStart].join('\n');
}

/**
 * Compares the ledgers of an organization's present calendar windows with their usage events, and brings up those that have
 * been too low twice. `previous` is what the run before found.
 */
export async function reconcileLedgers(
  organizationId: string,
  previous: readonly LedgerDifference[],
  parts: LedgerParts,
): Promise<LedgerFindings> {
  const { client, store } = parts;
  const [organization] = (await ledgerOrganizations(client)).filter(({ id }) => id === organizationId);
  // Before the ledgers are complete every difference is to be expected.
  if (!organization || !(await store.seeded(organizationId))) return { checked: 0, differences: [], unexplained: 0 };
  const before = new Map(previous.map((difference) => [differenceKey(difference), difference]));
  const wanted = ({ alignment }: { readonly alignment?: string | undefined }) => alignment !== 'rolling';
  const found: JudgedDifference[] = [];
  let checked = 0;
  for await (const ledgers of ledgerPortions(client, { organization, wanted })) {
    checked += ledgers.length;
    found.push(...(await compare(ledgers, before, parts)));
  }
  await store.raise(found.flatMap(({ raise }) => (raise ? [raise] : [])));
  const sorted = found.sort((left, right) => left.surplus - right.surplus);
  const low = sorted.filter(({ surplus }) => surplus < 0);
  const high = sorted.filter(({ surplus }) => surplus > 0).toReversed();
  return {
    checked,
    differences: [...low, ...high].slice(0, MAX_DIFFERENCES).map(({ difference }) => difference),
    unexplained: found.filter(({ unexplained }) => unexplained).length,
  };
}

/**
 * Settling comes before an event is stored. So events that are added up first can only be more than the ledger when it really
 * has too little, and those that are added up afterwards only less when it really has too much, or they are still on their way.
 */
async function compare(
  ledgers: readonly AttachedLedger[],
  before: ReadonlyMap<string, LedgerDifference>,
  { client, store, now }: LedgerParts,
): Promise<JudgedDifference[]> {
  const nowMs = now();
  const spans = ledgers.map((ledger) => {
    const { limit, timeZone = 'UTC' } = ledger.applicable;
    return { ledger, ...windowAt(limit, timeZone, nowMs) };
  });
  const sums = await sumEvents(client, spans);
  const states = await store.read(ledgers.map(({ applicable }) => applicable));
  const suspects = spans.flatMap((span, index) => {
    const state = states[index];
    const sum = sums[index] ?? 0;
    // A window that has just begun or ended is left to the next run.
    if (!state || state.windowStartMs !== span.startMs || state.spent === sum) return [];
    return [{ ...span, state, sum }];
  });
  const later = await sumEvents(client, suspects);
  return suspects.flatMap(({ ledger, state, sum }, index) => {
    const events = state.spent < sum ? sum : Math.min(later[index] ?? sum, state.spent);
    const judged = judgeDifference({ ledger, state, events }, (difference) => before.get(differenceKey(difference)));
    return judged ? [judged] : [];
  });
}
