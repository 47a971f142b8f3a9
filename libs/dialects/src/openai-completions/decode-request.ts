import { GatewayError } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { decodeExtra, decodeModel, decodeStreaming } from '../openai-chat/decode-request.ts';
import { decodeSampling } from '../openai-chat/decode-sampling.ts';
import { RequestFields, wrongType } from '../openai-chat/request-fields.ts';

const KNOWN_FIELDS: ReadonlySet<string> = new Set(
  `model prompt stream stream_options max_tokens temperature top_p top_k min_p n stop seed frequency_penalty presence_penalty
  logit_bias user echo best_of suffix logprobs`.split(/\s+/),
);

/** Fields without which the answer would be another one, and the values at which they ask for nothing. */
const REFUSED: readonly (readonly [name: string, harmless: readonly Json[]])[] = [
  ['echo', [false]],
  ['best_of', [1]],
  ['suffix', ['']],
  ['logprobs', [false]],
];

/**
 * Reads a request of POST /v1/completions whose model is served by another dialect: its prompt becomes the one turn of a user.
 * Throws `GatewayError` for everything that has no counterpart in a conversation.
 */
export function decodeRequest(body: JsonObject): CanonicalRequest {
  const fields = new RequestFields(body, '');
  for (const [name, harmless] of REFUSED) refuseUnless(fields, name, harmless);
  const maxOutputTokens = fields.integer('max_tokens', 1);
  const endUser = fields.string('user');
  return {
    dialect: 'openai-chat',
    model: decodeModel(fields),
    ...decodeStreaming(fields),
    system: [],
    turns: [{ role: 'user', parts: [{ type: 'text', text: decodePrompt(fields), path: 'prompt' }] }],
    tools: [],
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...decodeSampling(fields),
    output: { kind: 'text' },
    ...(endUser !== undefined && { endUser }),
    extra: decodeExtra(fields, KNOWN_FIELDS),
    answer: {},
  };
}

function refuseUnless(fields: RequestFields, name: string, harmless: readonly Json[]): void {
  const value = fields.value(name);
  if (value !== null && !harmless.includes(value)) throw unsupported(name);
}

/** One text, also as the only entry of a list, which is how some callers always send it. */
function decodePrompt(fields: RequestFields): string {
  const value = fields.value('prompt');
  if (value === null) {
    throw new GatewayError('missing_required_parameter', "Missing required parameter: 'prompt'.", { param: 'prompt' });
  }
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return wrongType('prompt', 'string or array', value);
  const [only, ...others] = fields.array('prompt') ?? [];
  if (typeof only !== 'string' || others.length > 0) throw unsupported('prompt');
  return only;
}

function unsupported(param: string): GatewayError {
  const what = param === 'prompt' ? 'More than one prompt, or one of token ids,' : `'${param}'`;
  const message = `${what} is not supported by the model that serves this request.`;
  return new GatewayError('unsupported_parameter', message, { param });
}
