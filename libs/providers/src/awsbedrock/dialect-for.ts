import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';

/** Converse for every conversation; the runtime has no embeddings of one shape and no list of models. */
export function bedrockDialectFor(operation: Operation, { chatDialect }: ModelProfile): Dialect | undefined {
  if (operation === 'embeddings' || operation === 'completions' || operation === 'models') return undefined;
  return chatDialect === null || chatDialect === 'bedrock-converse' ? 'bedrock-converse' : undefined;
}
