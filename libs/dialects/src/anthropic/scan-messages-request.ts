import { GatewayError } from '@penstock/contracts';
import type { Json } from '../canonical/json.ts';
import { parseValue } from '../json/parse-value.ts';
import { type Member, scanObject } from '../json/scan-object.ts';
import { CONTROL_FIELDS, type RequestRules } from '../openai-chat/request-rules.ts';
import type { RequestFacts } from '../openai-chat/scan-request.ts';
import { booleanOf, countOf, missing, requiredString, wrongType } from './read-fields.ts';

/** What the gateway knows of a request to Messages after one pass over its bytes. */
export interface MessagesFacts extends RequestFacts {
  /**
   * The conversation holds an envelope of Penstock's in place of a vendor's signature, since a model of another dialect answered
   * before: it must not go upstream as it is.
   */
  readonly hasSealedSignatures: boolean;
}

const MAX_MODEL_LENGTH = 255;
/** The longest text that a model's name can be, every character escaped. */
const MAX_MODEL_BYTES = MAX_MODEL_LENGTH * 6 + 2;
/** No model has one in its name, and no database or log is the better for it. */
const UNPRINTABLE = /\p{Cc}/u;
const ENVELOPE = Buffer.from('"gw1:');
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * Checks a request to `/v1/messages` or `/v1/messages/count_tokens` and reads what routing, limits and metering need.
 * Throws `GatewayError`. The field `fallbacks`, by which a caller would name models past its rights, is refused like any
 * other that steers the gateway.
 */
export function scanMessagesRequest(body: Buffer, rules: RequestRules): MessagesFacts {
  const members = scanObject(body, rules.bounds);
  const found = new Map(members.map((member) => [member.key, member]));
  refuseControlFields(members);
  const model = readModel(body, found.get('model'));
  checkMessages(body, found.get(rules.required.name) ?? missing(rules.required.name));
  const stream = booleanOf(valueOf(body, found.get('stream')), 'stream') ?? false;
  if (stream && !rules.mayStream) {
    throw new GatewayError('unsupported_parameter', 'This operation does not stream.', { param: 'stream' });
  }
  return {
    model,
    stream,
    // Streams of Messages always tell their usage.
    includeUsage: true,
    maxOutputTokens: countOf(valueOf(body, found.get('max_tokens')), 'max_tokens') ?? null,
    choices: 1,
    members,
    hasSealedSignatures: body.includes(ENVELOPE),
  };
}

function refuseControlFields(members: readonly Member[]): void {
  for (const { key } of members) {
    if (CONTROL_FIELDS.has(key)) {
      throw new GatewayError('unknown_parameter', `'${key}' cannot be set by a request.`, { param: key });
    }
  }
}

function checkMessages(body: Buffer, member: Member): void {
  if (body[member.start] !== OPEN_ARRAY) wrongType(member.key, 'array', valueOf(body, member));
  let position = member.start + 1;
  while (position < member.end && (body[position] ?? 0) <= 0x20) position += 1;
  if (body[position] === CLOSE_ARRAY) {
    throw new GatewayError('invalid_request', "'messages' must hold at least one message.", { param: member.key });
  }
}

/** Only for members whose value is looked at; a long one is nobody's model name, boolean or number. */
function valueOf(body: Buffer, member: Member | undefined): Json | undefined {
  return member && (parseValue(body.toString('utf8', member.start, member.end)) as Json);
}

function readModel(body: Buffer, member: Member | undefined): string {
  if (member !== undefined && member.end - member.start > MAX_MODEL_BYTES) tooLong();
  const model = requiredString(valueOf(body, member), 'model');
  if (model === '') missing('model');
  if (model.length > MAX_MODEL_LENGTH) tooLong();
  if (UNPRINTABLE.test(model)) {
    throw new GatewayError('invalid_request', "'model' must not hold control characters.", { param: 'model' });
  }
  return model;
}

function tooLong(): never {
  throw new GatewayError('invalid_request', `'model' must have at most ${MAX_MODEL_LENGTH} characters.`, {
    param: 'model',
  });
}
