import type { Alert } from '@penstock/contracts';
import { type AttachedLedger, attachedLedgers } from '../ledgers/attached-ledgers.ts';
import { ledgerOrganizations } from '../ledgers/ledger-organizations.ts';
import type { LedgerState, LedgerStore } from '../ledgers/ledger-store.ts';
import type { TouchedSubjectsLog } from '../ledgers/touched-subjects.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { escapeLike } from '../resources/page-cursor.ts';
import { fireAlert } from './fire-alert.ts';
import { reachedThreshold } from './reached-threshold.ts';
import { occurrencePrefix, type ReachedLedger, thresholdAlert } from './threshold-alert.ts';
import { ToldThresholds } from './told-thresholds.ts';

interface LedgerAlertParts {
  readonly client: PrismaClient;
  readonly store: LedgerStore;
  readonly touched: TouchedSubjectsLog;
  /** Epoch ms. */
  readonly now: () => number;
}

const EVERYTHING_EVERY_MS = 600_000;

/**
 * Tells when what is spent of a ledger reaches a threshold, each threshold once in a window and of several that are reached at
 * once only the highest. Looks at what was touched since the last round; at first and every ten minutes at everything.
 */
export class LedgerAlerts {
  readonly #parts: LedgerAlertParts;
  readonly #told = new ToldThresholds();
  #everythingAtMs = -Infinity;
  #fullRoundAtMs = -Infinity;

  constructor(parts: LedgerAlertParts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { client, touched, now } = this.#parts;
    const taken = touched.take();
    const everything = taken === 'everything' || now() >= this.#everythingAtMs;
    if (!everything && taken === undefined) return;
    // Should this round fail, the next one looks at everything.
    this.#everythingAtMs = -Infinity;
    for (const organization of await ledgerOrganizations(client)) {
      const wanted = ({ alertThresholds = [] }: { alertThresholds?: number[] | undefined }) =>
        alertThresholds.length > 0;
      const question = { organization, wanted, ...(!everything && taken && { touched: taken }) };
      for await (const ledgers of attachedLedgers(client, question)) await this.check(ledgers);
    }
    if (everything) this.#fullRoundAtMs = now();
    this.#everythingAtMs = this.#fullRoundAtMs + EVERYTHING_EVERY_MS;
  }

  /** Reads these ledgers and tells what is to be told. */
  async check(ledgers: readonly AttachedLedger[]): Promise<void> {
    if (ledgers.length === 0) return;
    const states = await this.#parts.store.read(ledgers.map(({ applicable }) => applicable));
    for (const [index, ledger] of ledgers.entries()) {
      const state = states[index];
      const reached = state && this.#reached(ledger, state);
      if (reached) await this.#tell(reached);
    }
  }

  #reached(ledger: AttachedLedger, state: LedgerState): ReachedLedger | undefined {
    const { alertThresholds = [], max } = ledger.applicable.limit;
    const thresholdPercent = reachedThreshold(alertThresholds, state.spent, max);
    if (thresholdPercent === undefined) return undefined;
    const told = this.#told.has(toldKey(ledger, state), thresholdPercent, this.#parts.now());
    return told ? undefined : { ledger, state, thresholdPercent };
  }

  async #tell(reached: ReachedLedger): Promise<void> {
    const { client, now } = this.#parts;
    const { ledger, state, thresholdPercent } = reached;
    const rolling = ledger.applicable.limit.alignment === 'rolling';
    const window = rolling ? await this.#rollingWindow(reached) : new Date(state.windowStartMs).toISOString();
    if (window !== undefined) await fireAlert(client, thresholdAlert(reached, window, new Date(now())));
    const untilMs = rolling ? now() + lengthOf(state) : state.windowEndMs;
    // Of a rolling window another worker may have told earlier; looking again after a while is cheap.
    this.#told.add(
      toldKey(ledger, state),
      thresholdPercent,
      window === undefined ? now() + lengthOf(state) / 60 : untilMs,
    );
  }

  /**
   * A rolling window has no beginning to name it by, so it goes by the alert before it: those who race name the same one.
   * Undefined while this threshold, or a higher one, was told less than a window's length ago.
   */
  async #rollingWindow({ ledger, state, thresholdPercent }: ReachedLedger): Promise<string | undefined> {
    const { client, now } = this.#parts;
    const { organizationId } = ledger.applicable;
    const prefix = escapeLike(occurrencePrefix(ledger, 'after'));
    const earlier = await client.alert.findMany({
      where: { organizationId, kind: 'limit-threshold', occurrence: { startsWith: prefix } },
      select: { id: true, firedAt: true, limit: true },
      orderBy: { id: 'desc' },
      take: 20, // a limit has ten thresholds at most
    });
    const since = now() - lengthOf(state);
    const told = earlier.some(
      ({ firedAt, limit }) =>
        firedAt.getTime() > since && ((limit as Alert['limit'])?.thresholdPercent ?? 0) >= thresholdPercent,
    );
    return told ? undefined : `after/${earlier[0]?.id ?? 'none'}`;
  }
}

function lengthOf({ windowStartMs, windowEndMs }: LedgerState): number {
  return windowEndMs - windowStartMs;
}

function toldKey({ applicable }: AttachedLedger, { windowStartMs }: LedgerState): string {
  const window = applicable.limit.alignment === 'rolling' ? 'rolling' : windowStartMs;
  return `${applicable.organizationId}/${applicable.subject}/${applicable.id}/${window}`;
}
