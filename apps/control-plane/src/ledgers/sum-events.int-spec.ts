import { afterAll, describe, expect, it } from '@jest/globals';
import type { Limit, UsageEvent } from '@penstock/contracts';
import fc from 'fast-check';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { storeUsageEvents } from '../usage/usage-store.ts';
import type { LedgerSubject } from './ledger-subject.ts';
import { type LedgerSpan, sumEvents } from './sum-events.ts';
import { usageEvent } from './testing/usage-events.ts';

const client = createPrismaClient(process.env['DATABASE_URL'] ?? 'missing');
afterAll(async () => client.$disconnect());

const ID = '00000000-0000-7000-8000-00000000000';
const DAY = Date.UTC(2026, 0, 15);
const subjects: readonly LedgerSubject['events'][] = [
  { of: 'organization', id: DEFAULT_ORGANIZATION_ID },
  { of: 'team', id: `${ID}1` },
  { of: 'key', id: `${ID}2` },
  { of: 'proxy', id: `${ID}3` },
  { of: 'provider', id: `${ID}4` },
  { of: 'provider', id: `${ID}4`, modelId: 'a/b' },
];
const units = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost'] as const;

/** A limit that denies, and one that may send to another model. */
const LIMIT_IDS = ['deny', 'route'] as const;

interface Question {
  readonly events: LedgerSubject['events'];
  readonly unit: (typeof units)[number];
  readonly id: (typeof LIMIT_IDS)[number];
}

const counterOf = ({ of, id, modelId }: LedgerSubject['events']): string =>
  `${of}:${id}${modelId === undefined ? '' : `/model:${modelId}`}`;

function spanOf({ events, unit, id }: Question, [startMs, endMs]: readonly [number, number]): LedgerSpan {
  const subject = { counter: counterOf(events), label: '', events };
  const onExceeded: Limit['onExceeded'] = id === 'deny' ? 'deny' : { route: 'cheap' };
  const limit: Limit = { unit, window: 'day', max: 1, mode: 'enforce', onExceeded };
  const applicable = { organizationId: DEFAULT_ORGANIZATION_ID, subject: subject.counter, id, quota: 'q', limit };
  return { ledger: { subject, applicable, writtenAtMs: 0 }, startMs, endMs };
}

/** The rule of the gateway's settlement, event by event. */
function counts({ events, id: limit }: Question, event: UsageEvent): boolean {
  if (event.sparedLimits.includes(`${counterOf(events)}/${limit}`)) return false;
  const { of, id, modelId } = events;
  const { organizationId, teamId, virtualKeyId, proxyId, providerId } = event;
  const ids = { organization: organizationId, team: teamId, key: virtualKeyId, proxy: proxyId, provider: providerId };
  return event.outcome !== 'refused' && ids[of] === id && (modelId === undefined || event.modelId === modelId);
}

function amount(unit: (typeof units)[number], { usage, costMicroUsd }: UsageEvent): number {
  const { inputTokens, outputTokens } = usage;
  const amounts = { requests: 1, tokens: inputTokens + outputTokens, cost: costMicroUsd ?? 0 };
  return { ...amounts, 'input-tokens': inputTokens, 'output-tokens': outputTokens }[unit];
}

const none = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
const optional = (id: string) => fc.constantFrom(id, `${ID}9`, null);
const anyEvent = fc
  .record({
    second: fc.nat({ max: 2 * 86_400 - 1 }),
    teamId: optional(`${ID}1`),
    virtualKeyId: optional(`${ID}2`),
    proxyId: optional(`${ID}3`),
    providerId: optional(`${ID}4`),
    modelId: fc.constantFrom('a/b', 'a', null),
    outcome: fc.constantFrom('completed', 'failed', 'client-closed', 'presumed', 'refused'),
    tokens: fc.tuple(fc.nat(1000), fc.nat(1000)),
    costMicroUsd: fc.option(fc.nat(1_000_000)),
    sparedLimits: fc.subarray(subjects.map((subject) => `${counterOf(subject)}/route`)),
  })
  .map(({ second, tokens: [inputTokens, outputTokens], ...given }): UsageEvent => {
    const occurredAt = new Date(DAY + second * 1000).toISOString();
    if (given.outcome === 'refused')
      return usageEvent({ ...given, outcome: 'refused', occurredAt, usage: none, costMicroUsd: 0 });
    const { outcome } = given as { outcome: UsageEvent['outcome'] };
    return usageEvent({ ...given, outcome, occurredAt, usage: { ...none, inputTokens, outputTokens } });
  });

describe('the usage events of a ledger', () => {
  it('add up to what the gateway settles, for every subject, unit and span', async () => {
    // Calendar windows begin with a quarter of an hour everywhere; the slices of a rolling hour are single minutes.
    const minute = fc.integer({ min: 0, max: 2 * 1440 });
    const spans = fc
      .tuple(minute, minute)
      .map(([a, b]) => [DAY + Math.min(a, b) * 60_000, DAY + Math.ceil(Math.max(a, b) / 15) * 900_000] as const);
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 40 }), spans, async (events, span) => {
        await client.$executeRaw`TRUNCATE usage_event, usage_rollup`;
        await storeUsageEvents(client, events);
        const questions = subjects.flatMap((subject) =>
          units.flatMap((unit) => LIMIT_IDS.map((id) => ({ events: subject, unit, id }))),
        );
        const sums = await sumEvents(
          client,
          questions.map((question) => spanOf(question, span)),
        );
        const inSpan = events.filter(
          ({ occurredAt }) => Date.parse(occurredAt) >= span[0] && Date.parse(occurredAt) < span[1],
        );
        const expected = questions.map((question) =>
          inSpan
            .filter((event) => counts(question, event))
            .reduce((sum, event) => sum + amount(question.unit, event), 0),
        );
        expect(sums).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});
