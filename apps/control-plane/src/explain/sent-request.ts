import { type ExplainRequest, GatewayError } from '@penstock/contracts';
import {
  CHAT_RULES,
  COMPLETIONS_RULES,
  COUNT_TOKENS_RULES,
  EMBEDDINGS_RULES,
  MESSAGES_RULES,
  type RequestFacts,
  scanGenerateRequest,
  scanMessagesRequest,
  scanRequest,
  scanResponsesRequest,
} from '@penstock/dialects';
import type { ProxyOperation } from '@penstock/providers';
import type { SentRequest } from '@penstock/rate-limiting';

type Body = Readonly<Record<string, unknown>>;

const messages = [{ role: 'user', content: 'Hello' }];

/** The body that is taken where none is given. */
const SHORT_BODIES: Partial<Readonly<Record<ProxyOperation['operation'], Body>>> = {
  chat: { messages },
  completions: { prompt: 'Hello' },
  embeddings: { input: 'Hello' },
  messages: { max_tokens: 1024, messages },
  'count-tokens': { messages },
  responses: { input: 'Hello' },
  'generate-content': { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
};

/** The request as a gateway would read it. Throws GatewayError as gateways do for a body that they refuse. */
export function sentRequest(
  asked: ProxyOperation,
  { body, model }: Pick<ExplainRequest, 'body' | 'model'>,
  parameter: string,
): SentRequest {
  const given = body ?? SHORT_BODIES[asked.operation] ?? {};
  const inPath = asked.operation === 'generate-content';
  const content = Buffer.from(JSON.stringify(inPath || model === undefined ? given : { ...given, model }));
  return { surface: asked, body: content, facts: scan(asked, content, { parameter, model }) };
}

function scan(
  { operation }: ProxyOperation,
  body: Buffer,
  { parameter, model }: { readonly parameter: string; readonly model: string | undefined },
): RequestFacts {
  switch (operation) {
    case 'completions':
      return scanRequest(body, COMPLETIONS_RULES);
    case 'embeddings':
      return scanRequest(body, EMBEDDINGS_RULES);
    case 'messages':
      return scanMessagesRequest(body, MESSAGES_RULES);
    case 'count-tokens':
      return scanMessagesRequest(body, COUNT_TOKENS_RULES);
    case 'responses':
      return scanResponsesRequest(body);
    case 'generate-content':
      return scanGenerateRequest(body, { ...pathOf(parameter), ...(model !== undefined && { model }) });
    default:
      return scanRequest(body, CHAT_RULES);
  }
}

/** `gemini-2.5-pro:streamGenerateContent` */
function pathOf(parameter: string): { readonly model: string; readonly stream: boolean } {
  const colon = parameter.lastIndexOf(':');
  const method = parameter.slice(colon + 1);
  if (colon <= 0 || (method !== 'generateContent' && method !== 'streamGenerateContent')) {
    throw new GatewayError('not_found', 'Only generateContent and streamGenerateContent are served at this path.');
  }
  return { model: parameter.slice(0, colon), stream: method === 'streamGenerateContent' };
}
