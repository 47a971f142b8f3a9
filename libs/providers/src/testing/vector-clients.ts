import type { Dialect, GatewayError, Operation } from '@penstock/contracts';
import {
  anthropicCodec,
  anthropicStatusOf,
  CHAT_RULES,
  ChatStreamReader,
  COMPLETIONS_RULES,
  COUNT_TOKENS_RULES,
  decodeCountRequest,
  type DialectCodec,
  EMBEDDINGS_RULES,
  type JsonObject,
  MESSAGES_RULES,
  type MessagesFacts,
  MessagesStreamReader,
  openAiChatCodec,
  openAiCompletionsClient,
  openAiResponsesCodec,
  type RequestFacts,
  type RequestRules,
  type ResponsesFacts,
  ResponsesStreamReader,
  rewriteRequest,
  scanMessagesRequest,
  scanRequest,
  scanResponsesRequest,
  type SignatureOrigin,
  unsealMessages,
  unsealResponses,
} from '@penstock/dialects';
import type { VectorClientName } from './golden-vector.ts';

interface RewriteTarget {
  readonly upstreamModel: string;
  readonly origin: SignatureOrigin;
}

type StreamReader = Pick<ChatStreamReader, 'push' | 'end' | 'done' | 'failure' | 'terminal'>;

/** What a surface of the gateway does with the bytes of its callers. */
export interface VectorClient {
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly codec: Pick<
    DialectCodec,
    'decodeRequest' | 'encodeResponse' | 'createStreamEncoder' | 'renderError' | 'renderErrorFrame'
  >;
  /** The plainest request, for vectors that are about the answer. */
  readonly plainRequest: JsonObject;
  scan(body: Buffer): RequestFacts;
  rewrite(body: Buffer, facts: RequestFacts, target: RewriteTarget): Buffer;
  createReader(facts: RequestFacts): StreamReader;
  statusOf(error: GatewayError): number;
}

const messages = [{ role: 'user', content: 'hi' }];

const chatClient = (operation: Operation, rules: RequestRules, plainRequest: JsonObject): VectorClient => ({
  dialect: 'openai-chat',
  operation,
  codec: openAiChatCodec,
  plainRequest,
  scan: (body) => scanRequest(body, rules),
  rewrite: (body, facts, { upstreamModel }) =>
    rewriteRequest(body, facts, { model: upstreamModel, includeUsage: facts.stream }),
  createReader: (facts) => new ChatStreamReader({ hideUsage: !facts.includeUsage }),
  statusOf: ({ status }) => status,
});

const messagesClient: VectorClient = {
  dialect: 'anthropic',
  operation: 'messages',
  codec: anthropicCodec,
  plainRequest: { model: 'alias', max_tokens: 100, messages },
  scan: (body) => scanMessagesRequest(body, MESSAGES_RULES),
  rewrite(body, facts, { upstreamModel, origin }) {
    const bytes = rewriteRequest(body, facts, { model: upstreamModel, includeUsage: false });
    return (facts as MessagesFacts).hasSealedSignatures ? unsealMessages(bytes, origin) : bytes;
  },
  createReader: () => new MessagesStreamReader(),
  statusOf: anthropicStatusOf,
};

const responsesClient: VectorClient = {
  dialect: 'openai-responses',
  operation: 'responses',
  codec: openAiResponsesCodec,
  plainRequest: { model: 'alias', input: 'hi' },
  scan: scanResponsesRequest,
  rewrite(body, facts, { upstreamModel, origin }) {
    const bytes = rewriteRequest(body, facts, { model: upstreamModel, includeUsage: false });
    return (facts as ResponsesFacts).hasSealedSignatures ? unsealResponses(bytes, origin) : bytes;
  },
  createReader: () => new ResponsesStreamReader(),
  statusOf: ({ status }) => status,
};

/** The surfaces of the gateway, as far as they read and write bodies. */
export const VECTOR_CLIENTS: Readonly<Record<VectorClientName, VectorClient>> = {
  chat: chatClient('chat', CHAT_RULES, { model: 'alias', messages }),
  completions: {
    ...chatClient('completions', COMPLETIONS_RULES, { model: 'alias', prompt: 'hi' }),
    codec: openAiCompletionsClient,
  },
  embeddings: chatClient('embeddings', EMBEDDINGS_RULES, { model: 'alias', input: 'hi' }),
  messages: messagesClient,
  'count-tokens': {
    ...messagesClient,
    operation: 'count-tokens',
    codec: { ...anthropicCodec, decodeRequest: decodeCountRequest },
    scan: (body) => scanMessagesRequest(body, COUNT_TOKENS_RULES),
  },
  responses: responsesClient,
};
