import { Injectable } from '@nestjs/common';
import { Prisma, type PrismaClient } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { usageRows } from './reports/usage-rows.ts';
import type { UsageQuestion } from './usage-question.ts';
import type { UsageSums } from './usage-sums.ts';

/** Sums of one group; `name` is null for what has none. */
export type GroupedSums = UsageSums & { readonly name: string | null };

/** Sums of one group in the interval that is the `interval`-th of those asked for, from 0. */
export type IntervalSums = GroupedSums & { readonly interval: number };

/** Sums of groups, those with the most requests first, and of everything. */
export interface SummedGroups {
  readonly groups: readonly GroupedSums[];
  /** Groups beyond {@link MAX_GROUPS}; they count in `total`. */
  readonly omitted: number;
  readonly total: UsageSums;
}

/** Groups that a summary lists. */
export const MAX_GROUPS = 1_000;

/** Sums over a range, from the tables of sums as far as they go and from the events at the edges. */
@Injectable()
export class UsageReportsRepository {
  constructor(private readonly prisma: PrismaService) {}

  groups(question: UsageQuestion, limit: number = MAX_GROUPS): Promise<SummedGroups> {
    return sumGroups(this.prisma.client, question, limit);
  }

  /** How many names the question has, at least 1. */
  async countGroups(question: UsageQuestion): Promise<number> {
    const rows = await this.prisma.client.$queryRaw<{ readonly count: bigint }[]>`
      SELECT count(*) AS "count"
      FROM (SELECT name FROM (${usageRows(question)}) AS u GROUP BY name HAVING sum(requests) > 0) AS named`;
    return Math.max(1, Number(rows[0]?.count ?? 0));
  }

  /** The sums of each interval in which there was something, oldest first; `limit` of them at most. `starts`: of all intervals, in ms. */
  async series(question: UsageQuestion, starts: readonly number[], limit: number): Promise<IntervalSums[]> {
    return this.prisma.client.$queryRaw<IntervalSums[]>`
      SELECT slot AS "interval", nullif(name, '') AS "name", ${SUMS}
      FROM (${usageRows(question, starts)}) AS u GROUP BY 1, 2 HAVING sum(requests) > 0 ORDER BY 1, 2 LIMIT ${limit}`;
  }
}

/** The groups with the most requests, `limit` of them at most, and the sums of all. */
export async function sumGroups(
  client: Pick<PrismaClient, '$queryRaw'>,
  question: UsageQuestion,
  limit: number,
): Promise<SummedGroups> {
  // The row of the total comes first, so that the limit never takes it.
  const [first, ...rows] = await client.$queryRaw<(GroupedSums & { readonly count: bigint })[]>`
    SELECT nullif(name, '') AS "name", count(*) OVER () AS "count", ${SUMS}
    FROM (${usageRows(question)}) AS u
    GROUP BY GROUPING SETS ((name), ()) HAVING grouping(name) = 1 OR sum(requests) > 0 ORDER BY grouping(name) DESC, sum(requests) DESC, 1 LIMIT ${limit + 1}`;
  if (!first) throw new Error('the sums of usage lack the total');
  const { name: _, count, ...total } = first;
  const groups = rows.map(({ count: __, ...sums }) => sums);
  return { groups, omitted: Number(count) - 1 - groups.length, total };
}

const SUMS = Prisma.sql`
  coalesce(sum(requests), 0)::bigint AS "requests", coalesce(sum(errors), 0)::bigint AS "errors",
  coalesce(sum(input_tokens), 0)::bigint AS "inputTokens", coalesce(sum(output_tokens), 0)::bigint AS "outputTokens",
  coalesce(sum(cached_input_tokens), 0)::bigint AS "cachedInputTokens",
  coalesce(sum(cache_write_tokens), 0)::bigint AS "cacheWriteTokens",
  coalesce(sum(reasoning_tokens), 0)::bigint AS "reasoningTokens",
  coalesce(sum(cost_micro_usd), 0)::bigint AS "costMicroUsd",
  coalesce(sum(unknown_cost_requests), 0)::bigint AS "unknownCostRequests",
  coalesce(sum(estimated_requests), 0)::bigint AS "estimatedRequests",
  coalesce(sum(duration_us_sum), 0)::bigint AS "durationUsSum", coalesce(sum(duration_count), 0)::bigint AS "durationCount",
  coalesce(sum(first_token_us_sum), 0)::bigint AS "firstTokenUsSum",
  coalesce(sum(first_token_count), 0)::bigint AS "firstTokenCount"`;
