import type { TokenUsage } from '@penstock/contracts';
import {
  anthropicCodec,
  anthropicStatusOf,
  COUNT_TOKENS_RULES,
  decodeCountRequest,
  estimateInputTokens,
  type JsonObject,
  MESSAGES_RULES,
  type MessagesFacts,
  MessagesStreamReader,
  renderTokenCount,
  type RequestFacts,
  rewriteRequest,
  scanMessagesRequest,
  toTokenUsage,
  unsealMessages,
} from '@penstock/dialects';
import type { RewriteTarget, Surface } from './surface.ts';

const OUTPUT_FIELDS = ['max_tokens'];

export const MESSAGES_SURFACE: Surface = {
  operation: 'messages',
  dialect: 'anthropic',
  client: anthropicCodec,
  outputFields: OUTPUT_FIELDS,
  scan: (body) => scanMessagesRequest(body, MESSAGES_RULES),
  rewrite,
  createReader: () => new MessagesStreamReader(),
  keepAliveEvent: 'event: ping\ndata: {"type":"ping"}\n\n',
  readUsage,
  statusOf: anthropicStatusOf,
};

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };

/** A count is the vendor's own where it has one, and else an estimate, never an error: agents take a missing count for none. */
export const COUNT_TOKENS_SURFACE: Surface = {
  ...MESSAGES_SURFACE,
  operation: 'count-tokens',
  client: { ...anthropicCodec, decodeRequest: decodeCountRequest },
  outputFields: [],
  scan: (body) => scanMessagesRequest(body, COUNT_TOKENS_RULES),
  readUsage: () => NOTHING,
  lastResort: ({ canonical }) => renderTokenCount(estimateInputTokens(canonical)),
};

/** Signatures in Penstock's envelope came from another model in between; only then is the body more than spliced. */
function rewrite(body: Buffer, facts: RequestFacts, { upstreamModel, origin, output }: RewriteTarget): Buffer {
  const bytes = rewriteRequest(body, facts, {
    model: upstreamModel,
    includeUsage: false,
    output: output && { tokens: output.tokens, fields: OUTPUT_FIELDS, field: 'max_tokens' },
  });
  return (facts as MessagesFacts).hasSealedSignatures ? unsealMessages(bytes, origin) : bytes;
}

function readUsage(body: Buffer): TokenUsage | null {
  let answer: JsonObject;
  try {
    answer = JSON.parse(body.toString('utf8')) as JsonObject;
  } catch {
    // Not JSON: there is no usage to be read, which the caller is told by null.
    return null;
  }
  const usage = anthropicCodec.readUsage(answer);
  return usage && toTokenUsage(usage);
}
