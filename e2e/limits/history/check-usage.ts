import {
  type CallRecord,
  costOfTokens,
  type Price,
  type StoredEvent,
  type Tokens,
  type UpstreamCall,
  type Violation,
} from './history.ts';

export interface UsageHistory {
  readonly calls: readonly CallRecord[];
  readonly upstream: readonly UpstreamCall[];
  readonly events: readonly StoredEvent[];
  readonly price: Price;
}

/**
 * Each request that used tokens upstream has exactly one event. A reported one equals the upstream's truth to the token and to
 * the micro-USD; an estimated or presumed one says that it is. Nothing is counted that nobody asked for.
 */
export function checkUsage({ calls, upstream, events, price }: UsageHistory): Violation[] {
  const truth = tokensByRequest(upstream);
  const byRequest = Map.groupBy(events, ({ requestId }) => requestId);
  return [
    ...checkIds(events),
    ...[...truth].flatMap(([requestId, tokens]) => checkRequest(requestId, tokens, byRequest.get(requestId) ?? [])),
    ...calls.flatMap((call) => checkCaller(call, byRequest.get(call.requestId) ?? [])),
    ...events.flatMap((event) => checkOrigin(event, truth.get(event.requestId))),
    ...events.flatMap((event) => checkCost(event, price)),
  ];
}

/** All that each request used, over all of its attempts. */
export function tokensByRequest(upstream: readonly UpstreamCall[]): Map<string, Tokens> {
  const sums = new Map<string, Tokens>();
  for (const { requestId, tokens } of upstream) {
    const before = sums.get(requestId) ?? { input: 0, output: 0 };
    sums.set(requestId, { input: before.input + tokens.input, output: before.output + tokens.output });
  }
  return sums;
}

const text = ({ input, output }: Tokens): string => `${input}+${output} tokens`;
const equal = (one: Tokens, other: Tokens): boolean => one.input === other.input && one.output === other.output;

function checkIds(events: readonly StoredEvent[]): Violation[] {
  const seen = new Set<string>();
  return events.flatMap(({ id }) => {
    const again = seen.has(id);
    seen.add(id);
    return again ? [{ rule: 'double-count', detail: `the event ${id} is stored twice` } as const] : [];
  });
}

function checkRequest(requestId: string, tokens: Tokens, events: readonly StoredEvent[]): Violation[] {
  const [event, second] = events;
  if (!event) {
    const billable = tokens.input + tokens.output > 0;
    return billable ? [{ rule: 'lost-event', detail: `${requestId} used ${text(tokens)} and has no event` }] : [];
  }
  if (second) return [{ rule: 'double-count', detail: `${requestId} has ${events.length} events` }];
  if (event.source !== 'reported' || equal(event.tokens, tokens)) return [];
  return [{ rule: 'wrong-tokens', detail: `${requestId} used ${text(tokens)}, its event says ${text(event.tokens)}` }];
}

/** Whoever got a whole answer finds it in the books, with the same tokens. */
function checkCaller({ requestId, outcome, reported }: CallRecord, events: readonly StoredEvent[]): Violation[] {
  if (outcome !== 'answered') return [];
  const [event] = events;
  if (!event) return [{ rule: 'answer-without-event', detail: `${requestId} was answered and has no event` }];
  if (!reported || equal(reported, event.tokens)) return [];
  return [{ rule: 'wrong-tokens', detail: `${requestId}: told ${text(reported)}, stored ${text(event.tokens)}` }];
}

/** A presumed event may be of a request whose gateway died before it was sent. */
function checkOrigin({ id, requestId, source, tokens }: StoredEvent, used: Tokens | undefined): Violation[] {
  if (used || source === 'presumed' || tokens.input + tokens.output === 0) return [];
  return [{ rule: 'event-without-call', detail: `the event ${id} of ${requestId} says ${text(tokens)} of nothing` }];
}

function checkCost({ requestId, tokens, source, costMicroUsd }: StoredEvent, price: Price): Violation[] {
  const expected = source === 'none' ? 0 : costOfTokens(tokens, price);
  if (costMicroUsd === expected) return [];
  return [{ rule: 'wrong-cost', detail: `${requestId} costs ${expected}, its event says ${costMicroUsd}` }];
}
