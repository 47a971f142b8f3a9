import type { TokenUsage } from '@penstock/contracts';

/** More tokens than any request can have; a vendor that reports more has a fault. */
const MAX_TOKENS = 1_000_000_000;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS;

/** A detail count: absent and null mean none, nonsense too, since the main counts are what is billed. */
function detail(details: unknown, name: string): number {
  const value = isObject(details) ? details[name] : undefined;
  return isCount(value) ? value : 0;
}

/**
 * Usage as OpenAI and vLLM report it. Null when it is missing or absurd, so that it is estimated instead;
 * an explicit zero is a value.
 */
export function usageOf(value: unknown): TokenUsage | null {
  if (!isObject(value)) return null;
  const input = value['prompt_tokens'];
  const output = value['completion_tokens'] ?? 0;
  if (!isCount(input) || !isCount(output)) return null;
  return {
    inputTokens: input,
    outputTokens: output,
    cachedInputTokens: Math.min(input, detail(value['prompt_tokens_details'], 'cached_tokens')),
    reasoningTokens: Math.min(output, detail(value['completion_tokens_details'], 'reasoning_tokens')),
  };
}

const USAGE_KEY = Buffer.from('"usage"');

/**
 * Usage in a JSON answer. Only the last `"usage"` is parsed: unescaped quotes cannot stand within a string, so it is a key.
 * When that does not give an object the whole answer is parsed.
 */
export function readUsage(body: Buffer): TokenUsage | null {
  const key = body.lastIndexOf(USAGE_KEY);
  if (key < 0) return null;
  const end = endOfFlatObject(body, key + USAGE_KEY.length);
  const text = end < 0 ? undefined : body.toString('utf8', body.indexOf(0x7b, key), end);
  return (text === undefined ? null : usageOf(tryParse(text))) ?? usageOfWhole(body);
}

/** End of the object that begins at the next `{`, counting braces; usage objects hold no strings with braces. */
function endOfFlatObject(body: Buffer, from: number): number {
  let depth = 0;
  for (let position = from; position < body.length; position += 1) {
    const byte = body[position];
    if (byte === 0x7b) depth += 1;
    else if (byte === 0x7d && (depth -= 1) === 0) return position + 1;
  }
  return -1;
}

function usageOfWhole(body: Buffer): TokenUsage | null {
  const answer = tryParse(body.toString('utf8'));
  return isObject(answer) ? usageOf(answer['usage']) : null;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: there is no usage to be read, which the caller is told by null.
    return undefined;
  }
}
