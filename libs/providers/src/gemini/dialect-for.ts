import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';

/** Gemini's own dialect for every conversation; embeddings are asked for at its endpoint that is compatible with OpenAI's. */
export function geminiDialectFor(operation: Operation, { chatDialect }: ModelProfile): Dialect | undefined {
  if (operation === 'completions') return undefined;
  if (operation === 'embeddings') return 'openai-chat';
  return chatDialect === null || chatDialect === 'gemini' ? 'gemini' : undefined;
}
