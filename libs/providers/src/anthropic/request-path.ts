import type { Operation } from '@penstock/contracts';
import { noSuchOperation } from '../http/no-such-operation.ts';

/** Where Anthropic's API serves an operation, below its version. */
export function anthropicPath(operation: Operation): string {
  switch (operation) {
    case 'models':
      return '/models';
    case 'count-tokens':
      return '/messages/count_tokens';
    case 'embeddings':
    case 'completions':
      return noSuchOperation('anthropic', operation);
    default:
      return '/messages';
  }
}
