import { describe, expect, it } from '@jest/globals';
import { resolveModelProfile } from '@penstock/dialects';
import { adapterFor } from '@penstock/providers';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { NO_LIMITS } from '../config/limit-set.ts';
import { COUNT_TOKENS_SURFACE, MESSAGES_SURFACE } from '../endpoints/surfaces/anthropic-surfaces.ts';
import { CHAT_SURFACE, COMPLETIONS_SURFACE, EMBEDDINGS_SURFACE } from '../endpoints/surfaces/openai-surfaces.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import { boundRequest } from '@penstock/rate-limiting';

const target = { providerId: 'p', alias: 'p', modelId: 'm', upstreamModel: 'm' };
const profiles = { of: () => resolveModelProfile('openai-chat') };
const provider = { adapter: adapterFor('vllm', 'openai-chat'), profiles, prices: new Map() };
const candidate = { target, provider: provider as unknown as CompiledProvider, limits: NO_LIMITS };

const bound = (surface: Surface, more: object) => {
  const body = Buffer.from(JSON.stringify({ model: 'm', ...more }));
  const facts = surface.scan(body, {} as RequestContext);
  const most = boundRequest({ surface, facts, body }, [candidate], { nowMs: 0, fallback: 100 });
  return {
    input: most.inputTokens - body.length,
    answers: most.answers,
    output: most.consumption().usage.outputTokens,
    most,
  };
};
const messages = [{ role: 'user', content: 'x' }];

describe('boundRequest', () => {
  it('adds to the bytes what templates and tools do', () => {
    expect(bound(CHAT_SURFACE, { messages }).input).toBe(64);
    expect(bound(CHAT_SURFACE, { messages, tools: [] }).input).toBe(64 + 1024);
    const image = { type: 'image_url', image_url: { url: 'https://x' } };
    expect(bound(CHAT_SURFACE, { messages: [{ role: 'user', content: [image] }] }).input).toBe(64 + 49_000);
  });

  it.each([
    ['one', 'x', 1],
    ['a list', ['x', 'y', 'z'], 3],
    ['tokens', [1, 2, 3], 1],
    ['lists of tokens', [[1, 2], [3]], 2],
  ])('counts an answer for each prompt: %s', (_name, prompt, answers) =>
    expect(bound(COMPLETIONS_SURFACE, { prompt, max_tokens: 10 }).answers).toBe(answers),
  );

  it('counts answers that are asked for, and those that the best is chosen from', () => {
    expect(bound(CHAT_SURFACE, { messages, n: 3 }).output).toBe(300);
    expect(bound(COMPLETIONS_SURFACE, { prompt: ['x', 'y'], best_of: 4, max_tokens: 5 }).output).toBe(40);
  });

  it('has no output where nothing is generated', () => {
    expect(bound(EMBEDDINGS_SURFACE, { input: 'x' }).output).toBe(0);
    expect(bound(COUNT_TOKENS_SURFACE, { messages }).output).toBe(0);
  });

  it('leaves Claude more than it may think', () => {
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    expect(bound(MESSAGES_SURFACE, { messages, max_tokens: 4000, thinking }).most.leastOutput).toBe(2016);
    expect(bound(MESSAGES_SURFACE, { messages, max_tokens: 4000 }).most.leastOutput).toBe(16);
  });
});
