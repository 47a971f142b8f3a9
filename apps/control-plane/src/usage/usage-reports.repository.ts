import { Injectable } from '@nestjs/common';
import type { UsageGroup } from '@penstock/contracts';
import { Prisma } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { rolledUpPart, type UsageFilter, type UsageRange } from './usage-range.ts';
import type { UsageSums } from './usage-sums.ts';

/** What to sum up. */
export interface UsageQuestion {
  readonly organizationId: string;
  readonly range: UsageRange;
  readonly filter: UsageFilter;
  readonly groupBy: UsageGroup | undefined;
}

/** Sums of one group; `name` is null for what has none. */
export type GroupedSums = UsageSums & { readonly name: string | null };

/** Sums of groups, those with the most requests first, and of everything. */
export interface SummedGroups {
  readonly groups: readonly GroupedSums[];
  /** Groups beyond {@link MAX_GROUPS}; they count in `total`. */
  readonly omitted: number;
  readonly total: UsageSums;
}

/** Groups that a summary lists. */
export const MAX_GROUPS = 1_000;

const ROLLUP_COLUMNS: Readonly<Record<UsageGroup, Prisma.Sql>> = {
  key: Prisma.sql`virtual_key_name`,
  team: Prisma.sql`team_name`,
  proxy: Prisma.sql`proxy_name`,
  provider: Prisma.sql`provider_name`,
  model: Prisma.sql`model`,
};
const EVENT_COLUMNS: Readonly<Record<UsageGroup, Prisma.Sql>> = {
  ...ROLLUP_COLUMNS,
  model: Prisma.sql`upstream_model`,
};
const STEPS = {
  minute: Prisma.sql`interval '1 minute'`,
  hour: Prisma.sql`interval '1 hour'`,
  day: Prisma.sql`interval '1 day'`,
} as const;

/**
 * Sums over a range: from the table of sums where whole quarters of an hour are asked for, from the events at the edges. It is
 * one statement over both, so that it sees each request exactly once, in the same instant.
 */
@Injectable()
export class UsageReportsRepository {
  constructor(private readonly prisma: PrismaService) {}

  async groups(question: UsageQuestion): Promise<SummedGroups> {
    // The row of the total comes first, so that the limit never takes it.
    const [first, ...rows] = await this.prisma.client.$queryRaw<(GroupedSums & { readonly count: bigint })[]>`
      SELECT nullif(name, '') AS "name", count(*) OVER () AS "count", ${SUMS}
      FROM (${usageRows(question, rolledUpPart(question.range))}) AS u
      GROUP BY GROUPING SETS ((name), ()) ORDER BY grouping(name) DESC, sum(requests) DESC, 1 LIMIT ${MAX_GROUPS + 1}`;
    if (!first) throw new Error('the sums of usage lack the total');
    const { name: _, count, ...total } = first;
    const groups = rows.map(({ count: __, ...sums }) => sums);
    return { groups, omitted: Number(count) - 1 - groups.length, total };
  }

  /** How many names the question has, at least 1. */
  async countGroups(question: UsageQuestion): Promise<number> {
    const rows = await this.prisma.client.$queryRaw<{ readonly count: bigint }[]>`
      SELECT count(DISTINCT name) AS "count" FROM (${usageRows(question, rolledUpPart(question.range))}) AS u`;
    return Math.max(1, Number(rows[0]?.count ?? 0));
  }

  /** The sums of each interval in which there was something, oldest first; `limit` of them at most. */
  async series(
    question: UsageQuestion,
    interval: keyof typeof STEPS,
    limit: number,
  ): Promise<(GroupedSums & { start: Date })[]> {
    const nothing = { start: question.range.to, end: question.range.to };
    const part = interval === 'minute' ? nothing : rolledUpPart(question.range);
    return this.prisma.client.$queryRaw<(GroupedSums & { start: Date })[]>`
      SELECT date_bin(${STEPS[interval]}, at, '2000-01-01Z') AS "start", nullif(name, '') AS "name", ${SUMS}
      FROM (${usageRows(question, part)}) AS u GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ${limit}`;
  }
}

const SUMS = Prisma.sql`
  coalesce(sum(requests), 0)::bigint AS "requests", coalesce(sum(errors), 0)::bigint AS "errors",
  coalesce(sum(input_tokens), 0)::bigint AS "inputTokens", coalesce(sum(output_tokens), 0)::bigint AS "outputTokens",
  coalesce(sum(cached_input_tokens), 0)::bigint AS "cachedInputTokens",
  coalesce(sum(reasoning_tokens), 0)::bigint AS "reasoningTokens",
  coalesce(sum(cost_micro_usd), 0)::bigint AS "costMicroUsd",
  coalesce(sum(unknown_cost_requests), 0)::bigint AS "unknownCostRequests",
  coalesce(sum(duration_ms_sum), 0)::float8 AS "durationMsSum", coalesce(sum(duration_count), 0)::bigint AS "durationCount",
  coalesce(sum(first_token_ms_sum), 0)::float8 AS "firstTokenMsSum",
  coalesce(sum(first_token_count), 0)::bigint AS "firstTokenCount"`;

/** One row for each row of sums in `part`, and one for each event of the range outside of it. */
function usageRows(
  { organizationId, range, filter, groupBy }: UsageQuestion,
  part: { start: Date; end: Date },
): Prisma.Sql {
  return Prisma.sql`
    SELECT ${nameOf(groupBy, ROLLUP_COLUMNS)} AS name, bucket_start AS at, requests, errors, input_tokens, output_tokens,
      cached_input_tokens, reasoning_tokens, cost_micro_usd, unknown_cost_requests, duration_ms_sum, duration_count,
      first_token_ms_sum, first_token_count
    FROM usage_rollup
    WHERE organization_id = ${organizationId}::uuid AND bucket_start >= ${part.start} AND bucket_start < ${part.end}
      ${conditions(filter, ROLLUP_COLUMNS)}
    UNION ALL
    SELECT ${nameOf(groupBy, EVENT_COLUMNS)}, occurred_at, 1, (outcome IN ('failed', 'refused', 'presumed'))::int,
      input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, coalesce(cost_micro_usd, 0),
      (cost_micro_usd IS NULL AND usage_source <> 'none')::int,
      CASE WHEN outcome = 'completed' THEN duration_ms ELSE 0 END, (outcome = 'completed')::int,
      coalesce(first_token_ms, 0), (first_token_ms IS NOT NULL)::int
    FROM usage_event
    WHERE organization_id = ${organizationId}::uuid
      AND day BETWEEN (${range.from}::timestamptz AT TIME ZONE 'UTC')::date AND (${range.to}::timestamptz AT TIME ZONE 'UTC')::date
      AND ((occurred_at >= ${range.from} AND occurred_at < ${part.start})
        OR (occurred_at >= ${part.end} AND occurred_at < ${range.to}))
      ${conditions(filter, EVENT_COLUMNS)}`;
}

function nameOf(groupBy: UsageGroup | undefined, columns: Readonly<Record<UsageGroup, Prisma.Sql>>): Prisma.Sql {
  return groupBy === undefined ? Prisma.sql`''` : Prisma.sql`coalesce(${columns[groupBy]}, '')`;
}

function conditions(filter: UsageFilter, columns: Readonly<Record<UsageGroup, Prisma.Sql>>): Prisma.Sql {
  const entries = Object.entries(filter) as [UsageGroup, string | undefined][];
  const given = entries.filter((entry): entry is [UsageGroup, string] => entry[1] !== undefined);
  return given.length === 0
    ? Prisma.empty
    : Prisma.join(
        given.map(([group, name]) => Prisma.sql`AND ${columns[group]} = ${name}`),
        ' ',
      );
}
