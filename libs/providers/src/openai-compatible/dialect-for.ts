import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';

/** Chat for every conversation; the Responses API only where a profile says that the server has it. */
export function compatibleDialectFor(operation: Operation, { chatDialect }: ModelProfile): Dialect | undefined {
  switch (operation) {
    case 'completions':
    case 'embeddings':
    case 'models':
      return 'openai-chat';
    case 'count-tokens':
      return undefined;
    case 'chat':
    case 'responses':
    case 'messages':
    case 'generate-content':
      if (chatDialect === null || chatDialect === 'openai-chat') return 'openai-chat';
      return chatDialect === 'openai-responses' ? chatDialect : undefined;
  }
}
