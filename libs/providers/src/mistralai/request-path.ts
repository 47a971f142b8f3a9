import type { Operation } from '@penstock/contracts';
import { noSuchOperation } from '../http/no-such-operation.ts';

/** Where Mistral's API serves an operation, below its version. Completions with a prompt are those of its code models. */
export function mistralPath(operation: Operation): string {
  switch (operation) {
    case 'models':
      return '/models';
    case 'embeddings':
      return '/embeddings';
    case 'completions':
      return '/fim/completions';
    case 'count-tokens':
      return noSuchOperation('mistralai', operation);
    default:
      return '/chat/completions';
  }
}
