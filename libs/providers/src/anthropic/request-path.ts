import type { Operation } from '@penstock/contracts';

/** Where Anthropic's API serves an operation, below its version. */
export function anthropicPath(operation: Operation): string {
  switch (operation) {
    case 'models':
      return '/models';
    case 'count-tokens':
      return '/messages/count_tokens';
    default:
      return '/messages';
  }
}
