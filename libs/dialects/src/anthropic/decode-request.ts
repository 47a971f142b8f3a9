import { GatewayError } from '@penstock/contracts';
import type { CanonicalRequest, OutputFormat } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { markOf } from './cache-mark.ts';
import { decodeMessages, decodeSystem } from './decode-messages.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { given } from './given.ts';
import {
  arrayOf,
  booleanOf,
  countOf,
  missing,
  numberOf,
  objectOf,
  requiredString,
  stringOf,
  wrongType,
} from './read-fields.ts';

/** Members that the canonical form has a place for; all others are extra. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'stop_sequences',
  'temperature',
  'top_p',
  'top_k',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'service_tier',
  'cache_control',
]);

/** OpenAI's words for Anthropic's. */
const SERVICE_TIERS: ReadonlyMap<string | undefined, string> = new Map([
  ['auto', 'auto'],
  ['standard_only', 'default'],
]);

/** A request to `/v1/messages`. Throws `GatewayError` for what cannot be read or routed. */
export function decodeRequest(body: JsonObject): CanonicalRequest {
  const request = decodeCountRequest(body);
  return request.maxOutputTokens === undefined ? missing('max_tokens') : request;
}

/** A request to `/v1/messages/count_tokens`: the same, but without a bound of the output. */
export function decodeCountRequest(body: JsonObject): CanonicalRequest {
  const model = requiredString(body['model'], 'model');
  if (model === '') missing('model');
  return {
    dialect: 'anthropic',
    model,
    stream: booleanOf(body['stream'], 'stream') ?? false,
    includeUsage: true,
    system: decodeSystem(body['system']),
    turns: decodeMessages(body['messages']),
    tools: decodeTools(body['tools']),
    ...decodeToolChoice(body['tool_choice']),
    ...decodeSampling(body),
    output: decodeOutput(body),
    ...given('reasoning', decodeReasoning(body)),
    ...given('endUser', stringOf(objectOf(body['metadata'], 'metadata')?.['user_id'], 'metadata.user_id')),
    ...given('serviceTier', SERVICE_TIERS.get(stringOf(body['service_tier'], 'service_tier'))),
    ...given('autoCache', markOf(body['cache_control'])),
    extra: Object.fromEntries(Object.entries(body).filter(([name]) => !KNOWN.has(name))),
    answer: {},
  };
}

function decodeSampling(body: JsonObject): Partial<CanonicalRequest> {
  return {
    ...given('maxOutputTokens', countOf(body['max_tokens'], 'max_tokens')),
    ...given('temperature', numberOf(body['temperature'], 'temperature')),
    ...given('topP', numberOf(body['top_p'], 'top_p')),
    ...given('topK', numberOf(body['top_k'], 'top_k')),
    ...given('stop', decodeStops(body['stop_sequences'])),
  };
}

function decodeStops(value: Json | undefined): readonly string[] | undefined {
  const stops = arrayOf(value, 'stop_sequences');
  if (stops === undefined || stops.length === 0) return undefined;
  return stops.map((stop, index) =>
    typeof stop === 'string' ? stop : wrongType(`stop_sequences[${index}]`, 'string', stop),
  );
}

/** `output_format` is the name under which the feature was in beta. */
function decodeOutput(body: JsonObject): OutputFormat {
  const current = objectOf(objectOf(body['output_config'], 'output_config')?.['format'], 'output_config.format');
  const path = current ? 'output_config.format' : 'output_format';
  const format = current ?? objectOf(body['output_format'], path);
  if (format === undefined) return { kind: 'text' };
  if (format['type'] !== 'json_schema') {
    throw new GatewayError('invalid_request', `'${path}.type' must be 'json_schema'.`, { param: `${path}.type` });
  }
  const schema = objectOf(format['schema'], `${path}.schema`) ?? missing(`${path}.schema`);
  return { kind: 'schema', schema, strict: true };
}
