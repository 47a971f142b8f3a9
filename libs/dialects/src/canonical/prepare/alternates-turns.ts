import type { Dialect } from '@penstock/contracts';

/** Whether user and assistant take turns strictly in a dialect. */
export function alternatesTurns(dialect: Dialect): boolean {
  return dialect === 'anthropic' || dialect === 'gemini' || dialect === 'bedrock-converse';
}
