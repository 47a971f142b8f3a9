import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';

/** Chat for every conversation; tokens cannot be counted without generating. */
export function mistralDialectFor(operation: Operation, { chatDialect }: ModelProfile): Dialect | undefined {
  if (operation === 'count-tokens') return undefined;
  if (operation === 'embeddings' || operation === 'completions' || operation === 'models') return 'openai-chat';
  return chatDialect === null || chatDialect === 'openai-chat' ? 'openai-chat' : undefined;
}
