import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { parseValue } from '../json/parse-value.ts';
import type { Member } from '../json/scan-object.ts';
import type { RequestRules } from '../openai-chat/request-rules.ts';
import { type RequestFacts, scanRequest } from '../openai-chat/scan-request.ts';
import { arrayOf, objectOf } from './json-fields.ts';
import { refuseStoredState, STATEFUL_FIELDS } from './refuse-stored-state.ts';
import { integerField } from './request-fields.ts';

export const RESPONSES_RULES: RequestRules = {
  bounds: { maxDepth: 64, maxValues: 200_000 },
  required: { name: 'input', types: ['string', 'array'] },
  mayStream: true,
};

/** What is known of a request after one pass over its bytes. */
export interface ResponsesFacts extends RequestFacts {
  /** Reasoning of earlier turns may stand in the gateway's envelopes, which no upstream can open; see `unsealResponses`. */
  readonly hasSealedSignatures: boolean;
}

const ITEM_REFERENCE = Buffer.from('"item_reference"');
const ENVELOPE = Buffer.from('"gw1:');

/**
 * Checks a request that is passed through to an upstream of the same dialect, where only `model` is rewritten. What refers to
 * stored state is refused there, too: the store belongs to the upstream's account, which many callers share. Throws GatewayError.
 */
export function scanResponsesRequest(body: Buffer): ResponsesFacts {
  const facts = scanRequest(body, RESPONSES_RULES);
  const wanted = facts.members.filter(({ key }) => key === 'max_output_tokens' || STATEFUL_FIELDS.has(key));
  const fields: JsonObject = Object.fromEntries(wanted.map((member) => [member.key, valueOf(body, member)]));
  refuseStoredState(fields);
  refuseItemReferences(body, facts);
  const maxOutputTokens = integerField(fields, 'max_output_tokens', 1) ?? null;
  // Every stream of this dialect ends with the usage, unasked; there is one answer, whatever a body says.
  return { ...facts, includeUsage: true, choices: 1, maxOutputTokens, hasSealedSignatures: body.includes(ENVELOPE) };
}

function valueOf(body: Buffer, { start, end }: Member): Json {
  return parseValue(body.toString('utf8', start, end)) as Json;
}

/** The input is only parsed when it holds the word. */
function refuseItemReferences(body: Buffer, { members }: RequestFacts): void {
  const input = members.find(({ key }) => key === 'input');
  if (!input || !body.subarray(input.start, input.end).includes(ITEM_REFERENCE)) return;
  const index = arrayOf(valueOf(body, input)).findIndex((item) => objectOf(item)?.['type'] === 'item_reference');
  if (index < 0) return;
  const message = 'Responses are not stored here: send the items themselves instead of references to them.';
  throw new GatewayError('unsupported_parameter', message, { param: `input[${index}]` });
}
