import type { Dialect, Operation } from '@penstock/contracts';

const PATHS: Partial<Record<Operation, string>> = {
  completions: '/completions',
  embeddings: '/embeddings',
  models: '/models',
  'count-tokens': '/responses/input_tokens',
};

/** Where OpenAI's API serves an operation, below its version; every other operation is a conversation in one of its dialects. */
export function openAiPath(operation: Operation, dialect: Dialect): string {
  return PATHS[operation] ?? (dialect === 'openai-responses' ? '/responses' : '/chat/completions');
}
