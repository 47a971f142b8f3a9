import type { Dialect, Operation } from '@penstock/contracts';
import {
  anthropicCodec,
  bedrockConverseCodec,
  type DialectCodec,
  geminiCodec,
  openAiChatCodec,
  openAiResponsesCodec,
} from '@penstock/dialects';

/** Every dialect that an upstream may speak. */
export const CODECS: Readonly<Record<Dialect, DialectCodec>> = {
  'openai-chat': openAiChatCodec,
  'openai-responses': openAiResponsesCodec,
  anthropic: anthropicCodec,
  gemini: geminiCodec,
  'bedrock-converse': bedrockConverseCodec,
};

/** The operation by which a conversation is continued in each dialect. */
export const CONVERSATION: Readonly<Record<Dialect, Operation>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  anthropic: 'messages',
  gemini: 'generate-content',
  'bedrock-converse': 'chat',
};
