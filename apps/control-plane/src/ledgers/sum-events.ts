import { type LimitUnit, sparedLimitName } from '@penstock/contracts';
import { Prisma, type PrismaClient } from '../prisma/generated/client.ts';
import type { AttachedLedger } from './attached-ledgers.ts';

/** A ledger, and the span of time whose usage events are to be added up; epoch ms, without the end. */
export interface LedgerSpan {
  readonly ledger: AttachedLedger;
  readonly startMs: number;
  readonly endMs: number;
}

type Sums = Readonly<Record<Exclude<LimitUnit, 'concurrency'>, number>>;
type SumRow = {
  readonly subject: string;
  /** The limit that spared these events; null: all events. */
  readonly spared_by: string | null;
  readonly requests: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly cost: bigint;
};

const QUARTER_MS = 900_000;

const COLUMNS = {
  organization: Prisma.sql`organization_id`,
  team: Prisma.sql`team_id`,
  key: Prisma.sql`virtual_key_id`,
  proxy: Prisma.sql`proxy_id`,
  provider: Prisma.sql`provider_id`,
} as const;

/**
 * What the usage events in each span add up to for its ledger, in the ledger's unit. As the gateway settles: every request that
 * was admitted counts one, whatever came of it; tokens and cost count for the provider that answered. (A provider that was
 * tried in vain has counted the request, which its events do not show: its ledger may hold more.) A limit that sends what it denies
 * to another model was not charged for that: those events are taken off again, whatever the limit has come to say since.
 */
export async function sumEvents(client: PrismaClient, spans: readonly LedgerSpan[]): Promise<readonly number[]> {
  const sums = new Map<string, Sums>();
  for (const [group, members] of Map.groupBy(spans, groupOf)) {
    const [first] = members;
    if (!first) continue;
    const names = new Set(members.map(sparingName));
    const rows = await sumGroup(client, first, { subjects: new Set(members.map(subjectId)), names });
    for (const { subject, spared_by, ...row } of rows) sums.set(sumKey(group, subject, spared_by), toSums(row));
  }
  return spans.map((span) => {
    const { unit } = span.ledger.applicable.limit;
    if (unit === 'concurrency') return 0;
    const amount = (name: string | null) => sums.get(sumKey(groupOf(span), subjectId(span), name))?.[unit] ?? 0;
    return amount(null) - amount(sparingName(span));
  });
}

/** Both names may hold anything. */
function sumKey(group: string, subject: string, sparedBy: string | null): string {
  return JSON.stringify([group, subject, sparedBy]);
}

/** How the events that it spared name the limit. */
function sparingName({ ledger: { applicable } }: LedgerSpan): string {
  return sparedLimitName(applicable.subject, applicable.id);
}

/** Spans of which one query adds up all. */
function groupOf({ ledger, startMs, endMs }: LedgerSpan): string {
  const { applicable, subject } = ledger;
  return [applicable.organizationId, subject.events.of, sourceOf(ledger), startMs, endMs].join('/');
}

/** Sums tell neither models by their id nor refused requests from others. */
function sourceOf({ applicable, subject }: AttachedLedger): 'events' | 'models' | 'rollups' {
  if (subject.events.modelId !== undefined) return 'models';
  return applicable.limit.unit === 'requests' ? 'events' : 'rollups';
}

/** A model's id may hold anything, so it stands last. */
function subjectId({ ledger: { subject } }: LedgerSpan): string {
  const { id, modelId } = subject.events;
  return modelId === undefined ? id : `${id}/${modelId}`;
}

async function sumGroup(
  client: PrismaClient,
  { ledger, startMs, endMs }: LedgerSpan,
  { subjects, names }: { readonly subjects: ReadonlySet<string>; readonly names: ReadonlySet<string> },
): Promise<SumRow[]> {
  const { organizationId } = ledger.applicable;
  const source = sourceOf(ledger);
  const column = COLUMNS[ledger.subject.events.of];
  const subject =
    source === 'models' ? Prisma.sql`${column}::text || '/' || coalesce(model_id, '')` : Prisma.sql`${column}::text`;
  // Rollups begin with a quarter of an hour; what lies before the first whole one is taken from the events.
  const wholeMs = source === 'rollups' ? Math.min(Math.ceil(startMs / QUARTER_MS) * QUARTER_MS, endMs) : endMs;
  // One statement, so that what is taken off has been added.
  return client.$queryRaw<SumRow[]>`
    SELECT subject, spared_by, sum(requests)::bigint AS requests, sum(input)::bigint AS input, sum(output)::bigint AS output,
      sum(cost)::bigint AS cost
    FROM (
      SELECT ${subject} AS subject, NULL AS spared_by, count(*) AS requests, sum(input_tokens) AS input,
        sum(output_tokens) AS output, coalesce(sum(cost_micro_usd), 0) AS cost
      FROM usage_event WHERE ${eventsBetween(organizationId, startMs, wholeMs)}
      GROUP BY 1
      UNION ALL
      SELECT ${source === 'models' ? Prisma.sql`NULL` : subject}, NULL, sum(requests), sum(input_tokens), sum(output_tokens),
        sum(cost_micro_usd)
      FROM usage_rollup
      WHERE organization_id = ${organizationId}::uuid AND bucket_start >= ${new Date(wholeMs)} AND bucket_start < ${new Date(endMs)}
      GROUP BY 1
      UNION ALL
      ${sparedEvents(subject, names, eventsBetween(organizationId, startMs, endMs))}) parts
    WHERE subject = ANY(${[...subjects]}::text[])
    GROUP BY subject, spared_by`;
}

/** The events that name a limit have an index of their own: this costs nothing where there are none. */
function sparedEvents(subject: Prisma.Sql, names: ReadonlySet<string>, events: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
      SELECT ${subject}, name, count(*), sum(input_tokens), sum(output_tokens), coalesce(sum(cost_micro_usd), 0)
      FROM usage_event CROSS JOIN LATERAL unnest(spared_limits) AS name
      WHERE cardinality(spared_limits) > 0 AND ${events} AND name = ANY(${[...names]}::text[])
      GROUP BY 1, 2`;
}

function eventsBetween(organizationId: string, startMs: number, endMs: number): Prisma.Sql {
  return Prisma.sql`organization_id = ${organizationId}::uuid AND occurred_at >= ${new Date(startMs)}
        AND occurred_at < ${new Date(endMs)} AND day BETWEEN ${dayOf(startMs)}::date AND ${dayOf(endMs)}::date
        AND outcome <> 'refused'`;
}

function toSums({ requests, input, output, cost }: Omit<SumRow, 'subject' | 'spared_by'>): Sums {
  const [inputTokens, outputTokens] = [Number(input), Number(output)];
  return {
    requests: Number(requests),
    tokens: inputTokens + outputTokens,
    'input-tokens': inputTokens,
    'output-tokens': outputTokens,
    cost: Number(cost),
  };
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
