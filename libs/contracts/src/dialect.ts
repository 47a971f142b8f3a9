import { z } from 'zod';

/** A wire format. Variants (Azure, vLLM, Mistral) are adjustments of one of these, never dialects of their own. */
export const Dialect = z.enum(['openai-chat', 'openai-responses', 'anthropic', 'gemini', 'bedrock-converse']);
export type Dialect = z.infer<typeof Dialect>;

/** What a caller asks of the gateway, whatever the dialect. */
export const Operation = z.enum([
  'chat',
  'responses',
  'messages',
  'completions',
  'embeddings',
  'models',
  'count-tokens',
  'generate-content',
]);
export type Operation = z.infer<typeof Operation>;
