import type { UsageEvent } from '@penstock/contracts';
import { Prisma, type PrismaClient } from '../prisma/generated/client.ts';

/**
 * Stores events, each once however often it comes, and adds exactly the new ones to the sums: one statement, so that both
 * happen or neither. Rows of sums are taken in the order of their key, so that writers never wait for each other in a circle.
 */
export async function storeUsageEvents(client: PrismaClient, events: readonly UsageEvent[]): Promise<void> {
  if (events.length === 0) return;
  await client.$executeRaw`
    WITH incoming AS (
      SELECT DISTINCT ON (e.id) e.* FROM jsonb_to_recordset(${toJson(events)}::jsonb) AS e(${EVENT_FIELDS})
      ORDER BY e.id
    ), inserted AS (
      INSERT INTO usage_event (
        id, day, organization_id, gateway_instance_id, request_id, occurred_at, virtual_key_id, virtual_key_name, team_id,
        team_name, proxy_id, proxy_name, provider_id, provider_name, requested_model, upstream_model, dialect, operation,
        stream, outcome, http_status, error_code, attempts, input_tokens, output_tokens, cached_input_tokens,
        reasoning_tokens, usage_source, cost_micro_usd, price_version, first_token_ms, duration_ms)
      SELECT "id", ("occurredAt" AT TIME ZONE 'UTC')::date, "organizationId", "gatewayInstanceId", "requestId", "occurredAt",
        "virtualKeyId", "virtualKeyName", "teamId", "teamName", "proxyId", "proxyName", "providerId", "providerName",
        "requestedModel", "upstreamModel", "dialect", "operation", "stream", "outcome", "httpStatus", "errorCode",
        "attempts", "inputTokens", "outputTokens", "cachedInputTokens", "reasoningTokens", "usageSource", "costMicroUsd",
        "priceVersion", "firstTokenMs", "durationMs"
      FROM incoming ORDER BY "id"
      ON CONFLICT (id, day) DO NOTHING
      RETURNING *
    ), sums AS (
      SELECT organization_id, date_bin('15 minutes', occurred_at, '2000-01-01Z') AS bucket_start,
        coalesce(virtual_key_id, ${NIL}::uuid) AS virtual_key_id, coalesce(team_id, ${NIL}::uuid) AS team_id,
        coalesce(proxy_id, ${NIL}::uuid) AS proxy_id, coalesce(provider_id, ${NIL}::uuid) AS provider_id,
        coalesce(upstream_model, '') AS model, coalesce(max(virtual_key_name), '') AS virtual_key_name,
        coalesce(max(team_name), '') AS team_name, coalesce(max(proxy_name), '') AS proxy_name,
        coalesce(max(provider_name), '') AS provider_name, count(*) AS requests,
        count(*) FILTER (WHERE outcome IN ('failed', 'refused', 'presumed')) AS errors,
        sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
        sum(cached_input_tokens) AS cached_input_tokens, sum(reasoning_tokens) AS reasoning_tokens,
        coalesce(sum(cost_micro_usd), 0) AS cost_micro_usd,
        count(*) FILTER (WHERE cost_micro_usd IS NULL AND usage_source <> 'none') AS unknown_cost_requests,
        coalesce(sum(duration_ms) FILTER (WHERE outcome = 'completed'), 0) AS duration_ms_sum,
        count(*) FILTER (WHERE outcome = 'completed') AS duration_count,
        coalesce(sum(first_token_ms), 0) AS first_token_ms_sum, count(first_token_ms) AS first_token_count
      FROM inserted GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    INSERT INTO usage_rollup AS r (
      organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model, virtual_key_name, team_name,
      proxy_name, provider_name, requests, errors, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens,
      cost_micro_usd, unknown_cost_requests, duration_ms_sum, duration_count, first_token_ms_sum, first_token_count)
    SELECT organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model, virtual_key_name, team_name,
      proxy_name, provider_name, requests, errors, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens,
      cost_micro_usd, unknown_cost_requests, duration_ms_sum, duration_count, first_token_ms_sum, first_token_count
    FROM sums ORDER BY organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model
    ON CONFLICT (organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model) DO UPDATE SET
      requests = r.requests + excluded.requests, errors = r.errors + excluded.errors,
      input_tokens = r.input_tokens + excluded.input_tokens, output_tokens = r.output_tokens + excluded.output_tokens,
      cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
      reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens,
      cost_micro_usd = r.cost_micro_usd + excluded.cost_micro_usd,
      unknown_cost_requests = r.unknown_cost_requests + excluded.unknown_cost_requests,
      duration_ms_sum = r.duration_ms_sum + excluded.duration_ms_sum,
      duration_count = r.duration_count + excluded.duration_count,
      first_token_ms_sum = r.first_token_ms_sum + excluded.first_token_ms_sum,
      first_token_count = r.first_token_count + excluded.first_token_count`;
}

/** Fields of an event, with the tokens beside the others. */
const EVENT_FIELDS = Prisma.sql`
        "id" uuid, "organizationId" uuid, "gatewayInstanceId" text, "requestId" text, "occurredAt" timestamptz(3),
        "virtualKeyId" uuid, "virtualKeyName" text, "teamId" uuid, "teamName" text, "proxyId" uuid, "proxyName" text,
        "providerId" uuid, "providerName" text, "requestedModel" text, "upstreamModel" text, "dialect" text,
        "operation" text, "stream" boolean, "outcome" text, "httpStatus" int, "errorCode" text, "attempts" int,
        "inputTokens" bigint, "outputTokens" bigint, "cachedInputTokens" bigint, "reasoningTokens" bigint,
        "usageSource" text, "costMicroUsd" bigint, "priceVersion" text, "firstTokenMs" numeric, "durationMs" numeric`;

/** What stands for an absent id in the key of a sum. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** Notes when each key was last used. Rows are locked in the order of their id; a time never goes back. */
export async function noteLastUse(client: PrismaClient, events: readonly UsageEvent[]): Promise<void> {
  const lastUse = new Map<string, string>();
  for (const { virtualKeyId, occurredAt } of events) {
    if (virtualKeyId !== null && occurredAt > (lastUse.get(virtualKeyId) ?? '')) lastUse.set(virtualKeyId, occurredAt);
  }
  if (lastUse.size === 0) return;
  const uses = JSON.stringify([...lastUse].map(([id, at]) => ({ id, at })));
  await client.$executeRaw`
    WITH used AS (
      SELECT k.id, u.at FROM virtual_key k JOIN jsonb_to_recordset(${uses}::jsonb) AS u(id uuid, at timestamptz(3)) USING (id)
      WHERE k.last_used_at IS NULL OR k.last_used_at < u.at
      ORDER BY k.id FOR NO KEY UPDATE OF k
    )
    UPDATE virtual_key SET last_used_at = used.at FROM used WHERE virtual_key.id = used.id`;
}

/** Flattens the tokens; what Postgres' text cannot hold (NUL, half of a surrogate pair) becomes U+FFFD. */
function toJson(events: readonly UsageEvent[]): string {
  const flat = events.map(({ usage, ...event }) => ({ ...event, ...usage }));
  return JSON.stringify(flat, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\uFFFD') : value,
  );
}
