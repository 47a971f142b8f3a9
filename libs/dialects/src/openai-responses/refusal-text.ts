import type { Finish } from '../canonical/canonical-response.ts';

/** What a refusal says that came without words of its own. */
export function refusalText({ explanation }: Finish): string {
  return explanation || 'The model refused to answer.';
}
