import type { RequestRules } from '../openai-chat/request-rules.ts';

const bounds = { maxDepth: 64, maxValues: 200_000 };

export const MESSAGES_RULES: RequestRules = {
  bounds,
  required: { name: 'messages', types: ['array'] },
  mayStream: true,
};

/** Counting takes the same request and answers at once. */
export const COUNT_TOKENS_RULES: RequestRules = { ...MESSAGES_RULES, mayStream: false };
