import { Prisma } from '../../prisma/generated/client.ts';
import { addToRow, eventSums, sumColumns, sumsOfColumns } from './sum-columns.ts';

/** What stands for an absent id in the key of a sum. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** The inserted events with what each adds to the sums, as the common table expression `measured`. */
export const measuredEvents = Prisma.sql`
    measured AS (
      SELECT organization_id, date_bin('15 minutes', occurred_at, '2000-01-01Z') AS bucket_start, virtual_key_id, team_id,
        proxy_id, provider_id, coalesce(virtual_key_name, '') AS virtual_key_name, coalesce(team_name, '') AS team_name,
        coalesce(proxy_name, '') AS proxy_name, coalesce(provider_name, '') AS provider_name,
        coalesce(upstream_model, '') AS model, coalesce(user_tag, '') AS user_tag, ${eventSums},
        CASE WHEN outcome = 'completed' THEN duration_ms::float8 END AS duration, first_token_ms::float8 AS first_token
      FROM inserted
    )`;

/** Adds to the sums by everything together, of quarters of an hour. Rows are taken in the order of their key. */
export const addToQuarters = Prisma.sql`
    quarter_rows AS (
      INSERT INTO usage_rollup AS r (
        organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model, virtual_key_name, team_name,
        proxy_name, provider_name, requests, errors, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
        reasoning_tokens, cost_micro_usd, unknown_cost_requests, estimated_requests, duration_ms_sum, duration_count,
        first_token_ms_sum, first_token_count)
      SELECT organization_id, bucket_start, coalesce(virtual_key_id, ${NIL}::uuid), coalesce(team_id, ${NIL}::uuid),
        coalesce(proxy_id, ${NIL}::uuid), coalesce(provider_id, ${NIL}::uuid), model, max(virtual_key_name), max(team_name),
        max(proxy_name), max(provider_name), sum(requests), sum(errors), sum(input_tokens), sum(output_tokens),
        sum(cached_input_tokens), sum(cache_write_tokens), sum(reasoning_tokens), sum(cost_micro_usd),
        sum(unknown_cost_requests), sum(estimated_requests), sum(duration_us_sum) / 1000, sum(duration_count),
        sum(first_token_us_sum) / 1000, sum(first_token_count)
      FROM measured GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
      ON CONFLICT (organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model) DO UPDATE SET
        requests = r.requests + excluded.requests, errors = r.errors + excluded.errors,
        input_tokens = r.input_tokens + excluded.input_tokens, output_tokens = r.output_tokens + excluded.output_tokens,
        cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
        cache_write_tokens = r.cache_write_tokens + excluded.cache_write_tokens,
        reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens,
        cost_micro_usd = r.cost_micro_usd + excluded.cost_micro_usd,
        unknown_cost_requests = r.unknown_cost_requests + excluded.unknown_cost_requests,
        estimated_requests = r.estimated_requests + excluded.estimated_requests,
        duration_ms_sum = r.duration_ms_sum + excluded.duration_ms_sum,
        duration_count = r.duration_count + excluded.duration_count,
        first_token_ms_sum = r.first_token_ms_sum + excluded.first_token_ms_sum,
        first_token_count = r.first_token_count + excluded.first_token_count
    )`;

/** The same by names, of UTC days. */
export const addToDays = Prisma.sql`
    day_rows AS (
      INSERT INTO usage_day_rollup AS r (
        organization_id, bucket_start, virtual_key_name, team_name, proxy_name, provider_name, model, ${sumColumns})
      SELECT organization_id, date_bin('1 day', bucket_start, '2000-01-01Z'), virtual_key_name, team_name, proxy_name,
        provider_name, model, ${sumsOfColumns}
      FROM measured GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
      ON CONFLICT (organization_id, bucket_start, virtual_key_name, team_name, proxy_name, provider_name, model)
        DO UPDATE SET ${addToRow}
    )`;
