import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundGeneration } from '../gemini/bound-generation.ts';
import { CHAT_RULES } from '../openai-chat/request-rules.ts';
import { rewriteRequest } from '../openai-chat/rewrite-request.ts';
import { scanRequest } from '../openai-chat/scan-request.ts';
import { scanObject } from './scan-object.ts';

const FIELDS = ['max_completion_tokens', 'max_tokens'];
const BOUNDS = { maxDepth: 64, maxValues: 1000 };

const chat = (text: string, tokens = 100, field = 'max_tokens') => {
  const body = Buffer.from(text);
  const facts = scanRequest(body, CHAT_RULES);
  const output = { tokens, fields: FIELDS, field };
  return rewriteRequest(body, facts, { model: 'up', includeUsage: facts.stream, output }).toString();
};
const gemini = (text: string, tokens = 100) => {
  const body = Buffer.from(text);
  return boundGeneration(body, { members: scanObject(body, BOUNDS) }, tokens).toString();
};

describe('a bound of the output', () => {
  it.each([
    ['is added', '{"model":"m","messages":[1]}', '{"model":"up","messages":[1],"max_tokens":100}'],
    [
      'is lowered where it stands',
      '{ "max_tokens" : 1e3, "model":"m","messages":[1]}',
      '{ "max_tokens" : 100, "model":"up","messages":[1]}',
    ],
    [
      'stays when it is lower',
      '{"model":"m","max_tokens":7,"messages":[1]}',
      '{"model":"up","max_tokens":7,"messages":[1]}',
    ],
    [
      'takes the place of null',
      '{"model":"m","max_tokens":null,"messages":[1]}',
      '{"model":"up","max_tokens":100,"messages":[1]}',
    ],
    [
      'is lowered in each member that says more',
      '{"model":"m","messages":[1],"max_tokens":500,"max_completion_tokens":50}',
      '{"model":"up","messages":[1],"max_tokens":100,"max_completion_tokens":50}',
    ],
    [
      'stands beside other edits',
      '{"messages":[1],"stream":true,"max_tokens":500,"model":"m"}',
      '{"messages":[1],"stream":true,"max_tokens":100,"model":"up","stream_options":{"include_usage":true}}',
    ],
  ])('of Chat %s', (_name, sent, expected) => expect(chat(sent)).toBe(expected));

  it('is added by the name that the model wants', () => {
    const sent = '{"model":"m","messages":[1],"max_tokens":null,"stream":true}';
    expect(chat(sent, 9, 'max_completion_tokens')).toBe(
      '{"model":"up","messages":[1],"max_tokens":null,"stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":9}',
    );
  });

  it.each([
    ['is added', '{"contents":[]}', '{"contents":[],"generationConfig":{"maxOutputTokens":100}}'],
    [
      'is added to a config',
      '{"generationConfig":{"temperature":1.0,"seed":12345678901234567890},"contents":[]}',
      '{"generationConfig":{"temperature":1.0,"seed":12345678901234567890,"maxOutputTokens":100},"contents":[]}',
    ],
    [
      'is lowered',
      '{"contents":[],"generation_config":{"max_output_tokens":500}}',
      '{"contents":[],"generation_config":{"max_output_tokens":100}}',
    ],
    [
      'stays when it is lower',
      '{"contents":[], "generationConfig":{ "maxOutputTokens" : 5 }}',
      '{"contents":[], "generationConfig":{ "maxOutputTokens" : 5 }}',
    ],
    [
      'takes the place of null',
      '{"contents":[],"generationConfig":null}',
      '{"contents":[],"generationConfig":{"maxOutputTokens":100}}',
    ],
  ])('of Gemini %s', (_name, sent, expected) => expect(gemini(sent)).toBe(expected));

  it('holds whatever a caller sends', () => {
    const bound = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined });
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 1, max: 10_000 }), (maxTokens, maxCompletionTokens, tokens) => {
        const given = { model: 'm', max_tokens: maxTokens, messages: [1], max_completion_tokens: maxCompletionTokens };
        const sent = JSON.parse(chat(JSON.stringify(given), tokens)) as Record<string, number>;
        const bounds = FIELDS.flatMap((field) => sent[field] ?? []);
        expect(bounds.length).toBeGreaterThan(0);
        for (const value of bounds) expect(value).toBeLessThanOrEqual(tokens);
      }),
    );
  });
});

describe('answers that are generated', () => {
  it('are as many as are asked for, or chosen from', () => {
    const choicesOf = (more: string) =>
      scanRequest(Buffer.from(`{"model":"m","messages":[1]${more}}`), CHAT_RULES).choices;
    expect(['', ',"n":3', ',"n":3,"best_of":7', ',"best_of":null'].map(choicesOf)).toEqual([1, 3, 7, 1]);
  });
});
