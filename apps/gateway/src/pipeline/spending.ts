import type { TokenUsage, UsageSource } from '@penstock/contracts';
import { amountOf, type ApplicableLimit, type LimitCharge, type Reservation } from '@penstock/rate-limiting';
import { measureOf } from '../policies/policy-limit.ts';
import { POLICY_SUBJECT } from '../policies/policy-limits.ts';
import type { CompiledProvider } from '../config/compiled-config.ts';

/** What one attempt used. */
export interface Spending {
  readonly usage: TokenUsage;
  readonly source: UsageSource;
  /** Null: the price is unknown. */
  readonly costMicroUsd: number | null;
  readonly provider: CompiledProvider | null;
  readonly modelId: string;
}

/**
 * What all attempts of a request used together, as the last one's. What is known of the cost counts; null where nothing is. A sum
 * with an estimate in it is one.
 */
export function sumOf(abandoned: readonly Spending[], last: Spending): Spending {
  if (abandoned.length === 0) return last;
  let { inputTokens, outputTokens } = last.usage;
  let costMicroUsd = last.source === 'none' ? null : last.costMicroUsd;
  for (const { usage, costMicroUsd: cost } of abandoned) {
    inputTokens += usage.inputTokens;
    outputTokens += usage.outputTokens;
    if (cost !== null) costMicroUsd = (costMicroUsd ?? 0) + cost;
  }
  return { ...last, usage: { ...last.usage, inputTokens, outputTokens }, source: 'estimated', costMicroUsd };
}

/**
 * What a charge of a reservation comes to. A limit that is held several times, since what an abandoned attempt may have used is
 * held as well, pays for one attempt with each, and for what remains with the last.
 */
export function actualAmount(
  { applicable }: LimitCharge,
  { reservation, reservations }: { readonly reservation: Reservation; readonly reservations: readonly Reservation[] },
  spendings: readonly Spending[],
): number {
  const { subject, limit } = applicable;
  const measure = measureOf(applicable);
  if (measure) return measure.used(spendings.filter((spending) => isOf(subject, spending)));
  if (limit.unit === 'requests' || limit.unit === 'concurrency') return 1;
  const holders = reservations.filter((one) => holds(one, applicable));
  const place = holders.indexOf(reservation);
  const end = place === holders.length - 1 ? undefined : place + 1;
  return spendings
    .filter((spending) => isOf(subject, spending))
    .slice(place, end)
    .reduce((sum, spending) => sum + amountOf(limit.unit, spending), 0);
}

export function holds({ charges }: Reservation, applicable: ApplicableLimit): boolean {
  return charges.some((charge) => charge.applicable === applicable);
}

/** A provider or model counts what it may have generated itself, and not what another one did. */
function isOf(subject: string, { provider, modelId }: Spending): boolean {
  return countsAt(subject, provider?.id ?? '', modelId);
}

/** Whether a counter counts what is asked of a model. */
export function countsAt(subject: string, providerId: string, modelId: string): boolean {
  if (!subject.startsWith('provider:')) return true;
  const own = `provider:${providerId}`;
  return subject === own || subject === `${own}/model:${modelId}` || subject.startsWith(`${own}${POLICY_SUBJECT}`);
}
