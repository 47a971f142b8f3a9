import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';

/** Messages for every conversation; there are no embeddings and no legacy completions. */
export function anthropicDialectFor(operation: Operation, { chatDialect }: ModelProfile): Dialect | undefined {
  if (operation === 'embeddings' || operation === 'completions') return undefined;
  return chatDialect === null || chatDialect === 'anthropic' ? 'anthropic' : undefined;
}
