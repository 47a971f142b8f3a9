import type { UsageEvent } from '@penstock/contracts';
import { Prisma } from '../../prisma/generated/client.ts';

/** Columns of `usage_event` that an event fills, beside its day: the field, the column and its type. */
const FIELDS: readonly (readonly [field: string, column: string, type: string])[] = [
  ['id', 'id', 'uuid'],
  ['organizationId', 'organization_id', 'uuid'],
  ['gatewayInstanceId', 'gateway_instance_id', 'text'],
  ['requestId', 'request_id', 'text'],
  ['occurredAt', 'occurred_at', 'timestamptz(3)'],
  ['virtualKeyId', 'virtual_key_id', 'uuid'],
  ['virtualKeyName', 'virtual_key_name', 'text'],
  ['teamId', 'team_id', 'uuid'],
  ['teamName', 'team_name', 'text'],
  ['proxyId', 'proxy_id', 'uuid'],
  ['proxyName', 'proxy_name', 'text'],
  ['providerId', 'provider_id', 'uuid'],
  ['providerName', 'provider_name', 'text'],
  ['requestedModel', 'requested_model', 'text'],
  ['upstreamModel', 'upstream_model', 'text'],
  ['modelId', 'model_id', 'text'],
  ['userTag', 'user_tag', 'text'],
  ['sparedLimits', 'spared_limits', 'text[]'],
  ['dialect', 'dialect', 'text'],
  ['operation', 'operation', 'text'],
  ['stream', 'stream', 'boolean'],
  ['outcome', 'outcome', 'text'],
  ['httpStatus', 'http_status', 'int'],
  ['errorCode', 'error_code', 'text'],
  ['attempts', 'attempts', 'int'],
  ['inputTokens', 'input_tokens', 'bigint'],
  ['outputTokens', 'output_tokens', 'bigint'],
  ['cachedInputTokens', 'cached_input_tokens', 'bigint'],
  ['reasoningTokens', 'reasoning_tokens', 'bigint'],
  ['cacheWriteTokens', 'cache_write_tokens', 'bigint'],
  ['longCacheWriteTokens', 'long_cache_write_tokens', 'bigint'],
  ['audioInputTokens', 'audio_input_tokens', 'bigint'],
  ['audioOutputTokens', 'audio_output_tokens', 'bigint'],
  ['imageInputTokens', 'image_input_tokens', 'bigint'],
  ['imageOutputTokens', 'image_output_tokens', 'bigint'],
  ['usageSource', 'usage_source', 'text'],
  ['costMicroUsd', 'cost_micro_usd', 'bigint'],
  ['priceVersion', 'price_version', 'text'],
  ['firstTokenMs', 'first_token_ms', 'numeric(14, 3)'],
  ['durationMs', 'duration_ms', 'numeric(14, 3)'],
];
const NO_TOKENS = {
  cacheWriteTokens: 0,
  longCacheWriteTokens: 0,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
};

const columns = Prisma.raw(FIELDS.map(([, column]) => column).join(', '));
const values = Prisma.raw(FIELDS.map(([field]) => `"${field}"`).join(', '));
const record = Prisma.raw(FIELDS.map(([field, , type]) => `"${field}" ${type}`).join(', '));

/** The events that were not there yet, as the common table expression `inserted`. Rows are taken in the order of their id. */
export function insertedEvents(events: readonly UsageEvent[]): Prisma.Sql {
  return Prisma.sql`
    incoming AS (
      SELECT DISTINCT ON (e.id) e.* FROM json_to_recordset(${toJson(events)}::json) AS e(${record}) ORDER BY e.id
    ), inserted AS (
      INSERT INTO usage_event (day, ${columns})
      SELECT ("occurredAt" AT TIME ZONE 'UTC')::date, ${values} FROM incoming ORDER BY id
      ON CONFLICT (id, day) DO NOTHING
      RETURNING *
    )`;
}

/** Flattens the tokens; what Postgres' text cannot hold (NUL, half of a surrogate pair) becomes U+FFFD. */
function toJson(events: readonly UsageEvent[]): string {
  const flat = events.map(({ usage, ...event }) => ({ ...event, ...NO_TOKENS, ...usage }));
  const text = JSON.stringify(flat);
  // JSON.stringify escapes both, so that most batches need no second look.
  if (!/\\u0000|\\ud[89a-f]/i.test(text)) return text;
  return JSON.stringify(flat, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\uFFFD') : value,
  );
}
