import type { Dialect } from '@penstock/contracts';
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
