import { estimateTokens } from '@penstock/usage';

/** Where the dialects put what the model said: Chat and completions, Gemini, Responses, Messages. */
const CONTAINERS = ['choices', 'candidates', 'output', 'content'] as const;
/** Members that stand with what the model said and are not of its making; logprobs repeat it. */
const FRAME: ReadonlySet<string> = new Set([
  'id',
  'call_id',
  'type',
  'object',
  'role',
  'status',
  'finish_reason',
  'finishReason',
  'stop_reason',
  'signature',
  'thoughtSignature',
  'encrypted_content',
  'logprobs',
  'logprobsResult',
  'annotations',
  'citations',
  'safetyRatings',
  'content_filter_results',
]);
/** Deeper than any answer; what lies further down is not looked at. */
const MAX_DEPTH = 32;

/**
 * About how many tokens a whole answer of any dialect took: of its texts, reasoning and calls of tools, as a stream would show
 * them, and not of the document around them. The whole body counts where it cannot be read.
 */
export function estimateAnswerOutput(body: Buffer): number {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    // What is no JSON has no choices to look at.
    return estimateTokens(body.length);
  }
  if (typeof answer !== 'object' || answer === null) return 0;
  const members = answer as Readonly<Record<string, unknown>>;
  return estimateTokens(CONTAINERS.reduce((sum, name) => sum + bytesOf(members[name], 0), 0));
}

function bytesOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + bytesOf(item, depth + 1), 0);
  let sum = 0;
  for (const [name, member] of Object.entries(value)) if (!FRAME.has(name)) sum += bytesOf(member, depth + 1);
  return sum;
}
