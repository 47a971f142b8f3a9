import { GatewayError } from '@penstock/contracts';
import { parseValue } from '../json/parse-value.ts';
import { type Member, scanObject } from '../json/scan-object.ts';
import { CONTROL_FIELDS, type JsonType, MAX_CHOICES, type RequestRules } from './request-rules.ts';

/** What the gateway knows of a request after one pass over its bytes. */
export interface RequestFacts {
  readonly model: string;
  readonly stream: boolean;
  /** The caller asked for the usage chunk of a stream. */
  readonly includeUsage: boolean;
  /** `max_completion_tokens`, else `max_tokens`; null when the caller sets no bound. */
  readonly maxOutputTokens: number | null;
  /** Number of answers that are generated (`n`, or `best_of` where more are than are given back). */
  readonly choices: number;
  readonly members: readonly Member[];
}

type Draft = { -readonly [Key in keyof RequestFacts]: RequestFacts[Key] } & {
  maxTokens: number | null;
  bestOf: number;
};
type Reader = (draft: Draft, body: Buffer, member: Member) => void;

const MAX_MODEL_LENGTH = 255;
const CLOSE_ARRAY = 0x5d;
/** No model has one in its name, and no database or log is the better for it. */
const UNPRINTABLE = /\p{Cc}/u;
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['model', (draft, body, member) => (draft.model = readModel(body, member))],
  ['stream', (draft, body, member) => (draft.stream = readBoolean(body, member))],
  ['stream_options', (draft, body, member) => (draft.includeUsage = readIncludeUsage(body, member))],
  ['max_tokens', (draft, body, member) => (draft.maxTokens = readCount(body, member, Number.MAX_SAFE_INTEGER))],
  [
    'max_completion_tokens',
    (draft, body, member) => (draft.maxOutputTokens = readCount(body, member, Number.MAX_SAFE_INTEGER)),
  ],
  ['n', (draft, body, member) => (draft.choices = readCount(body, member, MAX_CHOICES) ?? 1)],
  ['best_of', (draft, body, member) => (draft.bestOf = readCount(body, member, MAX_CHOICES) ?? 1)],
]);

/** Checks a request in OpenAI's dialect and reads what routing, limits and metering need. Throws GatewayError. */
export function scanRequest(body: Buffer, rules: RequestRules): RequestFacts {
  const members = scanObject(body, rules.bounds);
  const draft: Draft = {
    model: '',
    stream: false,
    includeUsage: false,
    maxOutputTokens: null,
    maxTokens: null,
    choices: 1,
    bestOf: 1,
    members,
  };
  let required: Member | undefined;
  for (const member of members) {
    if (CONTROL_FIELDS.has(member.key)) {
      throw new GatewayError('unknown_parameter', `'${member.key}' cannot be set by a request.`, { param: member.key });
    }
    if (member.key === rules.required.name) required = member;
    READERS.get(member.key)?.(draft, body, member);
  }
  if (draft.model === '') missing('model');
  checkRequired(body, required, rules);
  if (draft.stream && !rules.mayStream) {
    throw new GatewayError('unsupported_parameter', 'This operation does not stream.', { param: 'stream' });
  }
  draft.maxOutputTokens ??= draft.maxTokens;
  draft.choices = Math.max(draft.choices, draft.bestOf);
  return draft;
}

function missing(param: string): never {
  throw new GatewayError('missing_required_parameter', `Missing required parameter: '${param}'.`, { param });
}

function wrongType(param: string, expected: string, actual: string): never {
  throw new GatewayError('invalid_type', `Invalid type for '${param}': expected ${expected}, but got ${actual}.`, {
    param,
  });
}

function checkRequired(body: Buffer, member: Member | undefined, rules: RequestRules): void {
  const { name, types } = rules.required;
  if (!member) missing(name);
  const type = typeOf(body, member);
  if (!types.includes(type)) wrongType(name, types.join(' or '), type);
  if (name === 'messages' && isEmptyArray(body, member)) {
    throw new GatewayError('invalid_request', "'messages' must hold at least one message.", { param: name });
  }
}

function isEmptyArray(body: Buffer, member: Member): boolean {
  let position = member.start + 1;
  while (isSpace(body[position])) position += 1;
  return body[position] === CLOSE_ARRAY;
}

function typeOf(body: Buffer, member: Member): JsonType {
  switch (body[member.start]) {
    case 0x22:
      return 'string';
    case 0x7b:
      return 'object';
    case 0x5b:
      return 'array';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

function valueOf(body: Buffer, member: Member): unknown {
  return parseValue(body.toString('utf8', member.start, member.end));
}

function readModel(body: Buffer, member: Member): string {
  const type = typeOf(body, member);
  if (type !== 'string') wrongType('model', 'string', type);
  if (member.end - member.start > MAX_MODEL_LENGTH * 6) tooLong();
  const model = valueOf(body, member) as string;
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

function readBoolean(body: Buffer, member: Member): boolean {
  const type = typeOf(body, member);
  if (type === 'null') return false;
  if (type !== 'boolean') wrongType(member.key, 'boolean', type);
  return body[member.start] === 0x74;
}

function readIncludeUsage(body: Buffer, member: Member): boolean {
  const type = typeOf(body, member);
  if (type === 'null') return false;
  if (type !== 'object') wrongType('stream_options', 'object', type);
  const options = valueOf(body, member) as { include_usage?: unknown };
  const include = options.include_usage ?? false;
  if (typeof include !== 'boolean') wrongType('stream_options.include_usage', 'boolean', typeof include);
  return include;
}

function readCount(body: Buffer, member: Member, max: number): number | null {
  const type = typeOf(body, member);
  if (type === 'null') return null;
  if (type !== 'number') wrongType(member.key, 'integer', type);
  const count = valueOf(body, member) as number;
  if (!Number.isSafeInteger(count) || count < 1 || count > max) {
    throw new GatewayError('invalid_request', `'${member.key}' must be an integer from 1 to ${max}.`, {
      param: member.key,
    });
  }
  return count;
}
