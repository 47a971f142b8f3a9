import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';

const SPOKEN: ReadonlySet<Dialect | null> = new Set<Dialect | null>(['openai-chat', 'openai-responses', null]);

/** What OpenAI speaks: its Responses API, and Chat for every other conversation unless the model's profile says otherwise. */
export function openAiDialectFor(operation: Operation, { chatDialect }: ModelProfile): Dialect | undefined {
  switch (operation) {
    case 'completions':
    case 'embeddings':
    case 'models':
      return 'openai-chat';
    case 'responses':
    case 'count-tokens':
      return 'openai-responses';
    case 'chat':
    case 'messages':
    case 'generate-content':
      return SPOKEN.has(chatDialect) ? (chatDialect ?? 'openai-chat') : undefined;
  }
}
