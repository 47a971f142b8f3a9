import type { z } from 'zod';
import { answerJson, type Answering, answerStream } from './answer-generation.ts';
import { embeddingsAnswer } from './embeddings.ts';
import { generateChat, generateCompletion } from './generation.ts';
import { ChatRequest, CompletionRequest, EmbeddingsRequest } from './request-schema.ts';
import { countInputTokens } from './tokens.ts';

/** One generating route: the schema of its requests and what it does with a good one. */
export interface Operation {
  readonly schema: z.ZodType<{ model: string; simulate?: unknown }>;
  readonly answer: (request: unknown, answering: Answering) => Promise<void>;
}

function operation<Schema extends z.ZodType<{ model: string; simulate?: unknown }>>(
  schema: Schema,
  answer: (request: z.infer<Schema>, answering: Answering) => Promise<void>,
): Operation {
  return { schema, answer: (request, answering) => answer(request as z.infer<Schema>, answering) };
}

/** The routes that generate, by path. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  [
    '/v1/chat/completions',
    operation(ChatRequest, (request, answering) => {
      const generation = generateChat(request, answering.behaviour);
      answering.entry.inputTokens = generation.inputTokens;
      return request.stream ? answerStream(answering, generation) : answerJson(answering, generation);
    }),
  ],
  [
    '/v1/completions',
    operation(CompletionRequest, (request, answering) => {
      const generation = generateCompletion(request, answering.behaviour);
      answering.entry.inputTokens = generation.inputTokens;
      return request.stream ? answerStream(answering, generation) : answerJson(answering, generation);
    }),
  ],
  [
    '/v1/embeddings',
    operation(EmbeddingsRequest, async (request, { behaviour, entry, response, pause }) => {
      const { body, inputTokens } = embeddingsAnswer(request, behaviour);
      entry.inputTokens = inputTokens;
      await pause(behaviour.firstTokenDelayMs);
      if (response.destroyed) return;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      entry.finished = true;
    }),
  ],
]);

/** vLLM's `/tokenize`: how many tokens a prompt or a chat has. */
export function tokenize(body: { prompt?: unknown; messages?: unknown }): object {
  const count = countInputTokens(body.messages ?? body.prompt);
  return { count, max_model_len: 32_768, tokens: Array.from({ length: count }, (_, index) => index), token_strs: null };
}
