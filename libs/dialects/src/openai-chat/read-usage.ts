import type { TokenUsage } from '@penstock/contracts';
import type { Json } from '../canonical/json.ts';
import { toTokenUsage } from '../canonical/to-token-usage.ts';
import { decodeUsage } from './chat-usage.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Usage as OpenAI, vLLM and their relatives report it (see `decodeUsage`). Null when it is missing or absurd, so that it is
 * estimated instead; an explicit zero is a value.
 */
export function usageOf(value: unknown, hasOutput = true): TokenUsage | null {
  const usage = decodeUsage(value as Json | undefined, hasOutput);
  return usage && toTokenUsage(usage);
}

const USAGE_KEY = Buffer.from('"usage"');

/**
 * Usage in a JSON answer. Only the last `"usage"` is parsed: unescaped quotes cannot stand within a string, so it is a key.
 * When that does not give an object the whole answer is parsed.
 */
export function readUsage(body: Buffer): TokenUsage | null {
  return readUsageOf(body, true);
}

/** The same of an answer without output, such as embeddings: none has to be told. */
export function readInputUsage(body: Buffer): TokenUsage | null {
  return readUsageOf(body, false);
}

function readUsageOf(body: Buffer, hasOutput: boolean): TokenUsage | null {
  const key = body.lastIndexOf(USAGE_KEY);
  if (key < 0) return null;
  const end = endOfFlatObject(body, key + USAGE_KEY.length);
  const text = end < 0 ? undefined : body.toString('utf8', body.indexOf(0x7b, key), end);
  return (text === undefined ? null : usageOf(tryParse(text), hasOutput)) ?? usageOfWhole(body, hasOutput);
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

function usageOfWhole(body: Buffer, hasOutput: boolean): TokenUsage | null {
  const answer = tryParse(body.toString('utf8'));
  return isObject(answer) ? usageOf(answer['usage'], hasOutput) : null;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: there is no usage to be read, which the caller is told by null.
    return undefined;
  }
}
