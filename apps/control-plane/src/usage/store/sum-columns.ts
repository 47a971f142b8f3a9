import { Prisma } from '../../prisma/generated/client.ts';

/** Columns that every table of sums has, beside its key. */
export const SUM_COLUMNS = [
  'requests',
  'errors',
  'input_tokens',
  'output_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_micro_usd',
  'unknown_cost_requests',
  'estimated_requests',
  'duration_us_sum',
  'duration_count',
  'first_token_us_sum',
  'first_token_count',
] as const;

/** The columns, by name. */
export const sumColumns = Prisma.raw(SUM_COLUMNS.join(', '));

/** Their sums, as bigints again: Postgres makes a decimal of the sum of bigints, which is slow to sum up once more. */
export const sumsOfColumns = Prisma.raw(SUM_COLUMNS.map((name) => `sum(${name})::bigint AS ${name}`).join(', '));

/** Adds what came to the row `r` that is there. */
export const addToRow = Prisma.raw(SUM_COLUMNS.map((name) => `${name} = r.${name} + excluded.${name}`).join(', '));

/** What a single event adds to each column; names the columns of `usage_event`. Refused requests count as errors. */
export const eventSums = Prisma.sql`
  1::bigint AS requests, (outcome IN ('failed', 'refused', 'presumed'))::int::bigint AS errors, input_tokens, output_tokens,
  cached_input_tokens, cache_write_tokens, reasoning_tokens, coalesce(cost_micro_usd, 0) AS cost_micro_usd,
  (cost_micro_usd IS NULL AND usage_source <> 'none')::int::bigint AS unknown_cost_requests,
  (usage_source IN ('estimated', 'presumed'))::int::bigint AS estimated_requests,
  CASE WHEN outcome = 'completed' THEN (duration_ms * 1000)::bigint ELSE 0 END AS duration_us_sum,
  (outcome = 'completed')::int::bigint AS duration_count,
  coalesce((first_token_ms * 1000)::bigint, 0) AS first_token_us_sum,
  (first_token_ms IS NOT NULL)::int::bigint AS first_token_count`;
