import {
  CHAT_RULES,
  ChatStreamReader,
  COMPLETIONS_RULES,
  EMBEDDINGS_RULES,
  openAiChatCodec,
  openAiCompletionsClient,
  readInputUsage,
  readUsage,
  type RequestFacts,
  type RequestRules,
  rewriteRequest,
  scanRequest,
} from '@penstock/dialects';
import { embeddingsReader } from '../../dispatch/whole-answer.ts';
import type { ClientCodec, Surface } from './surface.ts';

const chatSurface = (
  operation: 'chat' | 'completions' | 'embeddings',
  rules: RequestRules,
  client: ClientCodec,
  outputFields: readonly string[],
): Surface => ({
  operation,
  dialect: 'openai-chat',
  client,
  outputFields,
  scan: (body) => scanRequest(body, rules),
  rewrite: (body, facts, { upstreamModel, output }) =>
    rewriteRequest(body, facts, {
      model: upstreamModel,
      includeUsage: facts.stream,
      output: output && {
        tokens: output.tokens,
        fields: outputFields,
        field: outputFields.includes(output.field) ? output.field : (outputFields[0] ?? output.field),
      },
    }),
  createReader: (facts) => new ChatStreamReader({ hideUsage: !facts.includeUsage }),
  keepAliveEvent: ': ping\n\n',
  readUsage: outputFields.length === 0 ? readInputUsage : readUsage,
  statusOf: ({ status }) => status,
});

export const CHAT_SURFACE: Surface = chatSurface('chat', CHAT_RULES, openAiChatCodec, [
  'max_completion_tokens',
  'max_tokens',
]);

export const COMPLETIONS_SURFACE: Surface = chatSurface('completions', COMPLETIONS_RULES, openAiCompletionsClient, [
  'max_tokens',
]);

const embeddings = chatSurface('embeddings', EMBEDDINGS_RULES, openAiChatCodec, []);

export const EMBEDDINGS_SURFACE: Surface = {
  ...embeddings,
  answerReader: (facts, body) => embeddingsReader(embeddings, wantedEncoding(facts, body)),
};

/** Only `"base64"` is asked for as such; anything else is the upstream's to judge, and floats are the default. */
function wantedEncoding(facts: RequestFacts, body: Buffer): 'float' | 'base64' {
  const member = facts.members.find(({ key }) => key === 'encoding_format');
  return member && body.toString('utf8', member.start, member.end) === '"base64"' ? 'base64' : 'float';
}
