import type { MessageCountTokensParams, MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { describe, expect, it } from '@jest/globals';
import type { Part as PublishedPart } from '@google/genai';
import type { ChatCompletionRequest$Outbound } from '@mistralai/mistralai/models/components/index.js';
import type { MessageCreateParamsBase as OlderMessageCreateParams } from 'anthropic-sdk-0/resources/messages';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions/completions';
import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses';
import type { z } from 'zod';
import { CountTokensRequest, MessagesRequest } from './anthropic/schema.ts';
import { Part } from './gemini/schema.ts';
import { ChatRequest as MistralChatRequest } from './mistral/schema.ts';
import { ChatRequest, EmbeddingsRequest } from './openai-chat/schema.ts';
import { ResponsesRequest } from './openai-responses/schema.ts';

/** Accepts only `never`: a field on one side that the other does not have fails the type check of this file. */
type Same<Published, Schema> = [Exclude<Published, Schema>, Exclude<Schema, Published>] extends [never, never]
  ? true
  : false;
type Keys<Schema extends z.ZodType> = keyof z.input<Schema>;

/** Fields that the published types lack but the API takes behind a beta. */
type Betas = 'context_management' | 'mcp_servers';

/** Fields that the published types lack but the API takes of Codex. */
type CodexFields = 'client_metadata';

const same: Readonly<Record<string, true>> = {
  messages: true satisfies Same<
    keyof MessageCreateParamsBase | keyof OlderMessageCreateParams,
    Exclude<Keys<typeof MessagesRequest>, Betas>
  >,
  countTokens: true satisfies Same<keyof MessageCountTokensParams, Exclude<Keys<typeof CountTokensRequest>, Betas>>,
  chat: true satisfies Same<keyof ChatCompletionCreateParamsBase, Keys<typeof ChatRequest>>,
  embeddings: true satisfies Same<keyof EmbeddingCreateParams, Keys<typeof EmbeddingsRequest>>,
  responses: true satisfies Same<keyof ResponseCreateParamsBase, Exclude<Keys<typeof ResponsesRequest>, CodexFields>>,
  geminiPart: true satisfies Same<keyof PublishedPart, Keys<typeof Part>>,
  mistralChat: true satisfies Same<keyof ChatCompletionRequest$Outbound, Keys<typeof MistralChatRequest>>,
};

describe('the schemas', () => {
  it.each([
    ['messages', MessagesRequest],
    ['countTokens', CountTokensRequest],
    ['chat', ChatRequest],
    ['embeddings', EmbeddingsRequest],
    ['responses', ResponsesRequest],
    ['geminiPart', Part],
    ['mistralChat', MistralChatRequest],
  ] as const)('%s has the fields of the published type, and refuses others', (name, schema) => {
    expect(same[name]).toBe(true);
    const issues = schema.safeParse({ notAField: 1 }).error?.issues ?? [];
    expect(issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys', keys: ['notAField'] }));
  });
});
