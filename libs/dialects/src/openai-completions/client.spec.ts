import { describe, expect, it } from '@jest/globals';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import { NO_USAGE } from '../canonical/canonical-usage.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { openAiCompletionsClient } from './client.ts';

const { decodeRequest, encodeResponse, createStreamEncoder } = openAiCompletionsClient;
const contextOf = (body: JsonObject = {}): EncodeAnswerContext => ({
  requestId: 'r',
  model: 'alias',
  created: 5,
  request: decodeRequest({ model: 'alias', prompt: 'x', ...body }),
  estimatedInputTokens: 1,
  createId: () => 'madeup001',
});
const usage = { ...NO_USAGE, inputUncached: 2, output: 3 };
const wireUsage = {
  prompt_tokens: 2,
  completion_tokens: 3,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 0 },
};
const EVENTS: readonly CanonicalEvent[] = [
  { type: 'start', id: 'cmpl-1', model: 'm', created: 7 },
  { type: 'reasoning', key: 'r', text: 'hm' },
  { type: 'text', key: 't', text: 'a' },
  { type: 'ping' },
  { type: 'part-end', key: 't' },
  { type: 'usage', usage },
  { type: 'finish', finish: { reason: 'context-length' } },
  { type: 'end' },
];
const streamOf = (events: readonly CanonicalEvent[], body: JsonObject = {}): string[] => {
  const encoder = createStreamEncoder(contextOf(body));
  return events.map((event) => encoder.push(event)).filter((frame) => frame !== '');
};

describe('callers of the old completions', () => {
  it.each(['once upon', ['once upon']])('have %j made the turn of a user', (prompt) => {
    const body = {
      model: 'm',
      prompt,
      max_tokens: 5,
      temperature: 1,
      n: 2,
      stop: ['a'],
      echo: false,
      best_of: 1,
      suffix: null,
      user: 'u',
      top_k: 4,
      other: 1,
    };
    expect(decodeRequest(body)).toEqual({
      dialect: 'openai-chat',
      model: 'm',
      stream: false,
      includeUsage: false,
      system: [],
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'once upon', path: 'prompt' }] }],
      tools: [],
      maxOutputTokens: 5,
      temperature: 1,
      topK: 4,
      choices: 2,
      stop: ['a'],
      output: { kind: 'text' },
      endUser: 'u',
      extra: { other: 1 },
      answer: {},
    });
  });

  it.each<[JsonObject, string, string]>([
    [{ prompt: ['a', 'b'] }, 'unsupported_parameter', 'prompt'],
    [{ prompt: [1, 2] }, 'unsupported_parameter', 'prompt'],
    [{ prompt: [] }, 'unsupported_parameter', 'prompt'],
    [{ prompt: 5 }, 'invalid_type', 'prompt'],
    [{}, 'missing_required_parameter', 'prompt'],
    [{ prompt: 'x', echo: true }, 'unsupported_parameter', 'echo'],
    [{ prompt: 'x', best_of: 2 }, 'unsupported_parameter', 'best_of'],
    [{ prompt: 'x', suffix: 'y' }, 'unsupported_parameter', 'suffix'],
    [{ prompt: 'x', logprobs: 0 }, 'unsupported_parameter', 'logprobs'],
    [{ prompt: 'x', api_key: 'k' }, 'unknown_parameter', 'api_key'],
  ])('are refused %j', (body, code, param) => {
    expect(() => decodeRequest({ model: 'm', ...body })).toThrow(expect.objectContaining({ code, param }));
  });

  it('get their answer as text', () => {
    const choices = [
      {
        parts: [{ type: 'reasoning', text: 'hm' } as const, { type: 'text', text: 'a' } as const],
        finish: { reason: 'tool-calls' } as const,
      },
    ];
    expect(encodeResponse({ id: 'msg_1', model: 'm', choices, usage }, contextOf())).toEqual({
      id: 'cmpl-madeup001',
      object: 'text_completion',
      created: 5,
      model: 'alias',
      choices: [{ text: 'a', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: wireUsage,
    });
  });

  it('get their stream as text, with usage if they asked for it (S40)', () => {
    const frame = (choices: readonly JsonObject[], rest: JsonObject = {}): string =>
      `data: ${JSON.stringify({ id: 'cmpl-1', created: 7, model: 'alias', object: 'text_completion', choices, ...rest })}\n\n`;
    const text = { text: 'a', index: 0, logprobs: null, finish_reason: null };
    const end = { text: '', index: 0, logprobs: null, finish_reason: 'length' };
    expect(streamOf(EVENTS)).toEqual([frame([text]), ': ping\n\n', frame([end]), 'data: [DONE]\n\n']);
    expect(streamOf(EVENTS, { stream: true, stream_options: { include_usage: true } })).toEqual([
      frame([text], { usage: null }),
      ': ping\n\n',
      frame([end], { usage: null }),
      `${frame([], { usage: wireUsage })}data: [DONE]\n\n`,
    ]);
  });

  it('learn of a failure, and of nothing after it', () => {
    const error = { fault: 'bad-request', message: 'too long', type: 't', code: 'c', param: null } as const;
    expect(streamOf([{ type: 'error', error }, { type: 'end' }])).toEqual([
      'data: {"error":{"message":"too long","type":"t","param":null,"code":"c"}}\n\n',
    ]);
  });
});
