import type { FaultClass } from '../canonical/canonical-event.ts';

interface FaultWords {
  readonly type: string | null;
  readonly code: string | null;
  readonly message: string;
}

/** Types and codes that say more than the status. */
const BY_WORD: ReadonlyMap<string, FaultClass> = new Map<string, FaultClass>([
  ['context_length_exceeded', 'context-length'],
  ['content_filter', 'content-filter'],
  ['content_policy_violation', 'content-filter'],
  ['moderation_blocked', 'content-filter'],
  ['responsibleaipolicyviolation', 'content-filter'],
  ['insufficient_quota', 'quota'],
  ['billing_error', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['invalid_api_key', 'authentication'],
  ['authentication_error', 'authentication'],
  ['permission_error', 'permission'],
  ['permissiondeniederror', 'permission'],
  ['model_not_found', 'not-found'],
  ['notfounderror', 'not-found'],
  ['not_found_error', 'not-found'],
  ['rate_limit_exceeded', 'rate-limit'],
  ['rate_limit_error', 'rate-limit'],
  ['ratelimiterror', 'rate-limit'],
  ['resource_exhausted', 'rate-limit'],
  ['overloaded', 'overloaded'],
  ['overloaded_error', 'overloaded'],
  ['unavailable', 'overloaded'],
  ['timeout_error', 'timeout'],
  ['invalid_request_error', 'bad-request'],
  ['badrequesterror', 'bad-request'],
]);

const BY_STATUS: ReadonlyMap<number, FaultClass> = new Map<number, FaultClass>([
  [400, 'bad-request'],
  [401, 'authentication'],
  [402, 'quota'],
  [403, 'permission'],
  [404, 'not-found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too-large'],
  [422, 'bad-request'],
  [429, 'rate-limit'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [529, 'overloaded'],
]);

const CONTEXT_LENGTH =
  /maximum context length|context[ _]length[ _]exceeded|prompt is too long|exceeds the (?:model's )?maximum number of tokens|longer than the maximum model length|context window/i;

/** Words are only trusted where the status says nothing (200) or says no more than they do. */
const VAGUE_STATUSES: ReadonlySet<number> = new Set([200, 400, 403, 404, 413, 422, 429, 500, 503]);

/** What class of failure it is (research/translation.md §9.1). `status` 200: the failure was told within an answer. */
export function classifyFault(status: number, words: FaultWords): FaultClass {
  const byStatus = BY_STATUS.get(status) ?? 'upstream';
  if (!VAGUE_STATUSES.has(status)) return byStatus;
  const word = classOfWords(words);
  const isCallers = word === 'bad-request' || byStatus === 'bad-request' || byStatus === 'too-large';
  if (isCallers && CONTEXT_LENGTH.test(words.message)) return 'context-length';
  // A general word adds nothing to a status that is precise.
  return word === undefined || (word === 'bad-request' && status !== 200) ? byStatus : word;
}

function classOfWords({ type, code }: FaultWords): FaultClass | undefined {
  return classOfWord(code) ?? classOfWord(type);
}

function classOfWord(word: string | null): FaultClass | undefined {
  return word === null ? undefined : BY_WORD.get(word.toLowerCase());
}
